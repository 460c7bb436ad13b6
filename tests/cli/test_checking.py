"""The check finds out whether data are images, a text or a table."""

import numpy as np
import pytest

from rung.cli.checking import checked
from rung.errors import UsageError
from tests.kinds.image.made import stripes


def test_images_are_told_by_what_the_file_is_and_by_labels(tmp_path) -> None:
    images, labels = stripes(40)
    images[3] = images[1]
    np.save(tmp_path / "x.npy", images)
    (tmp_path / "l.csv").write_text("kind\n" + "\n".join(labels) + "\n")
    assert [one.code for one in checked(str(tmp_path / "x.npy"), {})] == [
        "alike_images",
        "no_labels",
    ]
    given = {"labels": str(tmp_path / "l.csv"), "target": "kind"}
    assert "no_labels" not in [one.code for one in checked(str(tmp_path / "x.npy"), given)]


def test_a_text_and_a_table_are_told_as_before(tmp_path) -> None:
    (tmp_path / "names.txt").write_text("emma\nava\nemma\n")
    assert [one.code for one in checked(str(tmp_path / "names.txt"), {})] == ["duplicate_lines"]
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 9)
    found = [one.code for one in checked(str(tmp_path / "t.csv"), {})]
    assert "constant" in found


def test_an_option_of_tables_is_refused_with_images(tmp_path) -> None:
    np.save(tmp_path / "x.npy", stripes(20)[0])
    with pytest.raises(UsageError, match="--time"):
        checked(str(tmp_path / "x.npy"), {"time": "when"})

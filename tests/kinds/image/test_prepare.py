"""Images are sealed and divided by what they show."""

import numpy as np
import pytest

from rung.errors import TargetProblem
from rung.kinds.image.options import make_image_options
from rung.kinds.image.prepare import prepare
from tests.kinds.image.made import stripes


def prepared(images, labels, **given):
    return prepare(
        images, make_image_options({"families": ["constant"], "target": labels, **given})
    )


def test_the_same_images_are_sealed_whatever_their_order() -> None:
    images, labels = stripes(200)
    order = np.random.default_rng(0).permutation(200)
    one, other = prepared(images, labels), prepared(images[order], labels[order])
    sealed = [found.table.file_row[found.table.test] for found in (one, other)]
    assert set(order[sealed[1]]) == set(sealed[0])
    assert one.fingerprint == other.fingerprint
    assert len(sealed[0]) > 30


def test_images_without_a_label_are_left_out_and_counted() -> None:
    images, _ = stripes(60)
    values = np.linspace(0, 1, 60)
    values[:4] = np.nan
    found = prepared(images, values)
    assert found.table.dataset.n_rows == 56
    assert any("4 of 60 images have no target" in one.message for one in found.findings)


def test_blank_images_are_named() -> None:
    images, labels = stripes(60)
    images[7] = 0
    (finding,) = [one for one in prepared(images, labels).findings if one.code == "blank_images"]
    assert finding.message == "1 of 60 images are blank: '7'"


def test_no_numbers_are_computed_that_no_rung_asks_for() -> None:
    images, labels = stripes(40)
    assert prepared(images, labels).problem.design.number_names == ()
    names = prepared(images, labels, families=["pixel_linear"]).problem.design.number_names
    assert len(names) == 22
    assert all(name.startswith("pixel ") for name in names)


def test_a_target_that_labels_lack_is_named(tmp_path) -> None:
    images, labels = stripes(40)
    np.save(tmp_path / "x.npy", images)
    (tmp_path / "l.csv").write_text("kind\n" + "\n".join(labels) + "\n")
    with pytest.raises(TargetProblem, match=r"target column 'class' not found.*'kind'"):
        prepare(tmp_path / "x.npy", make_image_options({"labels": str(tmp_path / "l.csv")}))

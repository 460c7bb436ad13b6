"""Tiles of one plate are never on both sides of a division."""

import numpy as np
import polars as pl
import pytest

from rung.errors import UsageError
from rung.kinds.image.grouping import joined_keys
from rung.kinds.image.options import make_image_options
from rung.kinds.image.prepare import prepare
from tests.kinds.image.made import stripes


def prepared(n_plates: int = 200, **asked):
    images, labels = stripes(400, side=8)
    images[7] = images[n_plates] + 1e-4  # nearly equal, of plates 7 and 0
    plates = np.arange(400) % n_plates
    frame = pl.DataFrame({"class": labels, "plate": [f"p{i}" for i in plates]})
    options = make_image_options(
        {"target": "class", "labels": frame, "groups": "plate", "families": ("constant",), **asked}
    )
    return prepare(images, options), plates


def test_a_plate_and_a_likeness_between_plates_stay_on_one_side() -> None:
    found, plates = prepared(folds=3)
    place = found.table.file_row
    plates = np.where(plates == 7, 0, plates)
    sealed = set(plates[place[found.table.test]].tolist())
    assert len(found.table.test)
    assert not sealed & set(plates[place[found.table.train]].tolist())
    for split in found.folds.splits:
        rows = place[found.table.train]
        assert not set(plates[rows[split.train]].tolist()) & set(plates[rows[split.test]].tolist())
    assert found.folds.kind == "grouped"
    assert found.table.units.name == "plate"
    assert len(np.unique(found.table.units.train)) + len(np.unique(found.table.units.test)) == 199
    assert found.seal.kind == "grouped"


def test_few_plates_are_said_to_be_few() -> None:
    found, _ = prepared(n_plates=6)
    assert "few_units" in {one.code for one in found.findings}


def test_a_group_that_is_no_column_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"'plat' of groups not found.*'plate'"):
        prepared(groups="plat")


def test_images_without_a_group_stay_alone_and_chains_are_followed() -> None:
    found = joined_keys(["a", "b", "c", "c", "d"], ["1", "1", "1", "2", ""])
    assert found == ["1", "1", "1", "1", "d"]

"""New images of another brightness than those of training are told."""

import math
import warnings

import numpy as np
import pytest

import rung
from rung.errors import BadModelFile, DataWarning
from rung.kinds.image.brightness import brightness_limits, measure_brightness, read_limits, written
from tests.kinds.image.made import stripes


@pytest.fixture(scope="module")
def run():
    images, labels = stripes(60, side=8)
    return images, rung.fit(
        images, labels, families=["pixel_linear"], ledger=False, folds=2, explain=False
    )


def test_missing_pixels_do_not_count_and_an_empty_image_has_no_mean():
    images = np.full((2, 2, 3, 3), np.nan)
    images[0, 0, 0] = [1.0, 2.0, 6.0]
    images[0, 1, 0, 0] = 4.0
    found = measure_brightness(images)
    np.testing.assert_allclose(found[0], [3.0, 4.0, np.log(np.sqrt(14 / 3)), np.nan])
    assert np.isnan(found[1]).all()


def test_limits_are_of_the_images_of_training_alone():
    images = np.arange(5.0)[:, None, None, None] + np.array([-1.0, 1.0])[None, None, None, :]
    mean, contrast = brightness_limits(images, np.array([1, 2]))
    assert mean == (0.0, 3.0)
    assert contrast == (-np.inf, np.inf)


@pytest.mark.parametrize("unit", [255.0, 1 / 255])
def test_images_in_another_unit_are_told_and_those_of_training_are_not(run, unit, tmp_path):
    images, found = run
    model = rung.load(found.model.save(tmp_path / "model.rung"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        right = model.predict(images)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert len(model.predict(images * unit)) == len(right)
    said = [str(one.message) for one in told if one.category is DataWarning]
    assert any("60 of 60 images have far less or more contrast in 'grey'" in one for one in said)


def test_limits_come_back_from_a_file_and_no_others():
    limits = ((0.0, 3.0), (-math.inf, math.inf))
    assert written(limits) == [[0.0, 3.0], None]
    assert read_limits(written(limits), 1) == limits


@pytest.mark.parametrize(
    "spec", [None, [], [[1.0]], [["a", 2.0]], [[math.nan, 1.0]], [[True, 1.0]], {"0": [0, 1]}]
)
def test_forged_limits_are_refused(spec):
    with pytest.raises(BadModelFile):
        read_limits(spec, 1)

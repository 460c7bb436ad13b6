"""The rung small_cnn trains within its budget."""

import pytest

from rung.families.image.small_cnn import FAMILY, recipe


def test_it_asks_for_torch_to_train_and_loads_its_own_architecture() -> None:
    assert FAMILY.needs == ("torch",)
    assert (FAMILY.name, FAMILY.inputs, FAMILY.final) == ("small_cnn", "image", "average")


def test_its_passes_over_a_thousand_images_are_few() -> None:
    pytest.importorskip("torch")
    plan = recipe().plan(1_000, "cross_entropy", "float32")
    assert 10 <= plan.passes <= 40
    assert recipe().architecture == "small"

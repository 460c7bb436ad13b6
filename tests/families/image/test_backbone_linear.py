"""The rung backbone_linear learns from the features of a backbone alone."""

from rung.families.image.backbone_linear import FAMILY
from tests.families.image.rungs import assert_learns_from


def test_it_learns_from_the_features_of_a_backbone_alone() -> None:
    assert_learns_from(FAMILY, "backbone")


def test_it_asks_for_torch_to_train() -> None:
    assert FAMILY.needs == ("torch",)

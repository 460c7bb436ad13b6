"""A backbone is known by the names and shapes of its arrays, and by nothing else."""

import pytest

from rung.errors import DataError
from rung.nets.backbones.shape import BackboneShape, recognise
from tests.nets.backbones.made import SHAPES

WIDTHS = (64, 128, 256, 512)
# Weights without the head, of timm 1.0.31: numbers of the parameters and of the moments.
COUNTS = {
    "resnet18": (BackboneShape("resnet", (2, 2, 2, 2), WIDTHS, WIDTHS, False, 64), 11_186_112),
    "resnet34": (BackboneShape("resnet", (3, 4, 6, 3), WIDTHS, WIDTHS, False, 64), 21_301_696),
    "resnet50": (
        BackboneShape("resnet", (3, 4, 6, 3), WIDTHS, (256, 512, 1024, 2048), True, 64),
        23_561_152,
    ),
}
TINY = BackboneShape("convnext", (3, 3, 9, 3), (96, 192, 384, 768), (96, 192, 384, 768), False, 96)


def count(shape: BackboneShape) -> int:
    total = 0
    for size in shape.sizes().values():
        product = 1
        for side in size:
            product *= side
        total += product
    return total


@pytest.mark.parametrize("name", COUNTS)
def test_a_resnet_has_the_weights_that_timm_gives_it(name) -> None:
    shape, n_weights = COUNTS[name]
    assert shape.title == name
    assert count(shape) == n_weights
    assert recognise(shape.sizes()) == shape


def test_convnext_tiny_has_the_weights_that_timm_gives_it() -> None:
    assert count(TINY) == 27_820_128
    assert TINY.n_features == 768


@pytest.mark.parametrize("name", SHAPES)
def test_a_head_is_left_out_and_any_other_array_refused(name) -> None:
    shape = SHAPES[name]
    head = {"fc.weight": (10, 16), "head.fc.bias": (10,)}
    assert recognise(shape.sizes() | head) == shape
    with pytest.raises(DataError, match=r"array 'layer1.0.se.fc1.weight' .* no such array"):
        recognise(shape.sizes() | {"layer1.0.se.fc1.weight": (4, 4, 1, 1)})


@pytest.mark.parametrize("name", SHAPES)
def test_an_array_of_another_shape_is_named(name) -> None:
    sizes = SHAPES[name].sizes()
    last = [one for one in sizes if one.endswith("bias")][-2]
    with pytest.raises(DataError, match=f"array '{last}'"):
        recognise(sizes | {last: (5,)})
    with pytest.raises(DataError, match="has shape none"):
        recognise({k: v for k, v in sizes.items() if k != last})


def test_arrays_of_an_unknown_network_are_refused_with_those_that_are_known() -> None:
    with pytest.raises(DataError, match=r"\(blocks.0.norm1.weight, .*known are resnet18"):
        recognise({"blocks.0.norm1.weight": (192,), "patch_embed.proj.weight": (192, 3, 16, 16)})

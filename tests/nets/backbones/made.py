"""Weights of small backbones by a rule, so that timm can be given the same."""

import json

import numpy as np

from rung.nets.backbones.shape import BackboneShape

WIDTHS = (4, 8, 12, 16)
SHAPES = {
    "basic": BackboneShape("resnet", (1, 2, 1, 1), WIDTHS, WIDTHS, False, 64),
    "bottleneck": BackboneShape(
        "resnet", (1, 1, 2, 1), WIDTHS, tuple(4 * w for w in WIDTHS), True, 64
    ),
    "convnext": BackboneShape("convnext", (1, 1, 2, 1), WIDTHS, WIDTHS, False, 4),
}


def weights_of(shape: BackboneShape) -> dict[str, np.ndarray]:
    """Draw weights in the order of their names; variances and scales are above zero."""
    rng = np.random.default_rng(7)
    found = {}
    for name, size in sorted(shape.sizes().items()):
        drawn = rng.normal(0, 1 / np.sqrt(max(np.prod(size[1:]), 4)), size)
        is_positive = "var" in name or (len(size) == 1 and name.endswith("weight"))
        found[name] = (0.5 + np.abs(drawn) if is_positive else drawn).astype(np.float32)
    return found


def images() -> np.ndarray:
    """Return two images, 3 x 33 x 40 pixels from 0 to 1."""
    return np.random.default_rng(3).random((2, 3, 33, 40)).astype(np.float32)


def as_file(arrays: dict[str, np.ndarray]) -> bytes:
    """Write arrays as safetensors does."""
    header, body = {"__metadata__": {"format": "pt"}}, b""
    codes = {"f4": "F32", "i8": "I64", "f2": "F16"}
    for name, array in arrays.items():
        header[name] = {
            "dtype": codes[array.dtype.str[1:]],
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + array.nbytes],
        }
        body += array.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body

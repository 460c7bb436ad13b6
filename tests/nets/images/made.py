"""Small networks of images with weights as training leaves them, and an oracle of convolution."""

import numpy as np
from scipy.signal import correlate

from rung.nets.images.shape import ImageNetShape, first_moments, first_weights

SMALL = ImageNetShape("small", 2, 3, 4)
RESIDUAL = ImageNetShape("residual", 2, 3, 4, n_stages=2, halves=True)


def trained(shape: ImageNetShape, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    drawn = {**first_weights(shape, rng), **first_moments(shape)}
    return {
        name: (
            np.abs(each + rng.normal(0, 0.3, each.shape))
            if "var" in name
            else each + rng.normal(0, 0.3, each.shape)
        ).astype(np.float32)
        for name, each in drawn.items()
    }


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def convolved(images: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Convolve by scipy, an image and a kernel at a time."""
    return np.stack(
        [
            [
                sum(correlate(plane, k, "same") for plane, k in zip(image, kernel, strict=True)) + b
                for kernel, b in zip(weight, bias, strict=True)
            ]
            for image in images
        ]
    )

"""Small images whose answer is known: stripes across or down, with noise."""

import numpy as np


def stripes(n: int = 80, side: int = 16, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.array(["across", "down"])[np.arange(n) % 2]
    phase = rng.random(n)[:, None, None] * 2 * np.pi
    y, x = np.mgrid[:side, :side]
    axis = np.where((labels == "across")[:, None, None], y, x)
    images = np.sin(axis * np.pi / 2 + phase) + rng.normal(0, 0.7, (n, side, side))
    return images.astype(np.float32), labels

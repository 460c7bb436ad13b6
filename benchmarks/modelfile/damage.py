"""Damage the bytes of a file as disks, copies and cut connections do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Damage = Callable[[bytes, np.random.Generator], bytes]


def flip_bit(data: bytes, generator: np.random.Generator) -> bytes:
    """Turn over one bit."""
    position = int(generator.integers(len(data)))
    changed = bytearray(data)
    changed[position] ^= 1 << int(generator.integers(8))
    return bytes(changed)


def overwrite(data: bytes, generator: np.random.Generator) -> bytes:
    """Replace up to 4,096 bytes in a row by noise or by zeros."""
    start = int(generator.integers(len(data)))
    length = int(min(2 ** generator.integers(1, 13), len(data) - start))
    noise = generator.bytes(length) if generator.random() < 0.7 else bytes(length)
    return data[:start] + noise + data[start + length :]


def truncate(data: bytes, generator: np.random.Generator) -> bytes:
    """Cut the end off, half of the time only a few bytes of it."""
    if generator.random() < 0.5:
        return data[: -int(generator.integers(1, 65))]
    return data[: int(generator.integers(len(data)))]


def append(data: bytes, generator: np.random.Generator) -> bytes:
    """Add noise, zeros, or the file once more."""
    length = int(generator.integers(1, 4_097))
    return data + (generator.bytes(length), bytes(length), data)[int(generator.integers(3))]


def splice(data: bytes, generator: np.random.Generator) -> bytes:
    """Copy a piece of the file to another place in it, or leave a piece out."""
    start, end = sorted(generator.integers(len(data), size=2).tolist())
    place = int(generator.integers(len(data)))
    if generator.random() < 0.5:
        return data[:start] + data[end + 1 :]
    return data[:place] + data[start : end + 1] + data[place + (end + 1 - start) :]


DAMAGES: dict[str, Damage] = {
    "bit flip": flip_bit,
    "overwrite": overwrite,
    "truncate": truncate,
    "append": append,
    "splice": splice,
}


def damaged(data: bytes, generator: np.random.Generator) -> tuple[str, bytes]:
    """Return what was done, and a file that differs from `data`."""
    while True:
        name = list(DAMAGES)[int(generator.integers(len(DAMAGES)))]
        changed = DAMAGES[name](data, generator)
        if changed != data:
            return name, changed

"""Make a table of twelve rows, and work out its keys and hashes by other means than rung's."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.keys import KeyColumn, content_digests
from rung.core.seal import Seal, Sealing, key_columns, replay, seal_rows
from rung.typing import Role

DAY = 86_400.0
NAN = float("nan")
COLOURS = ("blue", "green", "red")
TRIBES = ("a", "b", "c", "d")
# name, size, colour, tribe, day; the mass is the target, the others hold nothing to tell by
ROWS = [
    ("n00", 1.5, "red", "a", 0),
    ("n01", -0.0, "blue", "a", 1),
    ("n02", NAN, "green", "b", 2),
    ("n03", 2.25, None, "a", 3),
    ("n04", 1e-3, "red", "c", 4),
    ("n05", 7.0, "blue", "d", 5),
    ("n06", -3.5, "green", "a", 6),
    ("n07", 0.1, "blue", "b", 7),
    ("n08", 1e9, None, "b", 8),
    ("n09", 4.0, "red", "c", 9),
    ("n10", NAN, "blue", "a", 9),
    ("n11", 5.5, "green", "b", 11),
]
# The same rows after others were added, in another order.
GROWN = [
    *ROWS[6:],
    *((f"m{i:02d}", i / 8, "red", TRIBES[i % 4], i + 6) for i in range(9)),
    *ROWS[:6],
]


def table(rows: Sequence[tuple[object, ...]] = ROWS, **roles: Role) -> Dataset:
    names, sizes, colours, tribes, days = zip(*rows, strict=True)
    n = len(rows)
    columns = (
        Column("when", "datetime"),
        Column("size", "number"),
        Column("colour", "category", levels=COLOURS),
        Column("tribe", "category", levels=TRIBES),
        Column("name", "category", role="identifier", levels=tuple(sorted(set(map(str, names))))),
        Column("mass", "number", role="target"),
        Column("counts", "number", role="weight"),
        Column("blank", "number"),
        Column("void", "category", levels=("never",)),
    )
    levels = {column.name: column.levels for column in columns}
    values = {
        "when": DAY * np.array(days, float),
        "size": np.array(sizes, float),
        "colour": codes(colours, COLOURS),
        "tribe": codes(tribes, TRIBES),
        "name": codes(names, levels["name"]),
        "mass": np.arange(n, dtype=float),
        "counts": 1.0 + np.arange(n),
        "blank": np.full(n, NAN),
        "void": np.full(n, -1, np.int32),
    }
    return Dataset(columns, values, n).with_roles(roles)


def codes(values: Sequence[object], levels: Sequence[str]) -> np.ndarray:
    return np.array([-1 if v is None else levels.index(str(v)) for v in values], np.int32)


def columns_of(dataset: Dataset) -> tuple[KeyColumn, ...]:
    return key_columns(dataset, target="mass", identifiers=["name"])


def sealed(dataset: Dataset, fraction: float = 0.25, seed: int = 0, labels=None) -> Sealing:
    return seal_rows(
        dataset,
        labels,
        columns=columns_of(dataset),
        fraction=fraction,
        seed=seed,
        digests=content_digests(dataset),
    )


def again(seal: Seal, dataset: Dataset, labels=None) -> Sealing:
    digests = content_digests(dataset)
    return replay(seal, dataset, labels, columns=columns_of(dataset), digests=digests)


def names(dataset: Dataset, chosen: np.ndarray) -> set[str | None]:
    return {name for name, one in zip(dataset.strings("name"), chosen, strict=True) if one}


def share(seed: int, t: int, key: bytes) -> float:
    """Work out the hash a second time."""
    digest = hashlib.blake2b(struct.pack("<qI", seed, t) + key, digest_size=8).digest()
    return float(struct.unpack("<Q", digest)[0] / 18_446_744_073_709_551_616)


def text(value: object) -> bytes:
    """Write a string as its length and its bytes; what is missing has no length."""
    return (
        b"\xff" * 4 if value is None else struct.pack("<I", len(str(value))) + str(value).encode()
    )


def row_key(row: tuple[object, ...]) -> bytes:
    """Write colour, size, tribe and time, in the order of their names."""
    _, size, colour, tribe, day = row
    size = struct.pack("<f", size + 0.0)  # type: ignore[operator]
    return text(colour) + size + text(tribe) + struct.pack("<d", DAY * day)  # type: ignore[operator]

"""Read weights that other programs wrote as safetensors: named arrays of numbers, and no code.

Source: the format description of safetensors (huggingface/safetensors, README, "Format").
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rung.errors import UnreadableFile
from rung.store.durable import parse_json
from rung.store.spans import in_order
from rung.typing import JSON, Array

MOST_HEADER, MOST_BYTES = 10**8, 4 * 10**9
METADATA = "__metadata__"
# Bytes of a number; of bfloat16 numpy knows none, so that its bits are moved to float32.
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4"}


@dataclass(frozen=True)
class NamedWeights:
    """Arrays of a file.

    Attributes
    ----------
    arrays : dict of str to ndarray
        float32; whole numbers, which count steps of training, are left out.
    digest : str
        Of the whole file, 16 hexadecimal digits.
    """

    arrays: dict[str, Array]
    digest: str


def read_weights(path: str | Path) -> NamedWeights:
    """Read a safetensors file; nothing in it is ever run.

    Raises
    ------
    UnreadableFile
        If it is absent, damaged, of another format, or holds numbers that are not finite.
    """
    source = Path(path)
    try:
        with source.open("rb") as file:
            data = file.read(MOST_BYTES)
        return NamedWeights(_unpack(data), hashlib.blake2b(data, digest_size=8).hexdigest())
    except OSError as error:
        raise UnreadableFile(
            f"weights {str(path)!r} cannot be read: {error.strerror or error}",
            "give the path of a .safetensors file",
        ) from error
    except ValueError as error:
        raise UnreadableFile(
            f"{source.name!r} holds no weights that can be read: {error}",
            "give a .safetensors file, as timm saves them",
        ) from error


def _unpack(data: bytes) -> dict[str, Array]:
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(MOST_HEADER, len(data) - 8) or data[8:9] != b"{":
        raise ValueError(_recognise(data))
    header = parse_json(data[8 : 8 + length])
    if not isinstance(header, dict):
        raise ValueError("the header is not an object")  # noqa: TRY004 -- content of a file
    header.pop(METADATA, None)
    in_order(header, DTYPES, len(data) - 8 - length)
    named = ((name, _array(name, header[name], data, 8 + length)) for name in sorted(header))
    return {name: array for name, array in named if array is not None}


def _recognise(data: bytes) -> str:
    """Say what else the file may be."""
    if data[:4] == b"PK\x03\x04" or (data[:1] == b"\x80" and data[-1:] == b"."):
        return "it looks like what torch.save writes, which could run code and is never opened"
    return "it has no safetensors header, or is cut short"


def _array(name: str, entry: JSON, data: bytes, start: int) -> Array | None:
    """Return an array as float32; None for whole numbers."""
    begin, end = (start + offset for offset in entry["data_offsets"])
    dtype = np.dtype(DTYPES[entry["dtype"]])
    flat = np.frombuffer(data, dtype, count=(end - begin) // dtype.itemsize, offset=begin)
    if entry["dtype"] == "BF16":
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    elif dtype.kind == "i":
        return None
    with np.errstate(over="ignore"):
        found = np.array(flat, np.float32).reshape(entry["shape"])
    if not np.isfinite(found).all():
        raise ValueError(f"array {name!r} has values that are not finite")
    return found

"""Keep a model as data: one safetensors file that holds numbers and names, and runs nothing.

Layout of `model.rung`: 8 bytes with the length of the header; the header, JSON of at most 16 MB;
the arrays, without gaps, widest numbers first. The header's `__metadata__["rung"]` is the spec as
canonical JSON, with the schema number. A table of strings is one array of UTF-8 bytes and one of
offsets. The last array, `~sha256`, is the digest of every byte before it. The digest finds
accidents, not attacks: whoever forges a file forges its digest, so every model's `load` checks
what it reads.

Source: the format description of safetensors (huggingface/safetensors, README, "Format"). Stock
safetensors reads these files; names that stand twice are refused here, and accepted there.
"""

from __future__ import annotations

import hashlib
import itertools
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from rung.errors import BadModelFile
from rung.paths import named_instead
from rung.store.durable import canonical_json, parse_json, write_bytes
from rung.store.spans import MOST_DIMENSIONS, in_order
from rung.typing import JSON, Array

SCHEMA = 1
# The first version of rung that reads this schema; the message of an older one names it.
FIRST_READER = "0.1.0"

Contents: TypeAlias = tuple[JSON, dict[str, Array], dict[str, tuple[str, ...]]]

# Reads older files: UPGRADES[n] turns the contents of schema n into those of schema n + 1.
UPGRADES: dict[int, Callable[[Contents], Contents]] = {}

_MAX_HEADER = 1 << 24
_METADATA, _DIGEST = "__metadata__", "~sha256"
_TEXT, _OFFSETS = "~text/", "~offsets/"
_ENVELOPE = ("schema", "readable_by")
_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "|u1",
    "BOOL": "|b1",
}
_CODES = {np.dtype(text): code for code, text in _DTYPES.items()}


def pack(
    spec: Mapping[str, Any],
    arrays: Mapping[str, Array] | None = None,
    strings: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Return the bytes of a model file; the same contents give the same bytes.

    Parameters
    ----------
    spec : mapping
        JSON-ready; `schema` and `readable_by` are added and may not be in it.
    arrays : mapping of str to ndarray, optional
        Numbers or booleans, bits kept, read back in C order. Names may not begin with `~`.
    strings : mapping of str to sequence of str, optional
        Tables of strings, such as classes and levels.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        If a name is reserved, an array is of another type or of more than eight dimensions, or the
        header exceeds 16 MB.

    Examples
    --------
    >>> data = pack({"family": "constant"}, {"mean": np.array([2.5])}, {"classes": ["a", "b"]})
    >>> unpack(data)
    ({'family': 'constant'}, {'mean': array([2.5])}, {'classes': ('a', 'b')})
    """
    tensors = {name: _little_endian(name, array) for name, array in (arrays or {}).items()}
    for name, table in (strings or {}).items():
        tensors[_TEXT + name], tensors[_OFFSETS + name] = _encode_table(table)
    order = sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name))
    head = _header(spec, [(name, tensors[name]) for name in order])
    body = head + b"".join(tensors[name].tobytes() for name in order)
    return body + hashlib.sha256(body).digest()


def unpack(data: bytes) -> Contents:
    """Read the bytes of a model file, refusing everything that `pack` would not write.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    spec : dict
        As given to `pack`.
    arrays : dict of str to ndarray
        C order, bits kept.
    strings : dict of str to tuple of str
        Tables of strings.

    Raises
    ------
    BadModelFile
        If the file is damaged, forged, of another format or too new.
    """
    try:
        return _unpack(data)
    except ValueError as error:
        raise BadModelFile(
            f"the model file is not one that rung wrote: {error}", "save the model again"
        ) from error


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a model file, or say why there are none.

    Raises
    ------
    BadModelFile
        If the file is absent, a folder, or cannot be read.
    """
    remedy = "give a model.rung, or the folder of a run that holds one"
    found = named_instead(path)
    if found:
        raise BadModelFile(f"model file {str(path)!r} cannot be read: it is {found}", remedy)
    try:
        return Path(path).read_bytes()
    except OSError as error:
        why = error.strerror or error
        raise BadModelFile(f"model file {str(path)!r} cannot be read: {why}", remedy) from error


def read_model(path: str | Path) -> Contents:
    """Read a model file; see `unpack`.

    Raises
    ------
    BadModelFile
        With the file's name and the reason.
    """
    try:
        return unpack(read_bytes(path))
    except BadModelFile as error:
        if repr(str(path)) in error.message:
            raise
        raise BadModelFile(f"{str(path)!r}: {error.message}", error.remedy) from error


def write_model(
    path: str | Path,
    spec: Mapping[str, Any],
    arrays: Mapping[str, Array] | None = None,
    strings: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a model file durably; see `pack`."""
    write_bytes(path, pack(spec, arrays, strings))


def _little_endian(name: str, array: Array) -> Array:
    if not name or name.startswith("~") or name == _METADATA:
        raise ValueError(f"array name {name!r} is reserved")
    little = array.dtype.newbyteorder("<")
    if little not in _CODES:
        raise ValueError(f"array {name!r} has type {array.dtype}, not a number or boolean")
    if array.ndim > MOST_DIMENSIONS:
        raise ValueError(f"array {name!r} has {array.ndim} dimensions, more than {MOST_DIMENSIONS}")
    return np.asarray(array, dtype=little, order="C")


def _encode_table(table: Sequence[str]) -> tuple[Array, Array]:
    pieces = [text.encode("utf-8") for text in table]
    offsets = np.cumsum([0, *map(len, pieces)], dtype="<i8")
    return np.frombuffer(b"".join(pieces), dtype=np.uint8), offsets


def _header(spec: Mapping[str, Any], tensors: Sequence[tuple[str, Array]]) -> bytes:
    taken = [name for name in _ENVELOPE if name in spec]
    if taken:
        raise ValueError(f"spec key {taken[0]!r} is reserved")
    envelope = dict(spec) | {"schema": SCHEMA, "readable_by": FIRST_READER}
    header: JSON = {_METADATA: {"rung": canonical_json(envelope).decode("utf-8")}}
    end = 0
    for name, tensor in tensors:
        begin, end = end, end + tensor.nbytes
        entry = {"dtype": _CODES[tensor.dtype], "shape": list(tensor.shape)}
        header[name] = entry | {"data_offsets": [begin, end]}
    header[_DIGEST] = {"dtype": "U8", "shape": [32], "data_offsets": [end, end + 32]}
    text = canonical_json(header)
    text += b" " * (-len(text) % 8)
    if len(text) > _MAX_HEADER:
        raise ValueError(f"the header has {len(text)} bytes, more than {_MAX_HEADER}")
    return struct.pack("<Q", len(text)) + text


def _unpack(data: bytes) -> Contents:
    header, start = _read_header(data)
    spec = _read_envelope(header.pop(_METADATA, None))
    schema = spec.pop("schema")
    spec.pop("readable_by")
    contents = _split_tables(spec, _read_tensors(header, data, start))
    while schema < SCHEMA:
        contents = UPGRADES[schema](contents)
        schema += 1
    return contents


def _read_header(data: bytes) -> tuple[JSON, int]:
    """Return the parsed header and where the arrays begin, once the digest is right."""
    if not data:
        raise ValueError("the file is empty")
    length = int.from_bytes(data[:8], "little")
    start = 8 + length
    if length > _MAX_HEADER or start + 32 > len(data) or data[8:9] != b"{":
        raise ValueError(_recognise(data))
    if hashlib.sha256(memoryview(data)[:-32]).digest() != data[-32:]:
        raise ValueError("it is damaged: the digest at its end does not match its content")
    header = parse_json(data[8:start])
    if not isinstance(header, dict):
        raise ValueError("the header is not an object")  # noqa: TRY004 -- content of a file
    return header, start


def _recognise(data: bytes) -> str:
    """Say what else the file may be."""
    if data[:1] == b"\x80" and data[-1:] == b".":
        return "it looks like a pickle, which could run code and is never opened"
    if data[:4] == b"PK\x03\x04":
        return "it looks like a zip archive (PyTorch and skops write such files)"
    return "it has no safetensors header, or is cut short"


def _read_envelope(metadata: Any) -> JSON:
    if not isinstance(metadata, dict) or set(metadata) != {"rung"}:
        raise ValueError("it is a safetensors file of another program")
    text = metadata["rung"]
    spec = parse_json(text.encode("utf-8")) if isinstance(text, str) else None
    if not isinstance(spec, dict):
        raise ValueError("the spec is not an object")  # noqa: TRY004 -- content of a file
    schema, version = spec.get("schema"), spec.get("readable_by")
    if type(schema) is not int or schema < 1 or not isinstance(version, str):
        raise ValueError(f"the spec has schema {schema!r} and reader {version!r}")
    if schema > SCHEMA:
        raise BadModelFile(
            f"the model file has schema {schema}; this rung reads schemas up to {SCHEMA}",
            f"install rung {version[:40]} or later",
        )
    return spec


def _read_tensors(header: JSON, data: bytes, start: int) -> dict[str, Array]:
    """Return all arrays but the digest; they must fill the file without gaps or overlaps."""
    expected = len(data) - start
    order = in_order(header, _DTYPES, expected)
    if not order or order[-1] != _DIGEST:
        raise ValueError(f"the last array is not {_DIGEST!r}")
    if header[_DIGEST] != {"dtype": "U8", "shape": [32], "data_offsets": [expected - 32, expected]}:
        raise ValueError("the digest is not 32 bytes")
    return {name: _array(name, header[name], data, start) for name in order[:-1]}


def _array(name: str, entry: JSON, data: bytes, start: int) -> Array:
    begin, end = (start + offset for offset in entry["data_offsets"])
    dtype = np.dtype(_DTYPES[entry["dtype"]])
    if dtype.kind == "b" and data[begin:end].strip(b"\x00\x01"):
        raise ValueError(f"array {name!r} holds booleans other than 0 and 1")
    flat = np.frombuffer(data, dtype=dtype, count=(end - begin) // dtype.itemsize, offset=begin)
    # A copy is aligned and lets the file's bytes go.
    return flat.reshape(entry["shape"]).astype(dtype.newbyteorder("="))


def _split_tables(spec: JSON, tensors: dict[str, Array]) -> Contents:
    """Part plain arrays from the tables of strings."""
    arrays = {name: tensors[name] for name in sorted(tensors) if not name.startswith("~")}
    names = sorted(name.removeprefix(_TEXT) for name in tensors if name.startswith(_TEXT))
    if len(arrays) + 2 * len(names) != len(tensors) or "" in arrays:
        raise ValueError("an array has a reserved name")
    return spec, arrays, {name: _decode_table(name, tensors) for name in names}


def _decode_table(name: str, tensors: Mapping[str, Array]) -> tuple[str, ...]:
    text, offsets = tensors[_TEXT + name], tensors.get(_OFFSETS + name)
    if offsets is None or offsets.dtype != np.int64 or offsets.ndim != 1 or not len(offsets):
        raise ValueError(f"the table of strings {name!r} has no offsets")
    if text.dtype != np.uint8 or text.ndim != 1:
        raise ValueError(f"the table of strings {name!r} is not bytes")
    if offsets[0] != 0 or offsets[-1] != len(text) or np.any(offsets[1:] < offsets[:-1]):
        raise ValueError(f"the table of strings {name!r} has offsets out of order")
    content, ends = text.tobytes(), offsets.tolist()
    return tuple(content[begin:end].decode("utf-8") for begin, end in itertools.pairwise(ends))

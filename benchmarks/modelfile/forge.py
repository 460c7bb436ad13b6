"""Forge model files: the digest is right, the content is what an attacker likes.

Every edit takes the contents of a file (spec, arrays, tables of strings), and changes its own
copies of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from rung.store.modelfile import Contents, pack
from rung.typing import JSON, Array

Generator = np.random.Generator
Edit = Callable[[Contents, Generator], None]

WHOLE = (0, 1, -1, 2, 3, 7, 127, 255, 300, 65_535, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 2**64)
REAL = (0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, 1e-300, 1e300, -1e300, 1.7e308, np.nan, np.inf, -np.inf)
TYPES = ("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?")
# Names of arrays that hold positions: nodes, features, columns, classes.
POSITIONS = re.compile(
    r"(root|left|right|feature|missing|output|present|classes|count|width|level|index|order)"
)
TEXTS = ("", "a", "\x00", "é" * 300, "x" * 5_000, "../../etc", "__import__('os')", "nan", "1")
LEAVES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 17, 10_000, 2**31, 2**63, 10**30, 1e300, -0.5, 1.5, 1e-300,
    "", "regression", "binary", "multiclass", "number", "category", "datetime", "x" * 1_000,
    [], {}, [1], [[1, 2]], {"a": 1}, ["a"] * 50,
)  # fmt: skip


def _pick(items: Any, generator: Generator) -> Any:
    items = list(items)
    return items[int(generator.integers(len(items)))]


def _pick_array(contents: Contents, generator: Generator) -> str | None:
    arrays = contents[1]
    return _pick(sorted(arrays), generator) if arrays else None


def change_values(contents: Contents, generator: Generator) -> None:
    """Set one to three entries of an array to what stands at the edges of its type."""
    name = _pick_array(contents, generator)
    if name is None or not contents[1][name].size:
        return
    array = contents[1][name].copy()
    flat = array.reshape(-1)
    for place in generator.integers(array.size, size=int(generator.integers(1, 4))):
        flat[place] = _value_for(array.dtype, generator)
    contents[1][name] = array


def _value_for(dtype: np.dtype[Any], generator: Generator) -> Any:
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return np.float64(_pick(REAL, generator)).astype(dtype)
    if dtype.kind == "b":
        return generator.random() < 0.5
    limits = np.iinfo(dtype)
    return min(max(int(_pick(WHOLE, generator)), int(limits.min)), int(limits.max))


def point_elsewhere(contents: Contents, generator: Generator) -> None:
    """Let positions point elsewhere in range: cycles, shared children, other classes."""
    names = [name for name, array in contents[1].items() if _holds_positions(name, array)]
    if not names:
        return change_values(contents, generator)
    name = _pick(sorted(names), generator)
    array = contents[1][name].copy()
    top, limits = int(max(array.max(), 1)) + 2, np.iinfo(array.dtype)
    for place in generator.integers(len(array), size=int(generator.integers(1, 4))):
        near = int(place) + int(generator.integers(-2, 3))
        value = near if generator.random() < 0.5 else int(generator.integers(-1, top))
        array[place] = min(max(value, limits.min), limits.max)
    contents[1][name] = array
    return None


def _holds_positions(name: str, array: Array) -> bool:
    is_list = array.dtype.kind in "iu" and array.ndim == 1 and array.size > 0
    return is_list and bool(POSITIONS.search(name))


def change_shape(contents: Contents, generator: Generator) -> None:
    """Flatten, stack, cut, double, empty or turn an array."""
    name = _pick_array(contents, generator)
    if name is None:
        return
    array = contents[1][name]
    flat = array.reshape(-1)
    contents[1][name] = _pick(
        (
            flat, array[None], array[..., None], array.T, flat[:-1], flat[:0],
            np.concatenate([flat, flat]), np.zeros((0, 3), array.dtype), flat[:1].reshape(-1),
            np.atleast_1d(array)[:-1], np.atleast_1d(array)[::-1], np.zeros((), array.dtype),
            np.repeat(np.atleast_1d(array), 2, axis=0),
        ),
        generator,
    )  # fmt: skip


def change_type(contents: Contents, generator: Generator) -> None:
    """Give an array another type of number."""
    name = _pick_array(contents, generator)
    if name is None:
        return
    with np.errstate(all="ignore"):
        contents[1][name] = contents[1][name].astype(_pick(TYPES, generator))


def swap_arrays(contents: Contents, generator: Generator) -> None:
    """Let two arrays change places, or one stand in for another."""
    if len(contents[1]) < 2:
        return
    one, other = generator.permutation(sorted(contents[1]))[:2].tolist()
    first, second = contents[1][one], contents[1][other]
    contents[1][one] = second
    contents[1][other] = first if generator.random() < 0.5 else second


def shuffle_array(contents: Contents, generator: Generator) -> None:
    """Deal the entries of an array anew, or write one part of it over another."""
    name = _pick_array(contents, generator)
    if name is None or contents[1][name].size < 2:
        return
    array = contents[1][name].copy()
    flat = array.reshape(-1)
    if generator.random() < 0.5:
        flat[:] = generator.permutation(flat)
    else:
        half = max(len(flat) // 2, 1)
        flat[-half:] = flat[:half].copy()
    contents[1][name] = array


def drop_array(contents: Contents, generator: Generator) -> None:
    """Leave an array out."""
    name = _pick_array(contents, generator)
    if name is not None:
        del contents[1][name]


def add_array(contents: Contents, generator: Generator) -> None:
    """Add an array that nobody asked for, or one under the name of a part."""
    stem = _pick(["state/", "state/0.", "levels/", "other"], generator)
    contents[1][f"{stem}extra"] = generator.normal(size=(3, int(generator.integers(4))))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths of all entries of nested dictionaries and lists."""
    if isinstance(value, dict):
        pairs: Any = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return []
    return [deeper for key, item in pairs for deeper in ((*path, key), *_paths(item, (*path, key)))]


def _at(spec: JSON, path: tuple[Any, ...]) -> Any:
    place: Any = spec
    for key in path:
        place = place[key]
    return place


def change_spec(contents: Contents, generator: Generator) -> None:
    """Replace any entry of the spec by something else, or by another entry."""
    paths = _paths(contents[0])
    path = _pick(paths, generator)
    other = deepcopy(_at(contents[0], _pick(paths, generator)))
    value = other if generator.random() < 0.3 else deepcopy(_pick(LEAVES, generator))
    _at(contents[0], path[:-1])[path[-1]] = value


def nudge_spec(contents: Contents, generator: Generator) -> None:
    """Change a count or a word of the spec a little."""
    paths = [p for p in _paths(contents[0]) if isinstance(_at(contents[0], p), int | str)]
    path = _pick(paths, generator)
    place, key = _at(contents[0], path[:-1]), path[-1]
    value = place[key]
    if isinstance(value, str):
        place[key] = value + "x" if generator.random() < 0.5 else value[:-1]
    else:
        place[key] = int(value) + int(_pick([-2, -1, 1, 2], generator))


def drop_entry(contents: Contents, generator: Generator) -> None:
    """Leave an entry of the spec out, or let an element of a list stand twice."""
    path = _pick(_paths(contents[0]), generator)
    place = _at(contents[0], path[:-1])
    if isinstance(place, list) and generator.random() < 0.5:
        place.append(deepcopy(place[path[-1]]))
    else:
        del place[path[-1]]


def change_strings(contents: Contents, generator: Generator) -> None:
    """Add, drop, repeat, shuffle or replace entries of a table of strings."""
    if not contents[2]:
        return
    # Class lists and levels are what predictions are spelled with: take them more often.
    favoured = [n for n in contents[2] if n == "classes" or n.startswith("levels/")]
    names = favoured if favoured and generator.random() < 0.5 else sorted(contents[2])
    name = _pick(names, generator)
    table = list(contents[2][name])
    place = int(generator.integers(len(table) + 1))
    action = int(generator.integers(6))
    if action == 0:
        table.insert(place, _pick(TEXTS, generator))
    elif action == 1:
        table = table[:place] + table[place + 1 :]
    elif action == 2:
        table = table + table[:1]
    elif action == 3:
        table = [table[i] for i in generator.permutation(len(table))]
    elif action == 4 and place < len(table):
        table[place] = _pick(TEXTS, generator)
    else:
        table = table + [f"more {i}" for i in range(int(generator.integers(1, 400)))]
    contents[2][name] = tuple(table)


def swap_strings(contents: Contents, generator: Generator) -> None:
    """Let two tables of strings change places, drop one, or add one."""
    names = sorted(contents[2])
    action = int(generator.integers(3))
    if action == 0 and len(names) > 1:
        one, other = generator.permutation(names)[:2].tolist()
        contents[2][one], contents[2][other] = contents[2][other], contents[2][one]
    elif action == 1 and names:
        del contents[2][_pick(names, generator)]
    else:
        contents[2][f"levels/{int(generator.integers(20))}"] = ("a", "b")


EDITS: dict[str, Edit] = {
    "values": change_values,
    "positions": point_elsewhere,
    "shape": change_shape,
    "type": change_type,
    "swapped arrays": swap_arrays,
    "shuffled array": shuffle_array,
    "missing array": drop_array,
    "extra array": add_array,
    "spec": change_spec,
    "nudged spec": nudge_spec,
    "missing entry": drop_entry,
    "strings": change_strings,
    "swapped strings": swap_strings,
}
HEADER, SEVERAL = "header", "several"


def forged(data: bytes, contents: Contents, generator: Generator) -> tuple[str, bytes]:
    """Return what was done, and a file with a digest that is right.

    Parameters
    ----------
    data : bytes
        A file that rung wrote.
    contents : tuple
        What `unpack` reads in it; left as it is.
    generator : Generator
        Where choices come from.
    """
    while True:
        name = _pick([*EDITS, SEVERAL, HEADER], generator)
        if name == HEADER:
            return name, forge_header(data, generator)
        copied = (deepcopy(contents[0]), dict(contents[1]), dict(contents[2]))
        many = int(generator.integers(2, 6)) if name == SEVERAL else 1
        try:
            for _ in range(many):
                edit = EDITS[_pick(EDITS, generator) if name == SEVERAL else name]
                edit(copied, generator)
            return name, pack(*copied)
        except (ValueError, KeyError, IndexError, TypeError):
            continue  # rung itself would not write this, or several edits took it apart


def forge_header(data: bytes, generator: Generator) -> bytes:
    """Change types, shapes and offsets in the header, or the text of the spec."""
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + length]), data[8 + length : -32]
    name = _pick([key for key in header if key != "__metadata__"], generator)
    if name == "~sha256" and len(header) > 2:
        name = _pick([key for key in header if not key.startswith("__")], generator)
    action = int(generator.integers(7))
    entry = header[name]
    if action == 0:
        key = _pick(["shape", "data_offsets"], generator)
        numbers = entry[key] or [0]
        numbers[int(generator.integers(len(numbers)))] = _pick(WHOLE, generator)
        entry[key] = numbers
    elif action == 1:
        entry["dtype"] = _pick(["F64", "U8", "BOOL", "F8_E4M3", "I64", 7, None], generator)
    elif action == 2:
        entry["shape"] = _pick([[-1], [2**40, 2**40], [1] * 40, [1.5], "3", [True]], generator)
    elif action == 3:
        entry["data_offsets"] = deepcopy(header[_pick(header, generator)].get("data_offsets", []))
    elif action == 4:
        header[f"{name}/again"] = deepcopy(entry)
    elif action == 5:
        header[name] = _pick([None, [], 3, "x", {}], generator)
    else:
        header["__metadata__"]["rung"] = _forge_text(header["__metadata__"]["rung"], generator)
    return _seal(json.dumps(header).encode(), body)


def _forge_text(text: str, generator: Generator) -> str:
    """Write what JSON or this project forbids: NaN, keys that stand twice, deep nests."""
    deep = "[" * 100_000 + "]" * 100_000
    place = int(generator.integers(len(text)))
    return str(
        _pick(
            (
                text[:-1] + ',"extra":NaN}', text[:-1] + ',"family":"tree"}', "null", "[]", "",
                text[:-1] + f',"deep":{deep}}}', text[:-1] + ',"huge":1e999}', text[:place],
                text[:-1] + ',"half":"\\ud800"}', text[:-1] + f',"long":{"9" * 5_000}}}',
            ),
            generator,
        )
    )  # fmt: skip


def _seal(header: bytes, body: bytes) -> bytes:
    data = struct.pack("<Q", len(header)) + header + body
    return data + hashlib.sha256(data).digest()

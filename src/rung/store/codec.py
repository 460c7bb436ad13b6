"""Turn the value of a finished job into bytes and back, without running any code.

Known are None, booleans, numbers, strings, bytes, tuples, lists, dictionaries, numpy arrays and
scalars, and dataclasses of this package. Anything else is refused, and the job is done again.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
from typing import Any

import numpy as np

from rung.errors import RungError
from rung.store.modelfile import pack, unpack
from rung.typing import Array

OWN_PACKAGE = "rung."
NUMBERS = "iufb"
FORM = "form"


class NotEncodable(TypeError):
    """Say that a value holds something that has no plain form."""


def encode(value: Any) -> bytes:
    """Return the bytes of a value.

    Raises
    ------
    NotEncodable
        If the value holds an object that is neither plain data nor a dataclass of this package.

    Examples
    --------
    >>> decode(encode({"a": (1, np.arange(3))}))
    {'a': (1, array([0, 1, 2]))}
    """
    arrays: dict[str, Array] = {}
    # As an array it is as deep and as long as it need be; the head of a file is neither.
    form = json.dumps(_plain(value, arrays), allow_nan=False).encode("ascii")
    try:
        return pack({}, arrays | {FORM: np.frombuffer(form, dtype=np.uint8)})
    except ValueError as error:  # an array of another type
        raise NotEncodable(str(error)) from error


def decode(data: bytes) -> Any:
    """Return the value that `encode` wrote, with the same bits and memory order.

    Raises
    ------
    BadModelFile
        If the bytes are damaged.
    """
    _, arrays, _ = unpack(data)
    return _value(json.loads(arrays[FORM].tobytes()), arrays)


def _plain(value: Any, arrays: dict[str, Array]) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) and not isinstance(value, np.generic):
        return {"int": str(value)}
    if isinstance(value, float) and not isinstance(value, np.generic):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, np.ndarray | np.generic):
        return _plain_array(value, arrays)
    if type(value) is bytes:
        return {"bytes": _plain_array(np.frombuffer(value, dtype=np.uint8), arrays)["array"]}
    if isinstance(value, tuple | list) and type(value) in (tuple, list):
        return {type(value).__name__: [_plain(item, arrays) for item in value]}
    if type(value) is dict:
        pairs = [[_plain(key, arrays), _plain(item, arrays)] for key, item in value.items()]
        return {"dict": pairs}
    return _plain_dataclass(value, arrays)


def _plain_array(value: Any, arrays: dict[str, Array]) -> Any:
    array = np.asarray(value)
    if array.dtype.kind not in NUMBERS:
        raise NotEncodable(f"an array of type {array.dtype}")
    order: str | list[int] = "C" if array.flags.c_contiguous else "F"
    if not array.flags.c_contiguous and not array.flags.f_contiguous:
        # Sums over a strided array can differ in the last bit from those over its copy.
        order = list(array.strides)
        if min(order) < 0:
            raise NotEncodable("an array that is read backwards")
    name = f"a{len(arrays)}"
    arrays[name] = array if order == "C" else array.T if order == "F" else array.copy(order="C")
    return {"scalar" if isinstance(value, np.generic) else "array": name, "order": order}


def _plain_dataclass(value: Any, arrays: dict[str, Array]) -> Any:
    kind = type(value)
    if not dataclasses.is_dataclass(kind) or not kind.__module__.startswith(OWN_PACKAGE):
        raise NotEncodable(f"a {kind.__module__}.{kind.__qualname__}")
    if _find_class(kind.__module__, kind.__qualname__) is not kind:
        raise NotEncodable(f"a class inside a function, {kind.__qualname__}")
    named = [f.name for f in dataclasses.fields(value) if f.init]
    if len(named) != len(dataclasses.fields(value)):
        raise NotEncodable(f"{kind.__qualname__} has fields that its constructor does not take")
    items = {name: _plain(getattr(value, name), arrays) for name in named}
    return {"class": kind.__qualname__, "module": kind.__module__, "fields": items}


def _find_class(module: str, name: str) -> Any:
    """Return a dataclass of this package by the module that defines it; None if there is none.

    Importing a module of this package does nothing besides, so a value is read whatever has been
    imported before.
    """
    if not module.startswith(OWN_PACKAGE):
        return None
    try:
        found = getattr(importlib.import_module(module), name, None)
    except (ImportError, RungError):  # it is gone, or a library that it needs is
        return None
    is_own = dataclasses.is_dataclass(found) and getattr(found, "__module__", "") == module
    return found if is_own else None


def _value(form: Any, arrays: dict[str, Array]) -> Any:
    if not isinstance(form, dict):
        return form
    if "int" in form:
        return int(form["int"])
    if "float" in form:
        return float(form["float"])
    if "bytes" in form:
        return arrays[form["bytes"]].tobytes()
    if "array" in form or "scalar" in form:
        return _array_value(form, arrays)
    if "tuple" in form:
        return tuple(_value(item, arrays) for item in form["tuple"])
    if "list" in form:
        return [_value(item, arrays) for item in form["list"]]
    if "dict" in form:
        return {_value(key, arrays): _value(item, arrays) for key, item in form["dict"]}
    return _dataclass_value(form, arrays)


def _array_value(form: dict[str, Any], arrays: dict[str, Array]) -> Any:
    if "scalar" in form:
        return arrays[form["scalar"]][()]
    array, order = arrays[form["array"]], form["order"]
    if isinstance(order, list):
        return _strided(array, tuple(order))
    return array.T if order == "F" else array


def _strided(array: Array, strides: tuple[int, ...]) -> Array:
    """Lay an array out as it was, with gaps between its values."""
    steps = zip(array.shape, strides, strict=True)
    n_bytes = array.itemsize + sum((length - 1) * stride for length, stride in steps)
    view: Array = np.ndarray(array.shape, array.dtype, bytearray(n_bytes), strides=strides)
    view[...] = array
    return view


def _dataclass_value(form: dict[str, Any], arrays: dict[str, Array]) -> Any:
    kind = _find_class(form["module"], form["class"])
    if kind is None:
        raise NotEncodable(f"a {form['module']}.{form['class']}")
    fields = {name: _value(item, arrays) for name, item in form["fields"].items()}
    return kind(**fields)

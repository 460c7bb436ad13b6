import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.dataset import Column
from rung.errors import BadModelFile
from rung.store.codec import FORM, NotEncodable, decode, encode
from rung.store.modelfile import pack

PLAIN = st.recursive(
    st.none()
    | st.binary(max_size=5)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


def forged(form: object) -> bytes:
    """Return the bytes of a value that `encode` would not write."""
    return pack({}, {FORM: np.frombuffer(json.dumps(form).encode(), dtype=np.uint8)})


@given(PLAIN)
def test_plain_values_come_back_the_same(value: object) -> None:
    assert repr(decode(encode(value))) == repr(value)


@pytest.mark.parametrize("kind", ["f8", "f4", "i8", "i4", "u1", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_keep_bits_and_order(kind: str, order: str) -> None:
    array = np.asarray(np.arange(12).reshape(3, 4).astype(kind), order=order)  # type: ignore[call-overload]
    back = decode(encode(array))
    assert back.dtype == array.dtype
    assert back.tobytes() == array.tobytes()
    assert back.flags.f_contiguous == array.flags.f_contiguous


@pytest.mark.parametrize(
    "array",
    [
        np.arange(10.0)[::2],
        np.arange(24.0).reshape(4, 6)[:, 1:3],
        np.arange(24, dtype=np.int32).reshape(2, 3, 4)[:, :, 1].T,
        np.broadcast_to(np.float32([1, 2]), (3, 2)),
    ],
)
def test_arrays_with_gaps_keep_them(array: np.ndarray) -> None:
    back = decode(encode(array))
    assert (back.dtype, back.shape, back.strides) == (array.dtype, array.shape, array.strides)
    assert back.tobytes() == array.tobytes()


def test_values_may_be_deep_and_long() -> None:
    deep: object = "curve"
    for level in range(40):
        deep = {"level": level, "within": [deep]}
    assert decode(encode(deep)) == deep
    assert decode(encode(long := [i / 7 for i in range(100_000)])) == long


def test_scalars_stay_scalars() -> None:
    back = decode(encode((np.float64(np.nan), np.int32(3))))
    assert np.isnan(back[0])
    assert (type(back[0]), type(back[1])) == (np.float64, np.int32)


def test_dataclasses_of_the_package_come_back() -> None:
    column = Column("a", "category", levels=("x", "y"))
    assert decode(encode({"c": column})) == {"c": column}


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, np.array(["a"]), np.arange(10)[::-1], lambda: 1, 3j]
)
def test_what_is_not_plain_is_refused(value: object) -> None:
    with pytest.raises(NotEncodable):
        encode(value)


def test_damage_is_seen() -> None:
    data = bytearray(encode([1.5, "a"]))
    data[-40] ^= 1
    with pytest.raises(BadModelFile):
        decode(bytes(data))


def test_classes_of_other_packages_are_never_built() -> None:
    hostile = {"class": "Popen", "module": "subprocess", "fields": {"args": "true"}}
    with pytest.raises(NotEncodable, match=r"subprocess\.Popen"):
        decode(forged(hostile))


def test_a_class_is_found_in_a_process_that_has_not_imported_its_module() -> None:
    from rung.core.seal import Seal

    seal = Seal("none", 0, 0.0, reason="no rows")
    code = """if True:
        import sys
        from rung.store.codec import decode
        assert "rung.core.seal" not in sys.modules
        print(decode(sys.stdin.buffer.read()).reason)
    """
    done = subprocess.run(
        [sys.executable, "-c", code], input=encode(seal), capture_output=True, check=True
    )
    assert done.stdout == b"no rows\n"


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("rung.store.records", "Path"),
        ("rung.store.records", "dataclass"),
        ("rung.no_such_module", "Seal"),
        ("rung", "Seal"),
    ],
)
def test_only_dataclasses_of_the_module_itself_are_built(module: str, name: str) -> None:
    hostile = {"class": name, "module": module, "fields": {}}
    with pytest.raises(NotEncodable, match=f"{module}.{name}"):
        decode(forged(hostile))

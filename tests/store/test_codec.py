import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.dataset import Column
from rung.errors import BadModelFile
from rung.store.codec import NotEncodable, decode, encode

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


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


def test_scalars_stay_scalars() -> None:
    back = decode(encode((np.float64(np.nan), np.int32(3))))
    assert np.isnan(back[0])
    assert (type(back[0]), type(back[1])) == (np.float64, np.int32)


def test_dataclasses_of_the_package_come_back() -> None:
    column = Column("a", "category", levels=("x", "y"))
    assert decode(encode({"c": column})) == {"c": column}


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, np.array(["a"]), np.arange(10)[::2], lambda: 1, 3j]
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
    from rung.store.modelfile import pack

    hostile = {"class": "Popen", "module": "subprocess", "fields": {"args": "true"}}
    with pytest.raises(NotEncodable, match=r"subprocess\.Popen"):
        decode(pack({"value": hostile}))

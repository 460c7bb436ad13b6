import numpy as np
import pytest

from rung.core.family import Design, State
from rung.errors import BadModelFile
from rung.families import find
from rung.families.blend import BlendModel, Member, load
from tests.core.tables import mixed_table

CONSTANT = find("constant")
assert CONSTANT is not None
DESIGN: Design = mixed_table(10)


def constant(value: float) -> object:
    import rung

    table = {"x": np.arange(20.0) % 7, "y": np.linspace(value - 1, value + 1, 20)}
    options = {"families": ["constant"], "test_fraction": 0.0}
    return rung.fit(table, target="y", **options).model.model


@pytest.fixture(scope="module")
def blend() -> BlendModel:
    assert CONSTANT is not None
    members = [Member(CONSTANT, 0.25, constant(4.0)), Member(CONSTANT, 0.75, constant(8.0))]  # type: ignore[arg-type]
    return BlendModel(tuple(members))


def test_the_prediction_is_the_weighted_mean(blend: BlendModel) -> None:
    np.testing.assert_allclose(blend.predict(DESIGN), np.full((10, 1), 7.0))


def test_a_blend_comes_back_from_its_state_to_the_bit(blend: BlendModel) -> None:
    again = load(blend.to_state())
    np.testing.assert_array_equal(again.predict(DESIGN), blend.predict(DESIGN))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"members": []}, "list of 1 to 100"),
        ({"members": 3}, "list of 1 to 100"),
        ({"members": [3, 4]}, "unknown: 3"),
        ({"share": 0.5}, "add up to"),
        ({"share": -0.25}, "no share"),
        ({"share": "x"}, "no share"),
        ({"family": "blend"}, "unknown"),
        ({"state_version": 9}, "version 9"),
    ],
)
def test_a_forged_blend_is_refused(blend: BlendModel, change: dict[str, object], said: str) -> None:
    state = blend.to_state()
    members = change.pop("members", None)
    if members is None:
        first, *others = state.spec["blend"]["members"]
        members = [{**first, **change}, *others]
    spec = {**state.spec, "blend": {"members": members}}
    with pytest.raises(BadModelFile, match=said):
        load(State(spec, state.arrays, state.strings))

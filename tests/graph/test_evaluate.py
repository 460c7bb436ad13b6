from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.errors import UsageError
from rung.graph.evaluate import evaluate

NAMES = {"a": 1.25, "b": -0.5, "c": 3.0}
FUNCTIONS = {
    "exp": math.exp,
    "log": math.log,
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "sin": math.sin,
    "cos": math.cos,
    "abs": abs,
    "max": max,
}
leaves = st.one_of(
    st.sampled_from(list(NAMES)),
    st.integers(0, 20).map(str),
    st.floats(0, 9).map(lambda x: f"{x:.3f}"),
)


def grow(parts):
    pairs = st.tuples(parts, st.sampled_from([" + ", "-", "*", "/", " ** "]), parts)
    return st.one_of(
        pairs.map("".join),
        parts.map("({})".format),
        parts.map("-{}".format),
        parts.map("+{}".format),
        st.tuples(st.sampled_from(list(FUNCTIONS)[:-1]), parts).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(parts, parts).map(lambda t: f"max({t[0]}, {t[1]})"),
    )


@settings(max_examples=400)
@given(st.recursive(leaves, grow, max_leaves=12))
def test_it_computes_what_python_computes(source):
    used = {name: value for name, value in NAMES.items() if name in set(source) - set("expcosabs")}
    names = {**NAMES, **FUNCTIONS}
    try:
        expected = eval(source, {"__builtins__": {}}, names)
    except (ArithmeticError, ValueError, TypeError):
        expected = None
    try:
        found = evaluate(source, _asked(source)).data
    except UsageError:
        found = None
    if found is None:
        # A derivative, or a number in between, may have no finite value where the result has one.
        return
    assert expected is not None
    assert not isinstance(expected, complex)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-300)
    assert set(used) <= set(_asked(source))


def _asked(source):
    import re

    words = set(re.findall(r"[a-z]+", source))
    return {name: value for name, value in NAMES.items() if name in words}


@settings(max_examples=100)
@given(
    st.recursive(
        st.sampled_from(["a", "b", "2", "0.5"]),
        lambda p: st.tuples(p, st.sampled_from("+-*"), p).map(lambda t: f"({''.join(t)})"),
        max_leaves=10,
    )
)
def test_polynomials_are_never_refused(source):
    expected = eval(source, {"__builtins__": {}}, dict(NAMES))
    assert evaluate(source, _asked(source)).data == pytest.approx(expected, rel=1e-12)


BAD = {
    "1/(a-a)": r"at character 2 of '1/\(a-a\)'",
    "log(a-a)": r"at character 1",
    "9.0**9.0**9.0": r"at character 4",
    "exp(1000)": r"at character 1 of 'exp\(1000\)'",
    "0**-1": r"at character 2",
    "(0-8)**0.5": r"at character 6",
    "1e200*1e200": r"'1e\+200 \* 1e\+200' has no finite value.*up to 1.8e308, at character 6",
}


@pytest.mark.parametrize("source", BAD)
def test_what_has_no_finite_value_is_refused_at_its_place(source):
    given_names = {"a": 1.0} if "a" in source else {}
    with pytest.raises(UsageError, match=BAD[source]):
        evaluate(source, given_names)


def test_a_name_without_a_value_is_asked_for_where_it_stands():
    with pytest.raises(UsageError, match=r"'q' has no value, at character 4 .*add q=1"):
        evaluate("2*(q-b)", {"b": 1.0})


def test_a_near_name_is_proposed():
    with pytest.raises(UsageError, match=r"'mas' has no value.*did you mean mass\?"):
        evaluate("mas+1", {"mass": 1.0})


def test_a_value_that_nothing_uses_is_refused():
    with pytest.raises(UsageError, match="given for 'd', which the result does not use; it uses a"):
        evaluate("a+1", {"a": 1.0, "d": 2.0})


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(UsageError, match="a=nan is no finite number"):
        evaluate("a+1", {"a": math.nan})

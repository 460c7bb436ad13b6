from __future__ import annotations

import pytest

from rung.errors import UsageError
from rung.graph.expression import DEEPEST, LONGEST, parse, tokens

BAD = {
    "2*(q.b)": r"'\.' reaches into an object, .* at character 5 of '2\*\(q\.b\)'",
    "__import__('os')": r'"\'" has no meaning in an expression, at character 12',
    "open(1)": r"'open' is no function; exp, log, .* are known, at character 1",
    "lop(1)": r"'lop' is no function.*did you mean log\?",
    "exp": r"'exp' is a function, at character 1",
    "exp = 3; a": r"'exp' is a function, at character 1",
    "2*": r"the expression ends where a value should stand, at character 3",
    "": r"the expression ends where a value should stand, at character 1",
    "(1+2": r"'\(' is never closed, at character 1",
    "1+2)": r"'\)' is not expected here, at character 4",
    "a b": r"'b' is not expected here, at character 3.*put an operator such as \*",
    "2a": r"'a' is not expected here, at character 2",
    "a ^ 2": r"'\^' is no power, at character 3.*write \*\* for a power",
    "max(1)": r"'max' gets 1 values; it takes 2, at character 1",
    "exp(1, 2)": r"'exp' gets 2 values; it takes 1",
    "1e999": r"'1e999' is too large, at character 1",
    "1__0": r"'1__0' is no number",
    "[1]": r"'\[' has no meaning",
    "a if b else c": r"'if' is not expected here, at character 3",
    "lambda: 1": r"':' has no meaning",
    "a = ": r"ends where a value should stand, at character 5",
    "1 = 2": r"'=' is not expected here, at character 3",
    "a,b": r"',' is not expected here",
}


@pytest.mark.parametrize("source", BAD)
def test_a_bad_expression_gets_one_message_with_its_place(source):
    with pytest.raises(UsageError, match=BAD[source]) as caught:
        parse(source)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_a_very_long_expression_is_refused_before_it_is_read():
    with pytest.raises(UsageError, match=r"has 100,001 characters; at most 10,000 are read"):
        parse("1+" * 50_000 + "1")


@pytest.mark.parametrize(
    "source",
    ["(" * 5_000, "-" * 5_000 + "1", "exp(" * 1_000 + "1" + ")" * 1_000, "2**" * 3_000 + "1"],
)
def test_deep_nesting_is_refused_and_never_overflows(source):
    with pytest.raises(UsageError, match=f"nested more than {DEEPEST} deep, at character"):
        parse(source)


def test_a_long_flat_sum_is_read():
    assert len(parse("+".join(["1"] * (LONGEST // 2)))) == LONGEST - 1


def test_a_name_stands_once():
    assert [step.name for step in parse("a*a + a")] == ["a", "", ""]


def test_statements_name_their_steps():
    steps = parse("c = a + b; c * c;")
    assert [step.name for step in steps] == ["a", "b", "c", ""]


def test_a_second_name_makes_no_second_value():
    assert len(parse("b = a; b * b")) == 2


def test_what_the_result_does_not_need_is_left_out():
    assert [step.name for step in parse("c = a + b; d = exp(a); d")] == ["a", "d"]


def test_steps_come_after_what_they_are_computed_from():
    steps = parse("c = a*b; d = c + -2**-3; max(c, d) / (a - 1)")
    assert all(before < i for i, step in enumerate(steps) for before in step.inputs)


def test_positions_are_counted_from_one():
    assert [token.at for token in tokens(" a + 12")] == [2, 4, 6, 8]

import pytest

from rung.data.expressions import columns_of, parse_condition, parse_definition, texts_of
from rung.errors import UsageError

BAD = {
    "a = 3": r"'a' is given a value in a condition, at character 1.*write == to compare",
    "a > 3 & b": r"'&' is not expected here, at character 7.*write and",
    "a > 3 || b": r"'\|\|' is not expected here.*write or",
    "a <> 3": r"'<>' is not expected here.*write !=",
    "a > 3; b": r"';' is not expected here.*give the option again",
    "name == 'x": r'"\'" has no meaning .* at character 9 .*the quote is never closed',
    "[u - g > 1": r"'\[' has no meaning .* at character 1 .*ends in \]",
    "`u - g` > 1": r"'`' has no meaning .* at character 1 .*stands in brackets: \[u - g\]",
    "a.b > 1": r"'\.' reaches into an object.*\[a\.b\]",
    "a in 3": r"no list follows 'in', at character 6.*write: a in \(1, 2\)",
    "a not 3": r"'not' stands between two values, at character 3",
    "a > ": r"ends where a value should stand, at character 5",
    "and a": r"'and' is not expected here, at character 1",
    "__import__('os')": r"'__import__' is no function",
    "a.__class__": r"'\.' reaches into an object",
    "(lambda: 1)()": r"':' has no meaning",
    "round(a)": r"'round' is no function; exp, .*, missing, .* are known",
    "missing(a, b)": r"'missing' gets 2 values; it takes 1",
}


@pytest.mark.parametrize("source", BAD)
def test_a_bad_condition_gets_one_message_with_its_place_and_a_way_out(source):
    with pytest.raises(UsageError, match=BAD[source]) as caught:
        parse_condition(source)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("source", ["u - g", "2 = u", "u == g", "'u_g' = u"])
def test_a_made_column_needs_a_name(source):
    with pytest.raises(UsageError, match=r"no name of a new column|not expected here"):
        parse_definition(source)


def test_names_in_brackets_hold_any_letters():
    name, steps = parse_definition("[a]]b] = [x (km)] / [und]")
    assert name == "a]b"
    assert columns_of(steps) == ("x (km)", "und")


def test_quotes_inside_texts_are_doubled():
    assert texts_of(parse_condition("""a == 'it''s' or a == "6"" pipe" """)) == {
        "a": {"it's", '6" pipe'}
    }


def test_texts_are_found_on_either_side_and_in_lists():
    assert texts_of(parse_condition("'A' != a and b in ('B', 'C') and c > 1")) == {
        "a": {"A"},
        "b": {"B", "C"},
    }


@pytest.mark.parametrize("source", ["(" * 5_000, "not " * 5_000 + "a", "a in (" * 1_000])
def test_deep_nesting_is_refused_and_never_overflows(source):
    with pytest.raises(UsageError, match=r"nested more than|at most 10,000"):
        parse_condition(source)

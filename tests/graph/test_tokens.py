import re

import pytest

from rung.errors import UsageError
from rung.graph.tokens import NAME, NUMBER, Language, cut

SMALL = Language(
    pattern=re.compile(
        rf"\s*(?:{NUMBER}|{NAME}|(?P<sign>[+&])|(?P<end>$)|(?P<other>.))", re.DOTALL
    ),
    functions={},
    binds={"+": (1, 2)},
    prefixes={},
    accepted="use + alone",
    hints={"%": "write it as a fraction"},
)


def test_tokens_carry_their_kind_and_their_place():
    found = [(one.kind, one.text, one.at) for one in cut("a + 1.5e3", SMALL)]
    assert found == [("name", "a", 1), ("sign", "+", 3), ("number", "1.5e3", 5), ("end", "", 10)]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a * b", r"'\*' has no meaning in an expression, at character 3 .*use \+ alone"),
        ("a % b", r"'%' has no meaning.*write it as a fraction"),
        ("a.b", r"'\.' reaches into an object"),
        ("a ^ 2", r"'\^' is no power.*write \*\*"),
    ],
)
def test_a_sign_that_a_language_lacks_gets_its_place_and_a_way_out(source, said):
    with pytest.raises(UsageError, match=said):
        cut(source, SMALL)

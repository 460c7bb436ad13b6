"""What is printed is text or JSON, and bytes that every pipe takes."""

import json

from rung.cli.printing import print_found


def test_json_stands_alone_and_hides_what_a_terminal_obeys(capfdbinary) -> None:
    print_found({"a": "\x1b[31m"}, "text", as_json=True)
    out = capfdbinary.readouterr().out
    assert b"\x1b" not in out
    assert json.loads(out) == {"a": "\x1b[31m"}
    print_found({"a": 1}, "text", as_json=False)
    assert capfdbinary.readouterr().out == b"text\n"

"""What docs/autograd.md shows is what happens."""

from __future__ import annotations

import re

import pytest

from tests.source import ROOT

PAGE = (ROOT / "docs" / "autograd.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SAID = (
    "8.0 2.0 -2.0 1.0",
    "'log(-1)' has no finite value or no finite slope; accepted: a number above zero",
    "12.0 12.0",
    "16 of 16",
    "0.0",
    "1 of 2 derivatives disagree",
    "all 12 derivatives agree: by hand, tape and differences",
)


@pytest.mark.parametrize(("code", "said"), [*zip(BLOCKS, SAID, strict=True)], ids=range(len(SAID)))
def test_an_example_prints_what_the_page_says(code, said, capsys):
    exec(compile(code, "autograd.md", "exec"), {})
    assert capsys.readouterr().out.startswith(said)


def test_results_in_comments_are_those_printed(capsys):
    checked = 0
    for code in BLOCKS:
        for result in re.findall(r"^print\(.*\)  # (.*)$", code, re.MULTILINE):
            exec(compile(code, "autograd.md", "exec"), {})
            assert capsys.readouterr().out.strip() == result
            checked += 1
    assert checked == 2

"""Run every block of the pages for users, and hold that they speak the field's language."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from rung.cli.app import fit
from rung.kinds.options import every_option
from rung.report.html import render
from rung.report.terminal import show
from tests.report.example import classification, regression
from tests.source import ROOT

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = ("tutorial", "how-to-read-the-report", "cookbook")
# Words that somebody searches for who knows the field and not rung.
README_TERMS = (
    "cross-validation",
    "nested cross-validation",
    "held-out test set",
    "hyper-parameters",
    "stacking",
    "confusion matrix",
    "non-inferior",
    "inferior",
    "inconclusive",
    "equivalence margin",
    "selected model",
)
REPORT_TERMS = ("held-out test set", "selected model", "equivalence margin")
HELP_TERMS = ("held-out test set", "cross-validation", "equivalence margin", "selected model")
CONSOLE_TERMS = ("held-out test set", "selected model", "non-inferior", "inferior", "inconclusive")


@pytest.mark.parametrize("name", PAGES)
def test_every_block_of_a_page_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = BLOCK.findall((ROOT / "docs" / f"{name}.md").read_text("utf-8"))
    assert found
    names: dict[str, object] = {}
    for code in found:
        exec(compile(code, f"{name}.md", "exec"), names)


@pytest.mark.parametrize("term", README_TERMS)
def test_the_readme_knows_the_word_of_the_field(term: str) -> None:
    assert term in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("term", REPORT_TERMS)
def test_the_report_knows_the_word_of_the_field(term: str) -> None:
    assert term in render(regression())
    assert term in render(classification())


@pytest.mark.parametrize("term", CONSOLE_TERMS)
def test_the_console_knows_the_word_of_the_field(term: str) -> None:
    stream = io.StringIO()
    show(regression(), Console(file=stream, width=80))
    assert term in stream.getvalue()


@pytest.mark.parametrize("term", HELP_TERMS)
def test_the_help_knows_the_word_of_the_field(term: str) -> None:
    said = [fit.__doc__ or "", *(option.sentence for option in every_option())]
    assert term in " ".join(said)

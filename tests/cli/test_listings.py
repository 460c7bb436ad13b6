from __future__ import annotations

import io

from rich.console import Console

from rung.cli.listings import installed, show_model


def test_what_is_missing_is_named_with_its_command():
    assert installed(()) == "yes"
    assert installed(("json", "no_such")) == "pip install no_such"


def test_a_model_description_is_cleaned_and_cut():
    stream = io.StringIO()
    described = {"target": "\x1b[31m", "columns": ["a" * 400], "nested": {"x": [True, None]}}
    show_model(described, Console(file=stream, width=80))
    text = stream.getvalue()
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("a") < 310
    assert "x yes, None" in text

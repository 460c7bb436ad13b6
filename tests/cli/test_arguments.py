"""Options of the commands: declared once, with help and a panel."""

import runpy

import pytest

from rung.cli import arguments
from rung.cli.app import app
from rung.cli.guard import guarded
from rung.kinds.declaration import declared
from tests.source import ROOT

DECLARED = [
    each
    for name, each in vars(arguments).items()
    if name.endswith("Arguments") and name != "Arguments"
]


@pytest.mark.parametrize("owner", DECLARED, ids=lambda each: each.__name__)
def test_every_option_says_what_it_does(owner):
    assert declared(owner)
    for option in declared(owner):
        assert option.help.endswith("."), option.name


def test_the_table_of_options_is_made_from_the_declarations():
    pages = runpy.run_path(str(ROOT / "docs" / "options.py"))
    text = (ROOT / "docs" / "options.md").read_text("utf-8")
    assert pages["written"](text) == text, "run `python docs/options.py`"
    assert text.count("\n| `--test-fraction` | ") == 1


@pytest.mark.parametrize(
    ("word", "near"), [("--familys", "--families"), ("--no-headr", "--no-header")]
)
def test_a_misspelt_option_gets_a_suggestion_in_the_shell(word, near, capsys):
    words = ["fit", "d.csv", "--target", "y", word, "a"]
    assert guarded(lambda: app(words, standalone_mode=False), words) == 2
    assert near in capsys.readouterr().err


def test_check_takes_what_divides_and_reads_the_rows_as_fit_does():
    names = {option.name for option in arguments.CHECK_OPTIONS}
    assert {"target", "groups", "time", "seed", "test_fraction", "seal", "header"} < names
    assert {"memory", "rows"} < names  # of a large table it checks a part, as fit does
    assert not {"families", "metric", "folds", "threads"} & names

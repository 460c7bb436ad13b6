"""The line that repeats a run, read by the real command line, gives equal options."""

from __future__ import annotations

import io
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

from rung import workbench
from rung.cli.app import app
from rung.cli.guard import guarded
from rung.data.computing import spelled
from rung.families import discover
from rung.kinds.command import command_of
from rung.kinds.declaration import Option, declared
from rung.kinds.options import Options, options_of_kinds
from rung.kinds.table.options import FitOptions
from rung.kinds.text.options import TextOptions
from rung.report.command import quoted

KINDS = options_of_kinds()
REPEATED = [
    (kind, option)
    for kind, options in KINDS.items()
    for option in declared(options)
    if option.repeated
]
NAME = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=9)
NAMES = st.lists(NAME, min_size=1, max_size=3).map(tuple)
SPECIAL = {
    "features": NAMES,
    "drop": NAMES,
    "subgroups": NAMES,
    "keep": NAMES,
    "texts": NAMES,
    "missing": NAMES,
    "groups": NAME | st.lists(NAME, min_size=2, max_size=3, unique=True).map(tuple),
    "space": st.lists(NAME, min_size=2, max_size=2, unique=True).map(tuple),
    "gap": st.sampled_from(["7d", "12 h"]) | st.floats(0, 1e9),
    "rolling": st.sampled_from(["90d", "1 h"]) | st.floats(0, 1e9),
    "block_size": st.floats(1e-9, 1e9),
    "buffer": st.floats(0, 1e9),
    "variables": NAMES,
    "folds": st.integers(2, 1000),
    "rows": st.integers(10, 10**12) | st.just("all"),
    "memory": st.integers(10**8, 10**15) | st.sampled_from(["7GB", "1.5 TB", "250 mb"]),
    "seal": st.sampled_from(["seal.json", "old run/seal.json", "-.json"]),
    "margin": st.floats(0, 1e300) | st.integers(0, 9),
    "where": NAME.map(lambda name: f"{spelled(name)} != 'it''s' or missing(z)"),
    "derive": st.lists(NAME.map(lambda name: f"{spelled(name)} = max(x, 1)"), min_size=1).map(
        tuple
    ),
    "delimiter": st.sampled_from([",", ";", "\t", "\\t", "|", " "]),
}
# A file that holds images by its name; its values are never read.
FOLDER = tempfile.TemporaryDirectory()
IMAGES = str(Path(FOLDER.name) / "cube.npy")
Path(IMAGES).touch()
# Names of data whose kind the command line knows by them.
SOURCES = {"table": "names.csv", "text": "names.txt", "image": IMAGES, "density": "names.csv"}
METRICS = {
    "text": st.sampled_from(["nll", "bits_per_char", "perplexity"]),
    "density": st.sampled_from(["log_density", "odds_share"]),
}


def values_of(kind: str, option: Option) -> st.SearchStrategy[Any]:
    """Return values that an option takes; a new kind of value needs a line above."""
    says = option.value.says
    if option.name == "metric" and kind in METRICS:
        return METRICS[kind]
    if option.name == "families":
        ladder = [family.name for family in discover(kind)]
        return st.lists(st.sampled_from(ladder), min_size=1, unique=True).map(tuple)
    if option.name in SPECIAL:
        return SPECIAL[option.name]
    if option.value.shell is bool:
        return st.just(option.value.read(option, True))
    if "`" in says:
        return st.sampled_from(says.split("`")[1::2])
    if says.startswith("int from"):
        low, high = (int(word) for word in says.split() if word.isdigit())
        return st.integers(low, high)
    if says.startswith("float from"):
        return st.floats(0.0, 0.5)
    assert says in ("str", "str or function"), option.name
    return NAME


def made(kind: str, given: dict[str, Any]) -> Options:
    return KINDS[kind](**({"target": "y"} if kind == "table" else {}), **given)


def parsed(words: list[str]) -> Options:
    """Return the options that the command line reads from words; nothing is fitted."""
    seen = []

    def note(_data, options, _out, **_):
        seen.append(options)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbench, "fit_to_folder", note)
        patch.setattr(sys, "stderr", io.StringIO())
        assert guarded(lambda: app(words[1:], standalone_mode=False), []) == 130
    (options,) = seen
    return options


@pytest.mark.parametrize(("kind", "option"), REPEATED, ids=lambda one: getattr(one, "name", one))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_printed_line_gives_each_option_back(kind, option, data) -> None:
    options = (
        made(kind, {})
        if option.name == "target"
        else made(kind, {option.name: data.draw(values_of(kind, option))})
    )
    assert parsed(list(command_of(options, SOURCES[kind]).words)) == options


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_printed_line_gives_all_options_back_together(kind, data) -> None:
    asked = [option for name, option in REPEATED if name == kind and option.name != "target"]
    options = made(kind, {option.name: data.draw(values_of(kind, option)) for option in asked})
    command = command_of(options, SOURCES[kind])
    assert parsed(list(command.words)) == options
    assert not command.from_python


def test_a_shell_reads_the_quoted_line_as_it_was_meant() -> None:
    options = FitOptions("$HOME `x` \x1b'\u202e", drop=("a\nb", "\U000e0001", 'say "x"'))
    words = command_of(options, "-odd name.csv").words
    line = " ".join(quoted(word) for word in words[1:])
    script = f"printf '%s\\0' {line}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert done.stdout.decode().split("\0")[:-1] == list(words[1:])
    assert words[2] == "./-odd name.csv"
    assert parsed(list(words)) == options


def test_the_line_holds_what_differs_from_the_defaults_and_nothing_else() -> None:
    options = FitOptions(
        "lgGF", seed=0, repeats=1, test_fraction=0.2, metric="mae", margin=0.1, threads=4
    )
    words = ("rung", "fit", "galaxies.csv", "--target=lgGF", "--metric=mae", "--margin=0.1")
    assert command_of(options, "galaxies.csv").words == words
    assert command_of(TextOptions(threads=2), "a.txt").words == ("rung", "fit", "a.txt")


def test_what_only_python_can_say_is_named_apart() -> None:
    options = FitOptions("y", folds=KFold(3), families=("linear", Ridge()))
    command = command_of(options, "a.csv")
    assert command.words[3:] == ("--target=y", "--families=linear")
    assert dict(command.from_python) == {
        "families": "ridge",
        "folds": "KFold(n_splits=3, random_state=None, shuffle=False)",
    }


def test_a_line_without_its_families_of_python_climbs_the_baseline_alone() -> None:
    assert command_of(FitOptions("y", families=Ridge()), "a.csv").words[-1] == "--families=constant"


def test_a_file_name_that_is_no_unicode_is_spelled_out() -> None:
    assert shlex.quote(command_of(TextOptions(), "caf\udce9.txt").words[2]) == "'caf\\udce9.txt'"

"""What an installed package adds stands beside rung's own; what is broken is named and left out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rung import plugins
from rung.plugins import additions, guarded
from tests.source import ROOT, SRC

EXAMPLE = ROOT / "docs" / "plugin"
BROKEN = {
    "no_import": "import a_library_that_is_not_here",
    "leaves": "raise SystemExit(3)",
    "empty": "ONE = 1",
    "no_family": "FAMILY = 'linear'",
    "namesake": "from rung.families.table.linear import FAMILY",
    "sound": "from dataclasses import replace\n"
    "from rung.families.table.linear import FAMILY as linear\n"
    "FAMILY = replace(linear, name='pixels', inputs='sound')",
    "bad_name": "from rung.check import Check\n"
    "CHECK = Check(code='a b', title='', severity='info', look=lambda seen: ())",
    "fails": """
from dataclasses import replace
from rung.check import Check
from rung.families.table.constant import FAMILY as constant
from rung.report.sections.section import Section

def fail(*_):
    raise ValueError("<b>no</b>")

FAMILY = replace(constant, name="failing", title="Failing", step=1, cross_fit=fail)
CHECK = Check(code="failing", title="", severity="info", look=fail)
SECTION = Section(name="failing", title="Failing", position=1, render=fail, data=lambda *_: 1)
""",
}


def install(folder: Path, name: str, version: str, points: dict[str, str]) -> None:
    """Write what an installer writes for a package: its name, version and entry points."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [f"{point} = {module}" for point, module in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[rung.plugins]", *lines, ""]))


def run(*words: str, at: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    paths = [str(SRC.parent), str(folder)]
    return subprocess.run(
        [sys.executable, *words],
        cwd=at,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "stars.csv"
    rows = [f"{10 * (i % 7)},{(i * 37) % 101},{3 * ((i * 37) % 101) + i % 5}" for i in range(60)]
    path.write_text("\n".join(["tens,size,mass", *rows, ""]))
    return path


@pytest.fixture(scope="module")
def with_example(tmp_path_factory, table):
    """Install the example of the docs, and climb the ladder with it."""
    folder = tmp_path_factory.mktemp("installed")
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))
    for name in project["tool"]["setuptools"]["py-modules"]:
        shutil.copy(EXAMPLE / f"{name}.py", folder)
    own = project["project"]
    install(folder, own["name"], own["version"], own["entry-points"]["rung.plugins"])
    words = ["fit", str(table), "--target=mass", "--families=linear,trimmed_mean", "--folds=3"]
    done = run("-m", "rung", *words, "--out=out", "--no-ledger", at=folder, folder=folder)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_family_of_a_package_climbs_and_its_version_is_recorded(with_example):
    folder, _ = with_example
    found = json.loads((folder / "out" / "results.json").read_text("utf-8"))
    ladder = {entry["family"]: entry for entry in found["ladder"]}
    assert list(ladder) == ["constant", "trimmed_mean", "linear"]
    assert ladder["trimmed_mean"]["scores"]["rmse"]["mean"] > 50
    assert found["versions"]["rung-example"] == "0.1.0"


def test_a_check_of_a_package_finds(with_example):
    folder, _ = with_example
    found = json.loads((folder / "out" / "results.json").read_text("utf-8"))["findings"]
    (rounded,) = [finding for finding in found if finding["code"] == "rounded"]
    assert rounded["columns"] == ["tens"]
    assert rounded["message"] == "100% of its 60 values are whole tens"


def test_a_section_of_a_package_stands_on_the_page_and_in_the_console(with_example):
    folder, done = with_example
    page = (folder / "out" / "report.html").read_text("utf-8")
    order = [page.index(f'<h2 id="{name}">') for name in ("ladder", "tally", "sealed")]
    assert order == sorted(order)
    assert "<p>as good: 1, worse: 2</p>" in page
    assert "How many families are as good as good: 1, worse: 2" in done.stdout


def test_the_family_of_the_example_keeps_the_laws_and_nothing_is_read_on_import(with_example):
    folder, _ = with_example
    code = (
        "import sys, rung; assert 'rung_example' not in sys.modules;"
        "from rung.families import find; from rung.testing import check_family, example_problem;"
        "check_family(find('trimmed_mean'), example_problem('regression', n_rows=40))"
    )
    done = run("-c", code, at=folder, folder=folder)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def with_broken(tmp_path_factory, table):
    folder = tmp_path_factory.mktemp("broken")
    for name, code in BROKEN.items():
        (folder / f"rung_{name}.py").write_text(code)
    install(folder, "rung-broken", "2.1", {name: f"rung_{name}" for name in BROKEN})
    words = ["fit", str(table), "--target=mass", "--families=linear,failing", "--folds=3"]
    done = run("-m", "rung", *words, "--out=out", "--no-ledger", at=folder, folder=folder)
    return folder, done


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no_import", "it cannot be loaded: ModuleNotFoundError: No module named 'a_library"),
        ("leaves", "it cannot be loaded: SystemExit: 3"),
        ("empty", "its module declares none of FAMILY, CHECK, SECTION, READER, KIND"),
        ("no_family", "its FAMILY is no Family, it is str"),
        ("namesake", "its FAMILY is called 'linear', and another is called so"),
        ("sound", "its FAMILY reads 'sound'; density, image, table and text are known"),
        ("bad_name", "its CHECK is called 'a b'; small letters, digits and _ are accepted"),
    ],
)
def test_a_broken_plugin_is_named_on_stderr_and_left_out(with_broken, name, reason):
    folder, done = with_broken
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stderr.split())
    assert f"warning plugin {name!r} of the package rung-broken 2.1 is left out: {reason}" in said
    assert f"plugin &#39;{name}&#39;" in (folder / "out" / "report.html").read_text("utf-8")


def test_what_fails_while_it_works_says_so_in_its_place(with_broken):
    folder, _ = with_broken
    found = json.loads((folder / "out" / "results.json").read_text("utf-8"))
    (failing,) = [entry for entry in found["ladder"] if entry["family"] == "failing"]
    assert failing["reason"] == "it failed: ValueError: <b>no</b>"
    (finding,) = [one for one in found["findings"] if one["code"] == "failing"]
    assert finding["message"] == "the check could not be made: ValueError: <b>no</b>"
    page = (folder / "out" / "report.html").read_text("utf-8")
    assert "could not be shown: ValueError: &lt;b&gt;no&lt;/b&gt;" in page
    assert "<b>no" not in page


def plugin(name, declared):
    return plugins.Plugin(name, "pack", "1", (("FAMILY", Path(declared)),))


def test_of_two_plugins_of_one_name_the_first_stays_and_the_other_is_named(monkeypatch):
    found = (plugin("first", "a"), plugin("second", "a"), plugin("third", "b"))
    monkeypatch.setattr(plugins, "installed", lambda: found)
    monkeypatch.setattr(plugins, "_left_out", {})
    assert additions("FAMILY", Path, ()) == (Path("a"), Path("b"))
    assert additions("CHECK", Path, ()) == ()
    (said,) = plugins.left_out()
    assert said.message == (
        "plugin 'second' of the package pack 1 is left out: its FAMILY is called 'a', and another "
        "is called so"
    )


def test_a_list_that_is_built_twice_names_each_plugin_once(monkeypatch):
    monkeypatch.setattr(plugins, "installed", lambda: (plugin("one", "a"),))
    monkeypatch.setattr(plugins, "_left_out", {})
    assert [additions("FAMILY", Path, ("a",)) for _ in range(2)] == [(), ()]
    assert len(plugins.left_out()) == 1


def test_errors_of_rung_pass_through():
    from rung.errors import NotApplicable

    def refuse():
        raise NotApplicable("too few rows")

    with pytest.raises(NotApplicable, match="too few rows"):
        guarded(refuse, lambda reason: None)()

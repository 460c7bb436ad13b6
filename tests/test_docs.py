"""Keep what the pages say true: commands, options, links, examples, versions."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import rung
from rung.cli import main
from tests.source import ROOT, SRC, modules

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
WIDTH = "200"


def blocks(page: Path, language: str) -> list[str]:
    return [code for kind, code in BLOCK.findall(page.read_text("utf-8")) if kind == language]


def options_of(*words: str) -> set[str]:
    """Ask the command itself which options it takes."""
    done = subprocess.run(
        [sys.executable, "-m", "rung", *words, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PYTHONPATH": str(SRC.parent), "PATH": "", "COLUMNS": WIDTH, "NO_COLOR": "1"},
    )
    return set(OPTION.findall(done.stdout))


def commands(page: Path) -> list[list[str]]:
    lines = "\n".join(blocks(page, "sh")).splitlines()
    return [line.split("#")[0].split() for line in lines if line.startswith("rung ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_to_files_resolve(page: Path) -> None:
    targets = [link.split("#")[0] for link in LINK.findall(page.read_text("utf-8"))]
    broken = [link for link in targets if link and not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_shell_examples_name_real_commands_and_options(page: Path) -> None:
    for words in commands(page):
        asked = {word for word in words if word.startswith("--")}
        assert asked <= options_of(words[1]), " ".join(words)


def test_every_option_that_the_readme_names_exists() -> None:
    named = set(OPTION.findall((ROOT / "README.md").read_text("utf-8")))
    commands = (
        "demo",
        "fit",
        "predict",
        "sample",
        "ask",
        "embed",
        "inspect",
        "export",
        "curve",
        "graph",
    )
    known = options_of().union(*map(options_of, commands))
    assert named <= known


def test_every_option_of_fit_is_in_the_table_of_options() -> None:
    text = (ROOT / "docs" / "options.md").read_text("utf-8")
    plain = {"--help"}
    assert options_of("fit") - set(OPTION.findall(text)) <= plain


def test_targets_of_make_that_pages_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"\bmake ([a-z-]+)\b(?=`|\s+#|$)", page.read_text("utf-8"))
    }
    assert named <= targets
    assert {"demo", "test", "lint", "bench", "docs"} <= targets


def test_the_first_use_of_the_readme_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNG_STATE", str(tmp_path / "state"))
    first_use = (ROOT / "README.md").read_text("utf-8").partition("## First use")[2]
    block = next(code for kind, code in BLOCK.findall(first_use) if kind == "sh")
    for line in block.splitlines():
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(line)[1:])
        assert ended.value.code in {0, None}, f"{line}: {capsys.readouterr().err}"
    wanted = re.findall(r"(?:--out|--write-table) (\S+)", block)
    assert sorted(wanted) == sorted(
        path.name for path in tmp_path.iterdir() if path.name != "state"
    )


def test_python_examples_of_the_readme_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = blocks(ROOT / "README.md", "python")
    assert examples
    for code in examples:
        exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out
    assert (tmp_path / "report.html").exists()


def test_extras_that_the_readme_names_are_those_of_the_package() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (ROOT / "README.md").read_text("utf-8")
    section = text[text.index("| extra |") : text.index("Write `pip")]
    named = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    assert named == set(project["optional-dependencies"]) - {"all"}
    wanted = next(iter(project["optional-dependencies"]["all"]))
    assert set(re.findall(r"\w+", wanted)) - {"rung"} == named - {"dev", "site"}


def test_exit_codes_of_the_readme_are_those_of_the_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    section = text[text.index("## Exit codes") : text.index("## Promises")]
    from rung.cli.app import EXIT_CODES

    codes = set(re.findall(r"^\| (\d+) \|", section, re.MULTILINE))
    assert codes == set(re.findall(r"\b(\d+) ", EXIT_CODES))


def test_one_version_stands_everywhere() -> None:
    version = re.escape(rung.__version__)
    assert re.search(
        rf'^version = "{version}"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert re.search(rf"^version: {version}$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert re.search(
        rf"^## \[{version}\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )


def test_every_decision_is_indexed_under_its_title() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    for page in DECISIONS:
        number, title = page.read_text("utf-8").splitlines()[0].removeprefix("# ").split(". ", 1)
        assert int(number) == int(page.name[:4])
        assert f"[{page.name[:4]}]({page.name}) | {title} |" in index


def test_numbers_of_decisions_have_no_gaps() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_table_of_the_ladder_names_every_family_in_its_order() -> None:
    from rung.families import discover

    page = (ROOT / "docs" / "decisions" / "0001-order-of-the-ladder.md").read_text("utf-8")
    rows = [
        row
        for row in re.findall(r"^\| ([a-z ]+) \|", page, re.MULTILINE | re.IGNORECASE)
        if row != "family"
    ]
    names = [row.lower().replace(" ", "_") for row in rows]
    discovered = [family.name for family in discover()]
    assert [name for name in names if name in discovered] == discovered


def test_every_folder_of_the_source_is_on_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    folders = {path.name for path in SRC.iterdir() if (path / "__init__.py").exists()}
    files = {path.name for path in SRC.glob("[a-z]*.py")}
    absent = {name for name in folders if f"`{name}/" not in text}
    assert not absent | {name for name in files if f"`{name}`" not in text}


@pytest.mark.parametrize(
    "path",
    [path for path in modules() if path.stem != "__main__" and ">>>" in path.read_text("utf-8")],
    ids=lambda path: str(path.relative_to(SRC)),
)
def test_examples_in_docstrings_run(path: Path) -> None:
    name = ".".join(path.relative_to(SRC.parent).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    with np.printoptions(precision=8, suppress=True, linewidth=88):
        failed, _ = doctest.testmod(
            module,
            extraglobs={"np": np},
            optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
        )
    assert not failed

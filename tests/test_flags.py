"""Messages are written for the shell and told in Python by its keywords."""

import ast
import re
from pathlib import Path

import typer

import rung
from rung import errors
from rung.cli.app import app
from rung.flags import SWITCHES

# Custom properties of a style sheet look alike, and end with a colon or a bracket.
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+(?![\w-]*[:)])")


def test_switches_are_those_that_are_declared() -> None:
    commands = typer.main.get_command(app).commands.values()
    flags = [p.opts for c in commands for p in c.params if getattr(p, "is_flag", False)]
    names = {
        flag.removeprefix("--").removeprefix("no-")
        for opts in flags
        for flag in opts
        if flag.startswith("--")
    }
    assert names - {"version", "help"} == SWITCHES


def test_python_shows_keywords_and_the_shell_flags() -> None:
    error = errors.UsageError("column 'a' of --drop not found", "use --drop COL or --force")
    assert str(error) == "column 'a' of drop not found; use drop='COL' or force=True"
    assert error.remedy == "use --drop COL or --force"


def test_every_flag_that_a_message_names_exists() -> None:
    """A remedy with a flag that no command takes would send the reader into a second error."""
    commands = typer.main.get_command(app).commands.values()
    flags = {flag for c in commands for p in c.params for flag in (*p.opts, *p.secondary_opts)}
    named = {
        (path.name, flag)
        for path in Path(rung.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for flag in FLAG.findall(node.value)
    }
    wrong = {one for one in named if one[1] not in {*flags, "--help", "--version"}}
    assert wrong == {("declaration.py", "--name")}  # the pattern of all flags
    assert len(named) > 200


def test_what_is_kept_and_printed_names_flags_whoever_asked():
    error = errors.NotApplicable("no weights were given with --backbone", "use --backbone FILE")
    assert error.in_shell == "no weights were given with --backbone; use --backbone FILE"
    assert str(error) == "no weights were given with backbone; use backbone='FILE'"

"""Keep the source small, safe and light: what a reviewer would otherwise have to count."""

from __future__ import annotations

import ast
import importlib
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from rung.families import discover
from tests.source import ROOT, SRC, TESTS, functions, length, modules, parameters, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_PARAMETERS = 6
TYPICAL_FUNCTION = 8
LONG_FUNCTION = 25
HEAVY = (
    "torch",
    "matplotlib",
    "sklearn",
    "scipy",
    "lightgbm",
    "polars",
    "narwhals",
    "pandas",
    "pyarrow",
    "jinja2",
    "joblib",
    "numba",
)
# Each may be called by its bare name or as the last part of a dotted one.
UNSAFE_CALLS = {"eval", "exec", "__import__", "compile"}
UNSAFE_MODULES = {"pickle", "cPickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
UNSAFE_METHODS = {("torch", "load"), ("np", "fromstring"), ("os", "system"), ("os", "popen")}
NETWORK_MODULES = {"socket", "urllib", "http", "ftplib", "smtplib", "requests", "httpx", "aiohttp"}
# Modules without a test file of the same name, each with the reason.
TESTED_ELSEWHERE = {
    "__main__": "one line that calls rung.cli; the tests of the command line go through it",
    "typing": "names of types only; mypy reads it",
    "core/events": "declarations only; the tests of the context and of the terminal use them",
    "core/findings": "declarations only",
    "data/table": "declarations only; every test of reading uses them",
    "kinds/attempt": "a record and a context; the tests of the climb, of blending and of keeping use them",
    "prep/formula_python": "test_formula runs the programs of every family and compares them",
    "prep/one_feature_formula": "test_formula runs the program of every form of every family",
    "version": "one constant; the docs tests compare it with every page that names it",
}
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
# What names must not hold where the words are settled: metaphors that no reader brings along.
PRIVATE = {
    "said",
    "told",
    "speech",
    "lesson",
    "bend",
    "bends",
    "shelf",
    "vessel",
    "grounds",
    "carry",
}
FACE_OF_THE_CLI = "src/rung/cli/"


def run_python(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PYTHONPATH": str(SRC.parent), "PATH": "", "HOME": str(ROOT), "COLUMNS": "80"},
    )
    return done.stdout


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    n_lines = len(path.read_text("utf-8").splitlines())
    assert n_lines <= LONGEST_FILE, f"{path.name} has {n_lines} lines; split it by idea"


def test_test_files_are_bounded_too() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {n_lines}"
        for path in sorted(TESTS.rglob("*.py"))
        if (n_lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    ]
    assert not long


def test_a_function_has_at_most_sixty_code_lines() -> None:
    long = [
        f"{place}: {length(place)}" for place in functions() if length(place) > LONGEST_FUNCTION
    ]
    assert not long


def test_functions_are_short_as_a_rule(record_property: pytest.RecordProperty) -> None:
    lengths = sorted(length(place) for place in functions())
    median = statistics.median(lengths)
    ninth = statistics.quantiles(lengths, n=10)[-1]
    record_property("median_function_lines", median)
    record_property("ninetieth_percentile_function_lines", ninth)
    print(f"functions: {len(lengths)}, median {median:g} code lines, 90th percentile {ninth:g}")
    # The median is an aim, TYPICAL_FUNCTION; half as much again is the bound.
    assert median <= 1.5 * TYPICAL_FUNCTION
    assert ninth <= LONG_FUNCTION


def test_a_function_has_at_most_six_parameters() -> None:
    # Commands of the shell are exempt: typer makes one option of each parameter.
    many = [
        f"{place}: {len(parameters(place))}"
        for place in functions()
        if len(parameters(place)) > MOST_PARAMETERS and not str(place).startswith(FACE_OF_THE_CLI)
    ]
    assert not many


def test_public_functions_and_classes_say_what_they_do() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules()
        for node in tree(path).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_modules_say_what_they_do() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if tree(path).body and not ast.get_docstring(tree(path))
    ]
    assert not silent


def test_import_rung_loads_nothing_heavy() -> None:
    code = "import sys, rung; print(' '.join(sys.modules))"
    assert not set(HEAVY) & set(run_python(code).split())


@pytest.mark.parametrize("words", [("--help",), ("fit", "--help"), ("--version",)])
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    code = (
        "import sys, io, contextlib\n"
        "from rung.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    main(sys.argv[1:])\n"
        "print(' '.join(sys.modules))\n"
    )
    assert not set(HEAVY) & set(run_python(code, *words).split())


def test_every_module_can_be_imported_alone() -> None:
    # One process for all: what matters is that importing does nothing and fails nowhere.
    names = [_dotted(path) for path in modules() if path.stem != "__main__"]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    assert run_python(code, *names) == ""


def test_nothing_runs_code_from_a_file_and_nothing_speaks_to_a_network() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {what}"
        for path in modules()
        for node in ast.walk(tree(path))
        for what in _unsafe(node)
    ]
    assert not found


def test_one_file_holds_one_family_of_its_own_name() -> None:
    for family in discover():
        module = importlib.import_module(f"rung.families.table.{family.name}")
        assert module.FAMILY is family
        assert family.sources, f"{family.name} names no source"
        assert all(source.strip() for source in family.sources)


def test_every_family_has_a_step_of_its_own() -> None:
    counts = Counter(family.step for family in discover())
    assert all(count == 1 for count in counts.values()), counts


def test_every_public_file_among_the_families_is_a_family() -> None:
    folder = SRC / "families" / "table"
    files = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert files == {family.name for family in discover()}


def test_no_class_name_stands_twice() -> None:
    places = defaultdict(list)
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(SRC)))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice, "one word, one thing: name the classes by what tells them apart"


@pytest.mark.parametrize("folder", ["report", "explain", "export"])
def test_functions_and_classes_are_not_named_by_words_that_we_do_not_say(folder: str) -> None:
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]+) \| [^|]+ \|$", CONTRIBUTING.read_text("utf-8"), re.MULTILINE
    )
    avoided = {word for row in rows for word in row.split(", ")} & PRIVATE
    assert avoided == PRIVATE, "the table of CONTRIBUTING.md lists them"
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules()
        if path.is_relative_to(SRC / folder)
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        if PRIVATE & set(re.findall(r"[a-z]+", re.sub("(?=[A-Z])", "_", node.name).lower()))
    ]
    assert not found


def test_every_module_has_its_tests() -> None:
    lacking = [
        name
        for path in modules()
        if (name := path.relative_to(SRC).with_suffix("").as_posix()) not in TESTED_ELSEWHERE
        and path.stem != "__init__"
        and not _test_file(name).exists()
    ]
    assert not lacking, f"no test file for {lacking}"


def test_the_list_of_exceptions_names_real_modules() -> None:
    unknown = [name for name in TESTED_ELSEWHERE if not (SRC / f"{name}.py").exists()]
    outdated = [name for name in TESTED_ELSEWHERE if _test_file(name).exists()]
    assert not unknown
    assert not outdated, f"{outdated} have test files now; strike them from the list"


def test_the_project_names_no_machine() -> None:
    pattern = re.compile(
        r"/(?:home|root|Users|work|tmp|opt|mnt)/\w|https?://(?!www\.w3\.org/|doi\.org/)"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in _texts()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line) and path != Path(__file__)
    ]
    assert not found


def _texts() -> list[Path]:
    own = [ROOT / name for name in ("Makefile", "pyproject.toml", "constraints.txt", ".ci/run")]
    folders = [
        path
        for folder in ("src", "docs", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".html", ".css"}
    ]
    return [*(path for path in own if path.exists()), *sorted(ROOT.glob("*.md")), *folders]


def _dotted(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _test_file(name: str) -> Path:
    path = TESTS / name
    return path.with_name(f"test_{path.name.strip('_')}.py")


def _unsafe(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    else:
        return _unsafe_call(node)
    roots = {name.split(".")[0] for name in names}
    return sorted(f"imports {root}" for root in roots & (UNSAFE_MODULES | NETWORK_MODULES))


def _unsafe_call(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Call):
        return []
    if isinstance(node.func, ast.Name) and node.func.id in UNSAFE_CALLS:
        return [f"calls {node.func.id}"]
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        pair = (node.func.value.id, node.func.attr)
        if pair in UNSAFE_METHODS:
            return [f"calls {pair[0]}.{pair[1]}"]
    trusts_pickles = any(
        word.arg == "allow_pickle"
        and not (isinstance(word.value, ast.Constant) and word.value.value is False)
        for word in node.keywords
    )
    return ["allows pickles"] if trusts_pickles else []

import subprocess
import sys

from benchmarks.mutants.making import Module
from benchmarks.mutants.showing import share, summary
from tests.source import ROOT

TOY = '''"""Say 1 < 2."""
SHARE: float = 0.5


def shown(values: list[int], most: int = 3) -> int | None:
    """Return 1 + 1."""
    assert most > 0
    if not values or min(values) < most:
        return None
    total = 0
    total += len(values) * 2
    return total
'''
CHANGES = [
    (2, "0.5 → 0.45"),
    (5, "3 → 4"),
    (8, "not values or min(values) < most → not values and min(values) < most"),
    (8, "not values → values"),
    (8, "min(values) < most → min(values) <= most"),
    (8, "min(values) < most → min(values) >= most"),
    (8, "min → max"),
    (10, "0 → 1"),
    (11, "total += len(values) * 2 → total -= len(values) * 2"),
    (11, "total += len(values) * 2 → deleted"),
    (11, "len(values) * 2 → len(values) / 2"),
    (11, "2 → 3"),
    (12, "return total → return None"),
]
TESTS = """
from toy import shown

def test_few_are_not_shown():
    assert shown([]) is None
    assert shown([2]) is None

def test_two_of_each():
    assert shown([3, 4], 3) == 4
"""
TRY = """
import sys
from pathlib import Path
from benchmarks.mutants.making import Module
from benchmarks.mutants.trying import Subject, TestsFail, survivors, warm

warm(("pytest", "hypothesis"))
root = Path(sys.argv[1])
module = Module((root / "toy.py").read_text(), "toy.py")
for name in sys.argv[2:]:
    subject = Subject("toy", root / "toy.py", (root / name,), root)
    try:
        for mutant in survivors(subject, module, module.mutants):
            print(mutant.line, mutant.change)
    except TestsFail as error:
        print(str(error).splitlines()[0])
"""


def change(function: str, text: str, changed: str) -> dict[str, str]:
    return {"function": function, "text": text, "change": changed}


def test_each_sign_and_number_is_changed_and_texts_types_and_assertions_are_not():
    assert [(mutant.line, mutant.change) for mutant in Module(TOY).mutants] == CHANGES


def test_a_mutant_is_the_module_with_one_fault_and_the_tree_is_whole_again():
    module = Module(TOY)
    found = []
    for mutant in (None, *module.mutants, None):
        space: dict[str, object] = {}
        exec(module.code(mutant), space)
        found.append((space["SHARE"], space["shown"]([3, 4], 3)))
    # "not values or" turned into "values or" gives None, as does a smallest value below most
    sevens = [4, 4, 4, None, None, None, 4, 5, -4, 0, 1.0, 6, None]
    assert found == [(0.5, 4), *zip([0.45, *[0.5] * 12], sevens, strict=True), (0.5, 4)]


def test_a_mutant_keeps_its_name_when_lines_are_added_above_and_equal_changes_are_numbered():
    before, after = (Module(source).mutants for source in (TOY, f"import os\n\n{TOY}"))
    assert [mutant.name for mutant in before] == [mutant.name for mutant in after]
    twice = Module("def f(x):\n    return x[1] + x[1]\n").mutants
    assert [mutant.change for mutant in twice[2:]] == ["1 → 2", "1 → 2 (no. 2)"]


def test_what_the_tests_do_not_see_survives_and_tests_that_say_nothing_are_refused(tmp_path):
    texts = {
        "toy.py": TOY,
        "test_toy.py": TESTS,
        "test_no.py": "import toy\n\ndef test_no():\n    assert False\n",
        "test_other.py": "def test_other():\n    assert True\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    # in a process of its own: this one holds libraries that do not survive a fork
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(tmp_path), *list(texts)[1:]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}", "PATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stdout.splitlines() == [
        # the share and the default are not looked at; the smallest of [2] is its largest
        "2 0.5 → 0.45",
        "5 3 → 4",
        "8 min → max",
        "toy: the tests beside it fail without a change",
        "toy: the tests beside it never import it",
    ], done.stderr


def test_equivalent_mutants_count_apart_and_a_listed_one_that_is_killed_is_told():
    mutants = Module(TOY).mutants
    in_shown = "if not values or min(values) < most:"
    known = [
        change("shown", in_shown, "min → max"),
        change("shown", in_shown, "not values → values"),
        change("shown", "return 3", "3 → 4"),
    ]
    found = summary(mutants, mutants, [mutants[0], mutants[6]], known)
    assert (found["tried"], found["killed"], found["equivalent"]) == (13, 11, 1)
    assert [one["change"] for one in found["survivors"]] == ["0.5 → 0.45"]
    assert found["no longer equivalent"] == known[1:]
    assert share(found) == 11 / 12

import json
import subprocess
import sys

import pytest

from benchmarks.memory.showing import peak_table, whole_table

SLACK = 32  # megabytes that small things take
CHEAP = ("naive_bayes", "perceptron", "tree")
SCRIPT = """
import json
from benchmarks.memory.cases import Case, fit_here
case = Case(12_000, 40, 0, 2)
print(json.dumps([fit_here(case, name) for name in {names}]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_families_stay_below_their_estimates():
    script = SCRIPT.format(names=CHEAP)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    cells = json.loads(done.stdout.splitlines()[-1])
    for cell in cells:
        assert cell["peak"] < 1.25 * cell["estimate"] + SLACK, cell
        assert cell["estimate"] < 4 * cell["peak"] + 2 * SLACK, cell


def test_tables_show_what_was_skipped_and_why():
    shape = {"n_rows": 10, "n_numbers": 2, "n_categories": 0, "n_classes": 2}
    cells = [
        {"family": "tree", **shape, "seconds": 1.0, "peak": 10.0, "estimate": 20.0},
        {"family": "svm", **shape, "reason": "no features"},
    ]
    lines = peak_table(cells).splitlines()
    assert lines[2].endswith("| 10 | 20 | 0.50 |")
    assert "no features" in lines[3]
    ladder = [
        {"family": "svm", "reason": "would need 9 GB", "notes": [], "score": None, "seconds": None},
        {
            "family": "tree",
            "reason": "",
            "notes": ["trained on 1 row"],
            "score": 0.5,
            "seconds": 2.0,
        },
    ]
    found = {"rows": 9, "columns": 3, "classes": 2, "threads": 1, "wall": 60.0, "ladder": ladder}
    text = whole_table(
        {**found, "peak_gigabytes": 1.0, "allowed_gigabytes": 6.0, "metric": "log_loss"}
    )
    assert "1.0 minutes, at most 1.00 GB of 6.0 GB" in text
    assert "| svm |  |  | would need 9 GB |" in text
    assert "| tree | 2 | 0.5000 | trained on 1 row |" in text

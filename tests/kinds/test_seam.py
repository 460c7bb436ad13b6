"""A kind of data, a family and a section of the page are added without touching any file of rung."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.source import SRC

FILES = {
    "kinds/toy/__init__.py": "",
    "kinds/toy/options.py": """
from dataclasses import dataclass
from typing import ClassVar
from rung.kinds.options import Options

@dataclass(frozen=True, kw_only=True)
class ToyOptions(Options):
    kind: ClassVar[str] = "toy"
    device: ClassVar[str] = "cpu"
    seal: ClassVar[str | None] = None

OPTIONS = ToyOptions
""",
    "kinds/toy/kind.py": """
from rung.core.marks import TableRows
from rung.kinds.kind import Kind, Outcome, Words
from rung.kinds.options import from_keywords
from rung.kinds.table import outcome as table
from rung.kinds.table.judge import judge, sealed_test
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.kinds.toy.options import ToyOptions

def read(waves, options, seal):
    columns = {"level": [sum(wave) / len(wave) for wave, _ in waves], "y": [y for _, y in waves]}
    return prepare(columns, FitOptions("y", seed=options.seed), seal)

def outcome(prepared, found, options, listener, seconds):
    plain = table.outcome(prepared, found, FitOptions("y"), listener, seconds)
    return Outcome(**vars(plain) | {"sections": {"toy": {"waves": prepared.dataset.n_rows}}})

KIND = Kind(
    name="toy",
    words=Words(reading="reading waves", opening="opening the sealed waves"),
    options=ToyOptions,
    make_options=lambda given: from_keywords(ToyOptions, given),
    recognises=lambda data, asked: isinstance(data, list) and isinstance(data[0], tuple),
    owns=lambda spec: False,
    prepare=read,
    judge=judge,
    sealed_rows=lambda prepared, options: TableRows(prepared.sealed_rows, "y"),
    test=sealed_test,
    outcome=outcome,
    fitted=table.fitted,
    parse=lambda *parts: None,
    check=lambda data, asked: (),
)
""",
    "families/toy/__init__.py": 'BASELINE = "constant"\n',
    "families/toy/constant.py": """
from dataclasses import replace
from rung.families.table.constant import FAMILY as TABLE
FAMILY = replace(TABLE, inputs="toy")
""",
    "families/toy/line.py": """
from dataclasses import replace
from rung.families.table.linear import FAMILY as LINEAR
FAMILY = replace(LINEAR, name="line", title="Line through waves", inputs="toy")
""",
    "report/sections/toy.py": """
from rung.report.sections.section import Section
SECTION = Section(
    name="toy", title="What the waves are", position=550,
    render=lambda data, result: f"<p>{data['waves']} waves</p>",
)
""",
}
RUN = """
import json, math, sys
root = sys.argv[1]
import rung, rung.kinds, rung.families, rung.report.sections
for package in (rung.kinds, rung.families, rung.report.sections):
    package.__path__.append(f"{root}/" + "/".join(package.__name__.split(".")[1:]))
waves = [([math.sin(i), math.cos(i), i / 40], i / 40 + math.sin(7 * i) / 30) for i in range(120)]
run = rung.fit(waves, ledger=False, out=f"{root}/run")
print(json.dumps({
    "families": [entry.family for entry in run.result.ladder],
    "choice": run.verdict.family,
    "section": run.result.sections["toy"],
    "is_on_page": "<p>120 waves</p>" in open(f"{root}/run/report.html").read(),
    "command": run.result.command.words[:2],
}))
"""


def test_a_kind_a_family_and_a_section_need_no_file_of_rung(tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(SRC.parent), "PATH": "", "HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {
        "families": ["constant", "line"],
        "choice": "line",
        "section": {"waves": 120},
        "is_on_page": True,
        "command": ["rung", "fit"],
    }

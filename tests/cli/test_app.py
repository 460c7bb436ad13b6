from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from rung import __version__
from rung.cli import main
from rung.core.events import Event
from rung.core.findings import Finding
from rung.core.history import History
from rung.core.result import Result
from rung.errors import DataError
from rung.kinds.command import command_of
from rung.kinds.table.options import FitOptions
from tests.report.example import nasty, regression

HEAVY = [
    "numpy",
    "scipy",
    "sklearn",
    "polars",
    "narwhals",
    "pandas",
    "pyarrow",
    "lightgbm",
    "matplotlib",
    "jinja2",
    "torch",
    "safetensors",
]


class Workbench(ModuleType):
    """Record what the commands ask for."""

    fit_text_to_folder = None

    def __init__(self, result: Result, folder: Path) -> None:
        super().__init__("rung.workbench")
        self.result, self.folder = result, folder
        self.calls: list[Any] = []
        self.writes = False

    def fit_to_folder(self, data, options, out, *, force, resume, listener):
        self.calls.append((data, options, out, force))
        listener(Event("asked", text="9 rows"))
        if self.writes:
            out.mkdir()
            (out / "results.json").write_text('{"schema": 1}\n', encoding="utf-8")
        timings = {"seconds": {"total": 8.0, "linear": 2.0, "boosting": 4.0}}
        return SimpleNamespace(
            result=self.result, history=History(), folder=self.folder, timings=timings
        )

    def predict_file(self, model, data, out, *, force, options, tell):
        self.calls.append(
            (model, data, out, force, options.delimiter, options.header, options.keep)
        )
        tell(Finding("new_sentinel", "warning", ("mag",), "column 'mag': 99 in 30 rows", "missing"))
        return None if out else "prediction\n0.5\nα\n"

    def check_table(self, data, *, target, **options):
        self.calls.append((data, target, options))
        return (Finding("leak", "alarm", ("z",), "tells all", "drop it"),)

    def export_file(self, model, to, out, *, force):
        self.calls.append((model, to, out, force))

    def inspect_model(self, path):
        return {"family": "linear", "stores_training_rows": False, "scores": {"rmse": [1, 2]}}

    def list_families(self):
        family = {"tasks": ("regression",), "sources": ("Gauss 1809",), "needs": ()}
        family["inputs"] = "table"
        return (
            SimpleNamespace(name="boosting", title="Boosted", step=9, **family),
            SimpleNamespace(
                name="network", title="Network", step=12, **{**family, "needs": ("no_such",)}
            ),
            SimpleNamespace(name="linear", title="Linear", step=3, **family),
        )


@pytest.fixture
def workbench(monkeypatch, tmp_path):
    module = Workbench(regression(), tmp_path)
    monkeypatch.setitem(sys.modules, "rung.workbench", module)
    monkeypatch.setenv("COLUMNS", "80")
    return module


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    return stopped.value.code


def test_fit_prints_table_verdict_and_folder(workbench, capsys):
    assert run("fit", "galaxies.csv", "--target", "lgGF") == 0
    captured = capsys.readouterr()
    assert "Linear (ridge)" in captured.out
    assert "is as good as the best" in captured.out
    assert captured.out.endswith("written to rung-run-lgGF\n")
    assert captured.err.startswith("9 rows\nalarm lgGF_err: lgSFR alone")
    assert "left out GASS: GASS is different in every row" in " ".join(captured.err.split())
    assert max(map(len, captured.out.splitlines()[:-1])) <= 80


def test_fit_leaves_defaults_to_the_workbench(workbench):
    run("fit", "galaxies.csv", "--target", "lgGF")
    assert workbench.calls == [
        ("galaxies.csv", FitOptions("lgGF"), Path("rung-run-lgGF"), False),
    ]


def test_fit_hands_over_every_option(workbench):
    line = (
        "fit d.csv --target y --features a,b --drop c --groups g --time t --weight w --metric mae "
        "--margin 0.1 --positive yes --task binary --folds 5 --repeats 2 --families linear,tree "
        "--families boosting --seed 7 --test-fraction 0.1 --choose leader --threads 2 "
        "--device cpu "
        "--seal seal.json --no-ledger --out here --force --delimiter ; --no-header"
    )
    assert run(*line.split()) == 0
    assert workbench.calls == [
        (
            "d.csv",
            FitOptions(
                "y",
                features=("a", "b"),
                drop=("c",),
                families=("linear", "tree", "boosting"),
                header=False,
                ledger=False,
                groups="g",
                time="t",
                weight="w",
                metric="mae",
                margin=0.1,
                positive="yes",
                task="binary",
                folds=5,
                repeats=2,
                seed=7,
                test_fraction=0.1,
                choose="leader",
                threads=2,
                device="cpu",
                seal="seal.json",
                delimiter=";",
            ),
            Path("here"),
            True,
        )
    ]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"features": ("a", "b c"), "drop": ("x,y",), "margin": 0.25, "seed": 3, "header": False},
        {"keep_sentinels": True, "ledger": False},
        {"missing": ("-", "NA"), "keep_tokens": True, "decimal": ","},
        {
            "drop": ("<b>", "--drop", 'say "x", $HOME'),
            "positive": "-1",
            "delimiter": ";",
            "folds": 7,
        },
        {
            "families": ("constant", "linear"),
            "choose": "leader",
            "test_fraction": 0.0,
            "repeats": 2,
        },
    ],
)
def test_the_line_in_the_report_repeats_the_run(given, workbench):
    options = FitOptions("--y", **given)
    assert run(*command_of(options, "-odd name.csv").words[1:]) == 0
    assert workbench.calls[0][:2] == ("./-odd name.csv", options)


def test_json_prints_the_results_file_and_nothing_else(workbench, capsys):
    workbench.writes = True
    out = str(workbench.folder / "out")
    assert run("fit", "d.csv", "--target", "y", "--json", "--out", out) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"schema": 1}
    assert captured.err.startswith("alarm lgGF_err: lgSFR alone")
    assert "left out" not in captured.err


def test_quiet_prints_the_sentence_alone(workbench, capsys):
    assert run("fit", "d.csv", "--target", "y", "--quiet") == 0
    captured = capsys.readouterr()
    assert captured.out == f"{regression().choice.sentence}\n"
    assert captured.err.startswith("alarm lgGF_err: lgSFR alone")
    assert "left out" not in captured.err
    assert "rows" not in captured.err.splitlines()[0]


def test_hostile_names_never_reach_the_terminal_raw(workbench, capsys):
    workbench.result = nasty()
    for extra in ((), ("--quiet",)):
        run("fit", "d.csv", "--target", "y", *extra)
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "\x07" not in out


@pytest.mark.parametrize(
    "line",
    [
        "fit",
        "fit d.csv --weight w",
        "fit d.csv --target y --folds many",
        "fit d.csv --target y --folds -1",
        "fit d.csv --target y --nonsense",
        "fit d.csv --target y --drop a,,b",
        "foo",
        "predict model.rung",
    ],
)
def test_a_wrong_command_line_is_one_error_with_exit_code_2(line, workbench, capsys):
    assert run(*line.split()) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 2
    assert not workbench.calls


def test_an_error_of_the_workbench_ends_in_its_code(workbench, monkeypatch, capsys):
    def refuse(*arguments, **options):
        raise DataError("the table has no rows", "give another file")

    monkeypatch.setattr(workbench, "fit_to_folder", refuse)
    assert run("fit", "d.csv", "--target", "y") == 3
    assert capsys.readouterr().err == "error: the table has no rows\n  → give another file\n"


def test_the_share_of_each_family_is_said_and_after_a_quick_run_what_the_whole_ladder_takes(
    workbench, capsys
):
    assert run("fit", "d.csv", "--target", "y", "--quick") == 0
    err = capsys.readouterr().err.splitlines()
    assert err[-2] == "took 8.0 s: boosting 50 %, linear 25 %, all else 25 %"
    assert err[-1].startswith("the whole ladder takes about ")
    assert err[-1].endswith(" (an estimate): leave out --quick")
    assert run("fit", "d.csv", "--target", "y") == 0
    assert "the whole ladder" not in capsys.readouterr().err


def test_an_interrupt_ends_with_130_and_one_line(workbench, monkeypatch, capsys):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(workbench, "fit_to_folder", interrupt)
    assert run("fit", "d.csv", "--target", "y") == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_predict_prints_csv_in_utf8(workbench, capfdbinary):
    assert run("predict", "m.rung", "d.csv", "--no-header") == 0
    assert capfdbinary.readouterr().out == "prediction\n0.5\nα\n".encode()
    assert workbench.calls == [("m.rung", "d.csv", None, False, None, False, ())]


def test_predict_to_a_file_prints_nothing(workbench, capsys):
    assert (
        run("predict", "m.rung", "d.csv", "--out", "p.parquet", "--force", "--keep", "id,name") == 0
    )
    assert capsys.readouterr().out == ""
    assert workbench.calls == [
        ("m.rung", "d.csv", Path("p.parquet"), True, None, None, ("id", "name"))
    ]


def test_check_prints_findings_and_ends_well_though_there_are_some(workbench, capsys):
    assert run("check", "d.csv") == 0
    assert capsys.readouterr().out.startswith("alarm leak  ")
    assert workbench.calls == [("d.csv", None, {})]


def test_check_prints_json_and_hands_over_every_option(workbench, capfdbinary):
    line = (
        "check d.csv --target y --features a --drop b,c --groups g --time t --task binary "
        "--seed 3 --test-fraction 0.1 --seal s.json --keep-sentinels --delimiter ; --no-header "
        "--json"
    )
    assert run(*line.split()) == 0
    assert json.loads(capfdbinary.readouterr().out)["findings"][0]["columns"] == ["z"]
    given = {
        "features": ("a",),
        "drop": ("b", "c"),
        "groups": ("g",),
        "time": "t",
        "task": "binary",
        "seed": 3,
        "test_fraction": 0.1,
        "seal": "s.json",
        "keep_sentinels": True,
        "delimiter": ";",
        "header": False,
    }
    assert workbench.calls == [("d.csv", "y", given)]


def test_export_hands_over_format_file_and_force(workbench):
    assert run("export", "m.rung", "--to", "json", "--out", "m.json", "--force") == 0
    assert workbench.calls == [("m.rung", "json", Path("m.json"), True)]


def test_inspect_prints_facts_or_json(workbench, capsys):
    assert run("inspect", "m.rung") == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["stores", "training", "rows", "no"] in lines
    assert run("inspect", "m.rung", "--json") == 0
    assert json.loads(capsys.readouterr().out) == workbench.inspect_model("m.rung")


def test_families_are_listed_from_simple_to_complex(workbench, capsys):
    assert run("families") == 0
    out = capsys.readouterr().out
    assert out.index("Linear") < out.index("Boosted") < out.index("Network")
    assert "pip install no_such" in " ".join(out.split())
    assert "Gauss 1809" in out


def test_version_and_help_end_well(workbench, capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"rung {__version__}\n"
    assert run("--help") == 0
    assert run() == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Exit codes: 0 done" in out
    assert "130 interrupted" in out


@pytest.mark.parametrize("line", ["--help", "fit --help", "predict --help", "families --help"])
def test_help_loads_nothing_heavy(line):
    code = (
        "import sys\nfrom rung.cli import main\n"
        f"try: main({line.split()!r})\nexcept SystemExit as stopped: assert stopped.code == 0\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("LOADED []\n")


def test_a_pipe_that_closes_early_is_quiet():
    code = "import sys; from rung.cli import main; main(['fit', '--help'])"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


def test_check_lists_what_is_looked_for_and_needs_a_table_otherwise(capsys):
    assert run("check", "--list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)["checks"]
    assert {"leak", "near_duplicates"} <= {one["code"] for one in listed}
    assert run("check") == 2
    assert "missing argument 'DATA'" in capsys.readouterr().err


def test_help_of_a_command_is_shown_by_help_too_and_a_misspelt_one_is_told(capsys):
    assert run("help", "predict") == 0
    assert "rung predict mass-run new.csv" in capsys.readouterr().out
    assert run("help", "predct") == 2
    assert "did you mean `rung help predict`?" in capsys.readouterr().err
    assert run("-V") == 0
    assert capsys.readouterr().out == f"rung {__version__}\n"

"""Results built by hand, with names that try to break out of every page."""

from __future__ import annotations

from dataclasses import replace

from rung.core.findings import Finding
from rung.core.result import (
    Choice,
    ColumnSummary,
    Command,
    DatasetSummary,
    Difference,
    FoldsSummary,
    LadderEntry,
    Result,
    Score,
    TestResult,
    TestScore,
)

SCRIPT = "<script>alert(1)</script>"
STYLE_END = '</style><img src=x onerror="alert(2)">'
QUOTES = '"it\'s" & {{ 7*7 }} [bold]$x^2$[/bold]'
RIGHT_TO_LEFT = "כתובת \u202egnp.exe"
TERMINAL = "bell\x07 \x1b[31mred\x1b[0m"
LONG = "the_longest_column_name_" * 13
NASTY = (SCRIPT, STYLE_END, QUOTES, RIGHT_TO_LEFT, TERMINAL, LONG)


def _score(mean: float, half: float) -> Score:
    return Score(mean, mean - half, mean + half, tuple(mean + half * k / 5 for k in range(-2, 3)))


def _scored(
    family: str, title: str, step: int, rmse: tuple[float, float], difference: Difference
) -> LadderEntry:
    mean, half = rmse
    scores = {
        "rmse": _score(mean, half),
        "mae": _score(0.77 * mean, 0.7 * half),
        "r2": _score(1 - (mean / 0.641) ** 2, 2.2 * half),
    }
    return LadderEntry(family, title, step, "scored", scores=scores, difference=difference)


def regression_ladder() -> tuple[LadderEntry, ...]:
    """Six families: four scored, two skipped."""
    constant = replace(
        _scored("constant", "Constant", 10, (0.641, 0.025), Difference(0.321, 0.286, 0.356)),
        verdict="worse",
        settings=({"value": "mean"},) * 5,
    )
    linear = replace(
        _scored("linear", "Linear (ridge)", 30, (0.309, 0.0151), Difference(0.0048, 0.001, 0.0086)),
        verdict="as good",
        settings=tuple({"penalty": p} for p in (0.1, 0.1, 1.0, 0.1, 10.0)),
        notes=("Two columns were dropped because they repeat others.",),
    )
    tree = replace(
        _scored("tree", "Decision tree", 90, (0.343, 0.017), Difference(0.027, 0.016, 0.038)),
        verdict="worse",
        settings=tuple({"leaves": n, "min_rows": 5} for n in (12, 14, 9, 17, 12)),
    )
    boosting = replace(
        _scored("boosting", "Boosted trees", 110, (0.301, 0.015), Difference(-0.005, -0.009, 0.0)),
        verdict="as good",
        settings=tuple({"trees": t, "rate": 0.05, "leaves": 31} for t in (180, 211, 164, 190, 175)),
    )
    return (
        constant,
        linear,
        LadderEntry("naive_bayes", "Naive Bayes", 40, "skipped", "it predicts classes, not values"),
        tree,
        boosting,
        LadderEntry(
            "network",
            "Multilayer perceptron",
            120,
            "skipped",
            "torch is not installed; add rung[deep]",
        ),
    )


def _columns(target: str, unit: str) -> tuple[ColumnSummary, ...]:
    return (
        ColumnSummary("GASS", "number", "identifier", 0, 1179),
        ColumnSummary("NUVr", "number", "feature", 22, 1101, "mag"),
        ColumnSummary("model_r", "number", "feature", 0, 1154, "mag"),
        ColumnSummary("survey", "category", "constant", 0, 1),
        ColumnSummary(target, "number", "target", 0, 1020, unit),
    )


def _test_scores(value: float, half: float, key: str) -> dict[str, TestScore]:
    level = 1 - 0.05 / 3
    return {key: TestScore(value, value - half, value + half, level, "bootstrap-t (approximate)")}


def regression(target: str = "lgGF", source: str = "galaxies.csv") -> Result:
    """A plain regression run: linear is shown as good as boosting."""
    sentence = (
        "linear (rmse 0.309) is as good as the best, boosting (0.301): the difference is at most "
        "0.013, within the margin 0.016"
    )
    return Result(
        dataset=DatasetSummary(source, 1179, 22, _columns(target, "dex"), "b1946ac92492d234"),
        task="regression",
        target=target,
        metric="rmse",
        loss="squared_error",
        classes=(),
        positive=None,
        findings=regression_findings(),
        folds=FoldsSummary("random", 10, 1, 943, 943, 943, "row", "5eb63bbbe01eeed0"),
        ladder=regression_ladder(),
        choice=Choice(
            family="linear",
            leader="boosting",
            verdict="as good",
            is_claim=True,
            rule="simplest",
            metric="rmse",
            margin=0.016,
            margin_loss=0.0098,
            margin_source="default",
            sentence=sentence,
        ),
        test=TestResult(
            opened=True,
            n=236,
            families={"constant": "constant", "choice": "linear", "leader": "boosting"},
            scores={
                "constant": _test_scores(0.655, 0.062, "rmse"),
                "choice": {
                    **_test_scores(0.314, 0.034, "rmse"),
                    **_test_scores(0.77, 0.06, "r2"),
                },
                "leader": _test_scores(0.309, 0.033, "rmse"),
            },
        ),
        options={
            "target": target,
            "features": None,
            "drop": ("GASS",),
            "seed": 3,
            "folds": 10,
            "families": ("constant", "linear", "naive_bayes", "tree", "boosting"),
            "test_fraction": 0.2,
            "choose": "simplest",
        },
        seed=3,
        versions={"rung": "0.1.0", "python": "3.11.9", "numpy": "2.4.0", "lightgbm": "4.7.0"},
        command=Command(
            ("rung", "fit", source, f"--target={target}", "--drop=GASS", "--folds=10", "--seed=3")
        ),
    )


def regression_findings() -> tuple[Finding, ...]:
    """One finding of each severity."""
    return (
        Finding(
            "identifier", "info", ("GASS",), "GASS is different in every row.", "It is not used."
        ),
        Finding(
            "sentinel",
            "warning",
            ("NUVr",),
            "NUVr is -99 in 22 rows, far below the next value, 1.24.",
            "They are read as missing; keep them with --keep-values.",
        ),
        Finding(
            "leak",
            "alarm",
            ("lgGF_err", "lgSFR"),
            "lgSFR alone explains 99.8% of the target.",
            "Drop it if it is not known when you predict: --drop lgSFR.",
        ),
    )


def classification() -> Result:
    """Three classes, an undecided choice, nothing sealed."""
    base = regression("class", "spectra.csv")
    loss = {"constant": (0.94, 0.02), "linear": (0.071, 0.012), "boosting": (0.064, 0.013)}
    names = {"constant": "Class shares", "linear": "Logistic", "boosting": "Boosted trees"}
    ladder = tuple(
        LadderEntry(
            family,
            names[family],
            step,
            "scored",
            scores={
                "log_loss": _score(*loss[family]),
                "accuracy": _score(1 - loss[family][0] / 3, loss[family][1] / 2),
            },
            difference=Difference(loss[family][0] - 0.064, -0.004, 0.018),
            verdict="worse" if family == "constant" else "undecided",
            settle_units={"constant": None, "linear": 3211.0, "boosting": float("inf")}[family],
            settings=({"penalty": 0.1},) * 5,
            confusion=((480.0, 3.0, 17.0), (5.0, 88.0, 0.0), (21.0, 1.0, 385.0)),
        )
        for family, step in (("constant", 10), ("linear", 30), ("boosting", 110))
    )
    return replace(
        base,
        task="multiclass",
        metric="log_loss",
        loss="log_loss",
        classes=("GALAXY", "QSO", "STAR"),
        findings=(),
        ladder=ladder,
        choice=replace(
            base.choice,
            verdict="undecided",
            is_claim=False,
            metric="log_loss",
            margin=0.0064,
            margin_loss=0.0064,
            sentence="undecided: linear (log_loss 0.0710) cannot be told from the best, boosting "
            "(0.0640): the difference lies between -0.0040 and 0.0180, the margin is 0.0064; "
            "about 3,200 rows would settle it",
        ),
        test=TestResult(
            opened=False, n=0, reason="the test would have had only 12 rows (30 are needed)"
        ),
    )


def nasty() -> Result:
    """A run in which every name is hostile."""
    base = regression(SCRIPT, STYLE_END)
    entries = list(base.ladder)
    entries[0] = replace(entries[0], title=TERMINAL, notes=NASTY)
    entries[1] = replace(
        entries[1],
        title=LONG,
        settings=({SCRIPT: STYLE_END, "many": list(NASTY)}, {SCRIPT: QUOTES, "many": [LONG]}),
    )
    entries[2] = replace(entries[2], title=RIGHT_TO_LEFT, reason=STYLE_END)
    entries[3] = replace(entries[3], title=QUOTES)
    entries[4] = replace(entries[4], title=SCRIPT)
    columns = tuple(ColumnSummary(n, "number", "feature", 1, 2, STYLE_END) for n in NASTY)
    target = (ColumnSummary(SCRIPT, "number", "target", 0, 9, STYLE_END),)
    return replace(
        base,
        dataset=replace(base.dataset, columns=columns + target),
        classes=(SCRIPT, STYLE_END, LONG),
        positive=QUOTES,
        findings=tuple(Finding(n, "alarm", NASTY, n, n) for n in NASTY),
        ladder=tuple(entries),
        choice=replace(base.choice, sentence=" ".join(NASTY)),
        test=replace(
            base.test,
            reason=SCRIPT,
            confusion=((480.0, 3.0, 17.0), (5.0, 88.0, 0.0), (21.0, 1.5, 385.0)),
        ),
        options={**base.options, "drop": NASTY, "positive": QUOTES},
        versions={SCRIPT: STYLE_END},
        command=Command((SCRIPT, *NASTY), {STYLE_END: SCRIPT, "folds": RIGHT_TO_LEFT}),
    )


EXAMPLES = {"regression": regression, "classification": classification, "nasty": nasty}

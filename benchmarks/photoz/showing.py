"""Turn the figures into the README."""

from __future__ import annotations

from typing import Any

METRICS = ("bias", "scatter", "outliers", "outliers_05")
COURSE_WANTED = 0.795
CLASS_NAMES = {"GALAXY": "galaxies", "QSO": "quasars", "STAR": "stars"}


def readme(found: dict[str, Any]) -> str:
    """Return the page."""
    cases = found["cases"]
    return f"""# Photometric redshifts

How far is a galaxy, from its brightness in five or six colours? `python -m benchmarks.photoz` asks the ladder, on one thread,
through `rung.fit` as anybody would: {found["processor_s"]:.0f} processor seconds in all. `RUNG_DATA` names the folder of the data.

With dz = (z_phot - z_spec) / (1 + z_spec), astronomers look at three numbers: the **bias**, the mean of dz; the **scatter**,
1.4826 times the median distance of dz from its median (sigma_NMAD); and the share of **outliers**, |dz| > 0.15 (and > 0.05).
All are from out-of-fold predictions, so every row was judged by models that had not seen it; brackets hold 95 % of 1,000
resamplings of the rows. The verdict is about squared error, the unit of RMSE.

{pick(cases)}

In plain words. **All SDSS objects**: quasars break every rung (their colours repeat along the redshift), and a few of them carry
the squared error, so forest, boosting and network cannot be told apart by it; take the forest, whose scatter is half to three
fifths of theirs. It cuts differences of magnitudes, which it finds by itself
([docs/decisions, page 16](../../docs/decisions/0016-relations.md)). **SDSS galaxies**: forest, boosting and network lie within two
percent, and whether a line is as good is not settled by these rows. Give the colours to neighbours, which then scatter by a fifth
to a half less; forests and boosting no longer need them. **Simulated LSST**: forest, boosting and network lie within five
percent and are not told apart, every simpler rung is worse; magnitudes alone do as well for the forest. A line gains nothing from
colours, as they are sums of what it has.

![Redshift that was said against the true one](said.svg)

![Median and scatter of dz against the redshift that was said](error.svg)

{"".join(section(name, case) for name, case in cases.items() if name in ("sdss", "galaxies"))}
On all objects, by what the spectrum says they are (the label divides rows afterwards; no model sees it; neither do models see
`plate`, `mjd` and `fiberid`, which tell how an object was observed and give its kind away):

{classes(found["classes"])}

{section("lsst", cases["lsst"])}
Where a galaxy is too faint for a band the table has 99. `rung` finds that by itself:

{findings(cases["lsst"])}

## What the features change

Scatter and outliers of the same rows in the same folds; below 0 is better, in brackets the 95 % interval of the change.

{changes(found["changes"], cases)}

## xGASS: gas of galaxies

Five folds in the order of the file, 22 rows without `NUVr` left out, R² as the mean of the folds, as in the course this
project grew from: its networks had .797 on one validation split (wanted here: at least {COURSE_WANTED}).

{course(cases["course"])}

With a sealed test, random folds and the 22 rows kept: {cases["xgass"]["sentence"]}
"""


def pick(cases: dict[str, Any]) -> str:
    """Say which rung to take on each survey."""
    lines = [
        "| question | rows scored | what the verdict says | sealed RMSE of the choice |",
        "|---|---|---|---|",
    ]
    for case in cases.values():
        if case["sealed"] is None:
            continue
        sealed = interval(case["sealed"]["choice"]["rmse"])
        lines.append(f"| {case['title']} | {case['scored']:,} | {case['sentence']} | {sealed} |")
    return "\n".join(lines)


def section(name: str, case: dict[str, Any]) -> str:
    """Return the table of a case's rungs, and what the sealed rows say."""
    head = "| rung | RMSE | R² | bias | scatter | outliers | beyond .05 | verdict | s |"
    lines = [f"\n## {case['title']}\n", head, "|" + "---|" * 9]
    for family, one in case["families"].items():
        figures = " | ".join(interval(one[key]) for key in ("rmse", "r2", *METRICS))
        lines.append(f"| {family} | {figures} | {one['verdict']} | {one['processor_s']:.0f} |")
    sealed = case["sealed"]["choice"]
    said = ", ".join(
        f"{key.replace('_05', ' beyond .05')} {interval(sealed[key])}" for key in METRICS
    )
    lines.append(
        f"\nSealed rows ({case['sealed']['n']:,}), opened once, {sealed['family']}: {said}.\n"
    )
    return "\n".join(lines)


def classes(found: dict[str, Any]) -> str:
    """Return the figures of the choice on each kind of object."""
    lines = [
        "| objects | number | bias | scatter | outliers | beyond .05 |",
        "|---|---|---|---|---|---|",
    ]
    for label, one in found.items():
        figures = " | ".join(interval(one[key]) for key in METRICS)
        lines.append(f"| {CLASS_NAMES.get(label, label)} | {one['n']:,} | {figures} |")
    return "\n".join(lines)


def findings(case: dict[str, Any]) -> str:
    """Return what the check of the table said."""
    return "\n".join(f"- {one}" for one in case["findings"])


def changes(found: dict[str, Any], cases: dict[str, Any]) -> str:
    """Return how each rung's figures change with other features."""
    lines = ["| case | rung | scatter | outliers |", "|---|---|---|---|"]
    for name, families in found.items():
        for family, one in families.items():
            figures = " | ".join(signed(one[key]) for key in ("scatter", "outliers"))
            lines.append(f"| {cases[name]['title']} | {family} | {figures} |")
    return "\n".join(lines)


def course(case: dict[str, Any]) -> str:
    """Return the rungs on the folds of the course."""
    lines = ["| rung | R² | by fold | verdict | s |", "|---|---|---|---|---|"]
    for family, one in case["families"].items():
        folds = one["r2_per_fold"]
        mean, each = sum(folds) / len(folds), ", ".join(f"{r2:.3f}" for r2 in folds)
        lines.append(
            f"| {family} | {mean:.4f} | {each} | {one['verdict']} | {one['processor_s']:.0f} |"
        )
    return "\n".join(lines)


def interval(figures: list[float]) -> str:
    """Return a value with its bounds.

    Examples
    --------
    >>> interval([0.25, 0.2, 0.31])
    '0.2500 (0.2000 to 0.3100)'
    """
    value, low, high = figures
    return f"{value:.4f} ({low:.4f} to {high:.4f})"


def signed(figures: list[float]) -> str:
    """Return a change with its bounds."""
    value, low, high = figures
    return f"{value:+.4f} ({low:+.4f} to {high:+.4f})"

"""Say what a run on images found beside the ladder: what was read, and the symmetry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rung.compute import RunContext, default_threads
from rung.core.events import Event, Listener
from rung.core.family import CrossFit
from rung.core.findings import Finding
from rung.core.losses import unit_losses
from rung.core.numbers import difference as shown_difference
from rung.core.result import DatasetSummary, FoldsSummary, whole_text
from rung.families import find
from rung.images.numbers import SCATTERING
from rung.kinds.image.beside import picture_beside_columns
from rung.kinds.image.options import ImageOptions
from rung.kinds.image.prepare import RIVALS, PreparedImages
from rung.kinds.kind import Ladder, Outcome
from rung.kinds.table.judge import out_of_fold
from rung.kinds.table.outcome import out_of_fold_columns, summarise_column
from rung.typing import JSON

CHEAP = f"{SCATTERING}_linear"


def outcome(
    prepared: PreparedImages,
    found: Ladder,
    options: ImageOptions,
    listener: Listener,
    seconds: dict[str, float],
) -> Outcome:
    """Sum up the images, and lay out what was predicted for them."""
    table, classes = prepared.table, prepared.problem.classes
    columns = out_of_fold_columns(table, found.judged.evidence)
    names = np.array(prepared.images.names, dtype=object)
    place = np.empty(len(names), dtype=np.int64)
    place[table.file_row] = np.arange(len(names))
    columns = {"image": names[place[columns["row"]]].astype(str), **columns}
    listener(Event("stage", text="comparing symmetries"))
    return Outcome(
        dataset=DatasetSummary(
            source=whole_text(prepared.name),
            rows=table.dataset.n_rows,
            rows_without_target=0,
            columns=(summarise_column(table.dataset, table.dataset.column(options.target)),),
            fingerprint=table.fingerprint,
        ),
        folds=FoldsSummary(
            kind=table.folds.kind,
            n_folds=table.folds.n_folds,
            n_repeats=table.folds.n_repeats,
            n_rows=table.folds.n_rows,
            n_scored=len(table.folds.scored),
            n_units=len(np.unique(table.units.train[table.folds.scored])),
            unit=table.units.name,
            fingerprint=table.folds.fingerprint,
            dependence=None,
        ),
        target=options.target,
        classes=classes,
        positive=None if table.positive is None else classes[table.positive],
        sections={"image": _section(prepared, options)},
        findings=(
            *_symmetry(prepared, found, options),
            *picture_beside_columns(found.judged.losses, len(options.features or ())),
        ),
        tables={"out_of_fold": columns},
    )


def _section(prepared: PreparedImages, options: ImageOptions) -> JSON:
    """Return what images were brought to, JSON-ready."""
    shape = prepared.images.shape
    return {
        "n_images": len(prepared.images.names),
        "height": shape.height,
        "width": shape.width,
        "channels": list(shape.channels),
        "cut": shape.cut,
        "stretch": shape.stretch,
        "symmetry": options.symmetry,
    }


def _symmetry(
    prepared: PreparedImages, found: Ladder, options: ImageOptions
) -> tuple[Finding, ...]:
    """Say what the declared symmetry costs or helps the cheap rung, on the same folds."""
    family = find(CHEAP, "image")
    is_fitted = CHEAP in {one.name for one in found.trained}
    if prepared.rival is None or not is_fitted or family is None:
        return ()
    problem = replace(prepared.problem, design=prepared.rival)
    context: Any = RunContext(options.seed, problem, options.threads or default_threads())
    fits: dict[str, CrossFit] = {
        "constant": found.fitted("constant"),
        CHEAP: found.fitted(CHEAP),
        "rival": family.cross_fit(problem, prepared.folds, context),
    }
    oof = out_of_fold(prepared.table, fits)
    losses = unit_losses(oof, prepared.metric.loss)
    change = losses.influence[:, 2] - losses.influence[:, 1]
    difference = float(losses.means[2] - losses.means[1])
    half = 1.96 * float(change.std(ddof=1)) / len(change) ** 0.5
    own, rival = options.symmetry, RIVALS[options.symmetry]
    is_better = difference + half < 0
    is_worse = difference - half > 0
    outcome_ = "loses" if is_better else "gains" if is_worse else "does not differ"
    amount = "" if outcome_ == "does not differ" else f" {abs(difference):.3g}"
    return (
        Finding(
            "symmetry",
            "warning" if is_better else "info",
            (),
            f"with --symmetry {own} scattering under a linear model {outcome_}{amount} in mean "
            f"{prepared.metric.loss.replace('_', ' ')} against --symmetry {rival} "
            f"(difference {shown_difference(-difference, half)}, the same folds)",
            f"--symmetry {rival} predicts better here" if is_better else "keep what is declared",
        ),
    )

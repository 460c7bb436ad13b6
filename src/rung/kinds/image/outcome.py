"""Say what a run on images found beside the ladder: pictures, the worst losses, the symmetry."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import replace
from typing import Any

import numpy as np

from rung.compute import RunContext, default_threads
from rung.core.events import Event, Listener
from rung.core.family import CrossFit
from rung.core.findings import Finding
from rung.core.losses import unit_losses
from rung.core.result import DatasetSummary, FoldsSummary, whole_text
from rung.families import find
from rung.images.numbers import SCATTERING
from rung.images.sizing import resize
from rung.images.statistics import fill_missing
from rung.kinds.image.beside import picture_beside_columns
from rung.kinds.image.options import ImageOptions
from rung.kinds.image.prepare import RIVALS, PreparedImages
from rung.kinds.kind import Ladder, Outcome
from rung.kinds.table.judge import out_of_fold
from rung.kinds.table.outcome import out_of_fold_columns, summarise_column
from rung.typing import JSON, Array

OF_A_CLASS, MOST_CLASSES, WORST = 6, 12, 12
SIDE = 48
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
        sections={"image": _section(prepared, found, options, columns)},
        findings=(
            *_symmetry(prepared, found, options),
            *picture_beside_columns(found.judged.losses, len(options.features or ())),
        ),
        tables={"out_of_fold": columns},
    )


def _section(
    prepared: PreparedImages, found: Ladder, options: ImageOptions, columns: dict[str, Array]
) -> JSON:
    """Return the pictures of the page with their labels, JSON-ready."""
    shape, table = prepared.images.shape, prepared.table
    return {
        "n_images": len(prepared.images.names),
        "height": shape.height,
        "width": shape.width,
        "channels": list(shape.channels),
        "cut": shape.cut,
        "stretch": shape.stretch,
        "symmetry": options.symmetry,
        "classes": [
            {
                "label": label,
                "images": [
                    _shown(prepared, int(i))
                    for i in table.train[prepared.problem.y == k][:OF_A_CLASS]
                ],
            }
            for k, label in enumerate(prepared.problem.classes[:MOST_CLASSES])
        ],
        "worst": _worst(prepared, found.choice, columns),
    }


def _worst(prepared: PreparedImages, choice: str, columns: dict[str, Array]) -> list[JSON]:
    """Return the images that the choice is furthest from, out of fold."""
    table, classes = prepared.table, prepared.problem.classes
    place = np.empty(len(table.file_row), dtype=np.int64)
    place[table.file_row] = np.arange(len(place))
    rows = place[columns["row"]]
    if not classes:
        miss = np.abs(columns[choice] - columns["target"])
        predicted = [f"{value:.4g}" for value in columns[choice]]
        truth = [f"{value:.4g}" for value in columns["target"]]
    else:
        shares = np.column_stack([columns[f"{choice}:{label}"] for label in classes])
        labels = table.target.y[rows]
        miss = 1.0 - shares[np.arange(len(rows)), labels]
        predicted = [
            f"{classes[k]} {shares[i, k]:.2f}" for i, k in enumerate(shares.argmax(axis=1))
        ]
        truth = [classes[k] for k in labels]
    order = np.lexsort((rows, -miss))[:WORST]
    return [
        {**_shown(prepared, int(rows[i])), "truth": truth[i], "predicted": predicted[i]}
        for i in order
    ]


def _shown(prepared: PreparedImages, row: int) -> JSON:
    return {"name": prepared.images.names[row], "png": thumbnail(prepared.images.pixels[row])}


def thumbnail(pixels: Array) -> str:
    """Return a small PNG of an image, (channels, height, width), in base 64.

    Brightness is stretched from the 1st to the 99th percentile; of other channels than red, green
    and blue the mean is shown.

    Examples
    --------
    >>> base64.b64decode(thumbnail(np.eye(8)[None]))[1:4]
    b'PNG'
    """
    image = fill_missing(pixels[None].astype(np.float32))[0]
    image = image if len(image) == 3 else image.mean(axis=0, keepdims=True)
    height, width = image.shape[1:]
    scale = SIDE / max(height, width)
    if scale < 1:
        image = resize(image, max(round(height * scale), 1), max(round(width * scale), 1))
    low, high = np.percentile(image, (1, 99))
    grey = np.clip((image - low) / max(float(high - low), 1e-30), 0, 1)
    return base64.b64encode(_png((grey * 255).round().astype(np.uint8))).decode("ascii")


def _png(pixels: Array) -> bytes:
    """Write a PNG of 8 bits from (channels, height, width); the standard library is enough."""
    n_channels, height, width = pixels.shape
    rows = np.moveaxis(pixels, 0, 2).reshape(height, -1)
    raw = b"".join(b"\x00" + row.tobytes() for row in rows)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2 if n_channels == 3 else 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(raw, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


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
            f"(difference {-difference:+.3g} ± {half:.2g}, the same folds)",
            f"--symmetry {rival} predicts better here" if is_better else "keep what is declared",
        ),
    )

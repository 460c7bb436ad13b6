"""The kind of data that is a set of images, each with a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rung.core.events import Listener
from rung.core.marks import TableRows
from rung.kinds.image.checks import check_images
from rung.kinds.image.model import KIND as NAME
from rung.kinds.image.model import fitted, parse_images_model
from rung.kinds.image.options import ImageOptions, make_image_options
from rung.kinds.image.outcome import outcome
from rung.kinds.image.pixel_file import HELD
from rung.kinds.image.prepare import PreparedImages, prepare
from rung.kinds.image.reading import is_image_source
from rung.kinds.kind import Kind, Words
from rung.kinds.table.blending import climb_blend
from rung.kinds.table.judge import judge, sealed_test
from rung.kinds.table.memory import MemoryLimit, memory_limit
from rung.typing import JSON


def _recognises(data: Any, asked: Mapping[str, Any]) -> bool:
    """Tell whether images are meant: by labels or a column of paths, or by what the data are."""
    if asked.get("reading") is not None:
        return False
    named = asked.get("labels") is not None or asked.get("images") is not None
    return named or is_image_source(data)


def _question(prepared: PreparedImages, options: ImageOptions) -> str:
    shape, target = prepared.images.shape, prepared.table.target
    what = (
        f"{len(target.classes)} classes"
        if target.classes
        else f"numbers from {target.y.min():.4g} to {target.y.max():.4g}"
    )
    cut = f"cut to {shape.cut} pixels, " if shape.cut else ""
    stretch = "" if shape.stretch == "none" else f", stretched by {shape.stretch}"
    return (
        f"{len(prepared.images.names):,} images, {cut}{shape.width} x {shape.height} pixels, "
        f"{', '.join(shape.channels)}{stretch}; symmetry {options.symmetry}; "
        f"target {options.target!r}: {what}"
    )


def _asks(prepared: PreparedImages, options: ImageOptions) -> JSON:
    return {"target": options.target, "task": prepared.problem.task}


def _rows(prepared: PreparedImages, options: ImageOptions) -> TableRows:
    return TableRows(prepared.table.sealed_rows, options.target)


def _limit(
    prepared: PreparedImages, options: ImageOptions, n_families: int, listener: Listener
) -> MemoryLimit:
    """Say what the run may hold: numbers, and pixels where they are not in a file."""
    found = memory_limit(prepared.table, options.of_table, n_families, listener)
    pixels = prepared.images.pixels
    held = pixels.nbytes if pixels.nbytes <= HELD else 0
    n_pixels = int(np.prod(pixels.shape[2:]))
    return replace(found, taken=found.taken + held, sizes=replace(found.sizes, n_pixels=n_pixels))


KIND = Kind(
    name=NAME,
    words=Words(reading="reading images", opening="opening the sealed images"),
    options=ImageOptions,
    make_options=make_image_options,
    recognises=_recognises,
    owns=lambda spec: spec.get("kind") == NAME,
    prepare=prepare,
    question=_question,
    asks=_asks,
    limit=_limit,
    judge=lambda prepared, fits: judge(prepared.table, fits),
    blend=lambda families, prepared, *rest, room: climb_blend(
        families, prepared.table, *rest, room=room
    ),
    sealed_rows=_rows,
    test=lambda prepared, found, options: sealed_test(prepared.table, found, options.of_table),
    outcome=outcome,
    fitted=fitted,
    parse=parse_images_model,
    check=check_images,
    has_columns=True,
    table=lambda prepared: prepared.table,
)

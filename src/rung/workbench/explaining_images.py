"""Explain a saved model of images: on labelled images that are new to it, or on one image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.result import plain
from rung.data import ReadOptions, read_table
from rung.data.drift import keep_quiet
from rung.data.image_reading import ReadImages
from rung.errors import DataError, UsageError
from rung.explain.explanation import thinned
from rung.explain.image_columns import scales_of
from rung.explain.image_graph import graph_image
from rung.explain.image_models import columns_read, form_of
from rung.explain.image_networks import networks_of
from rung.explain.image_parts import image_view, network_view
from rung.explain.shap import can_explain, shap_values
from rung.explain.shap_view import shap_data
from rung.graph.picture import Graph
from rung.kinds.image.beside import ReadRows, read_rows
from rung.kinds.image.model import FittedImages
from rung.kinds.image.options import make_image_options
from rung.kinds.image.reading import read_labelled
from rung.kinds.model_file import load
from rung.kinds.table.scoring import known_target
from rung.report.image_page import image_page
from rung.report.numbers import clean, count
from rung.report.panel import brief
from rung.report.sections.image_network import view_of_network
from rung.report.sections.image_parts import view_of
from rung.report.words import metric_words
from rung.store.durable import write_bytes
from rung.typing import JSON, Array
from rung.workbench.explaining import FEWEST_ROWS, as_held_out, truth_of_rows

NOTE = "true of new images only if the model has not learned from these"


def images_model(model: str | Path) -> FittedImages | None:
    """Return the model of a file if it is one of images."""
    found = load(model)
    return found if isinstance(found, FittedImages) else None


@one_thread_each()
def explain_images(fitted: FittedImages, data: Any, labels: Any = None) -> JSON:
    """Return which scales, angles and statistics matter to a model, and where it fails.

    Parameters
    ----------
    fitted : FittedImages
        The model.
    data : path or ndarray
        Images that are new to it: a folder for each class, or with labels.
    labels : path, frame or ndarray, optional
        As `rung.fit` takes them.

    Returns
    -------
    dict
        `importance`, a dictionary for each way to put columns together (empty for a network, which
        has none), `truth`, and `shap` where the family has exact SHAP values.

    Raises
    ------
    DataError
        If hardly any image has a label that the model knows.
    """
    rows, y, known = _labelled(fitted, data, labels)
    if len(known) < FEWEST_ROWS:
        raise DataError(
            f"{len(known)} images have a label that the model knows; at least {FEWEST_ROWS} are needed",
            f"give images with {fitted.predictor.target!r}",
        )
    names = [rows.names[i] for i in known]
    cells = {name: own[known] for name, own in rows.cells.items()}
    held = as_held_out(fitted.predictor, fitted.design(rows.read.pixels[known], cells), y[known])
    outputs = fitted.predictor.predict_design(held.design)
    models, design = columns_read(held.models, held.design)
    bare = replace(held, models=models, problem=replace(held.problem, design=design))
    form = form_of(fitted.family)
    shap = shap_data(bare, shap_values(bare, form)) if bare.features and can_explain(form) else {}
    found: JSON = {
        "family": fitted.family.name,
        "title": fitted.family.title,
        "target": fitted.predictor.target,
        "n_rows": len(known),
        "n_left_out": len(y) - len(known),
        "importance": scales_of(bare) if bare.features else [],
        "truth": truth_of_rows(held, outputs, lambda own: [names[i] for i in own]),
        **({"shap": shap} if shap else {}),
        "note": NOTE,
    }
    made: JSON = thinned(plain(found))
    return made


def _labelled(fitted: FittedImages, data: Any, labels: Any) -> tuple[ReadRows, Array, Array]:
    """Return images with the cells beside them, their labels, and which the model knows."""
    if fitted.columns:
        table = data if labels is None else labels
        rows = read_rows(
            data,
            labels,
            shape=fitted.shape,
            columns=fitted.columns,
            options=ReadOptions(),
            tell=keep_quiet,
        )
        own = read_table(table).dataset.take(rows.read.kept)
        return rows, *known_target(fitted.predictor, own)
    asked = {"target": fitted.predictor.target, "families": ("constant",)}
    given = asked if labels is None else asked | {"labels": labels}
    read = read_labelled(data, make_image_options(given), fitted.shape)
    found = ReadImages(read.pixels, np.arange(len(read.names)), read.shape, read.findings)
    return ReadRows(read.names, found, {}), *known_target(fitted.predictor, read.labels)


def explained_images_text(found: JSON) -> str:
    """Return explanations of `explain_images` as lines for a console."""
    left = f", {found['n_left_out']} without a known label left out" if found["n_left_out"] else ""
    lines = [
        f"{clean(found['title'])} on {count(found['n_rows'])} images{left}",
        f"({found['note']})",
    ]
    for way in found["importance"]:
        metric = metric_words(way["metric"]).title
        lines += ["", f"by {way['way']}: {metric} {way['whole']:.4g}, when numbers are shuffled:"]
        lines += [
            f"  {clean(row['columns'][0])} ({_numbers(row['n_columns'])}): {row['metric']:.4g} "
            f"({row['low']:.4g} to {row['high']:.4g}), {row['verdict']}"
            for row in way["columns"]
        ]
    if not found["importance"]:
        lines += ["", "it reads pixels, which have no names: --row N shows what it looks at"]
    lines += ["", "the largest errors:"]
    for one in found["truth"]["largest"]:
        facts = ((key, brief(v) if isinstance(v, float) else clean(v)) for key, v in one.items())
        lines.append("  " + ", ".join(f"{key} {shown}" for key, shown in facts if key != "fold"))
    return "\n".join(lines)


def _numbers(n: int) -> str:
    return "1 number" if n == 1 else f"{n:,} numbers"


@one_thread_each()
def explain_image(fitted: FittedImages, data: Any, row: int) -> JSON:
    """Return what a model says of one image, which parts matter, and what its network sees.

    Parameters
    ----------
    fitted : FittedImages
        The model.
    data : path or ndarray
        Images; they need no labels.
    row : int
        Counted from 1, in the order of names of files, or of the array.

    Raises
    ------
    UsageError
        If there is no such image.
    """
    name, pixels, cells = _one_image(fitted, data, row)
    networks = networks_of(fitted.predictor.model)
    found: JSON = {
        "family": fitted.family.name,
        "title": fitted.family.title,
        "target": fitted.predictor.target,
        "row": row,
        "image": name,
        **image_view(fitted, networks, pixels, cells),
        "network": network_view(networks[0], pixels) if networks else None,
    }
    made: JSON = thinned(plain(found))
    return made


def _one_image(fitted: FittedImages, data: Any, row: int) -> tuple[str, Array, dict[str, Array]]:
    """Return name, pixels and the cells beside one image, counted from 1."""
    rows = read_rows(
        data,
        None,
        shape=fitted.shape,
        columns=fitted.columns,
        options=ReadOptions(),
        tell=keep_quiet,
    )
    place = np.flatnonzero(rows.read.kept == row - 1)
    if not len(place):
        n_read = len(rows.names)
        raise UsageError(
            f"image {row} is not there, or cannot be read; {n_read:,} are there, the first is 1",
            f"ask for --row 1 to --row {int(rows.read.kept.max()) + 1}",
        )
    cells = {name: own[place] for name, own in rows.cells.items()}
    return rows.names[place[0]], rows.read.pixels[place[0]], cells


@one_thread_each()
def graph_one_image(fitted: FittedImages, data: Any, row: int) -> Graph:
    """Draw the network of a model with shapes and numbers of one image.

    Raises
    ------
    UsageError
        If the model is no network, or no images are given.
    """
    if data is None:
        raise UsageError(
            "a model file holds no images, and none are given", "add --data with the images"
        )
    name, pixels, _ = _one_image(fitted, data, row)
    return graph_image(fitted, pixels, name)


def image_text(found: JSON) -> str:
    """Return the explanation of an image as lines for a console."""
    view = view_of(found)
    lines = [f"{clean(found['title'])}, row {found['row']}, image {view['name']}: {view['said']}"]
    ranked = sorted(found["chances"].items(), key=lambda one: -one[1])
    lines += [f"  {clean(label)}: {chance:.3g}" for label, chance in ranked[:5]]
    unit = ", in percentage points" if found["chances"] else ""
    lines += ["", f"what hiding a part takes off {view['of']}{unit}, row by row from above:"]
    cells = [
        [f"{100 * value:+.1f}" if unit else f"{value:+.2g}" for value in own]
        for own in found["occlusion"]["lost"]
    ]
    wide = max(len(cell) for own in cells for cell in own)
    lines += ["  " + " ".join(cell.rjust(wide) for cell in own) for own in cells]
    if view["gradient"]:
        lines += ["", f"gradient map: {view['gradient']}"]
    if found["network"]:
        maps = view_of_network(_of_network(found))["maps"]
        lines += ["", "the network, stage by stage:"]
        lines += [f"  {one['name']}: {one['size']}" for one in maps["stages"]]
    return "\n".join(lines)


def write_image_page(found: JSON, out: Path, *, force: bool = False) -> None:
    """Write the explanation of an image as a page.

    Raises
    ------
    UsageError
        If the file exists, or its name is none of a page.
    """
    check_page_output(out, force=force)
    views = [
        {"family": found["family"], "title": clean(found["title"]), "images": [view_of(found)]}
    ]
    network = view_of_network(_of_network(found)) if found["network"] else None
    page = image_page(f"{found['title']}: image {found['image']}", views, network)
    write_bytes(out, page.encode("utf-8"))


def check_page_output(out: Path, *, force: bool) -> None:
    """Refuse a page that could not be written, before anything is computed."""
    if out.suffix != ".html":
        raise UsageError(
            f"output {out.name!r} ends in {out.suffix!r}; .html is known", "rename the output"
        )
    if out.exists() and not force:
        raise UsageError(f"output {str(out)!r} exists", "use --force to replace it")


def _of_network(found: JSON) -> JSON:
    own: JSON = found["network"]
    return {**{key: found[key] for key in ("title", "family", "image")}, **own}

"""A model that predicts images, and the file that holds it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, State
from rung.core.findings import Finding
from rung.core.result import Result, plain
from rung.data import ReadOptions
from rung.data.image_reading import ImageShape, Stretch
from rung.errors import BadModelFile, DataWarning, UsageError
from rung.families import find, whole_ladder
from rung.flags import in_python
from rung.images.numbers import (
    BACKBONE,
    BESIDE,
    PIXEL,
    SCATTERING,
    pixel_columns,
    scattering_columns,
    sources_of_family,
)
from rung.images.rows import PixelRows
from rung.images.scattering import Symmetry
from rung.kinds.image.backbone import FrozenBackbone, load_backbone
from rung.kinds.image.beside import PREFIX, ReadRows, columns_of_model, read_rows
from rung.kinds.image.brightness import (
    Limits,
    brightness_limits,
    differing_brightness,
    read_limits,
    written,
)
from rung.kinds.image.prepare import PreparedImages
from rung.kinds.kind import Ladder
from rung.kinds.model_file import REMEDY, one_of, provenance, string, under
from rung.kinds.table.column_files import describe_column, read_columns
from rung.kinds.table.model import TASKS, FittedModel
from rung.report.numbers import clean
from rung.store.durable import write_bytes
from rung.store.modelfile import pack
from rung.typing import JSON, Array

KIND = "image"
MOST_CHANNELS, LARGEST_SIDE, LARGEST_CUT = 100, 1024, 100_000


@dataclass(frozen=True)
class FittedImages:
    """A model of the ladder with all it needs to predict images.

    Attributes
    ----------
    predictor : FittedModel
        What predicts from the numbers of an image; its columns are none that a table has.
    shape : ImageShape
        What images are brought to.
    symmetry : str
        Under which scattering is summed up.
    columns : tuple of Column
        Of the labels, which the model takes beside each image.
    backbone : FrozenBackbone or None
        The network whose features the model takes.
    brightness : tuple of (float, float)
        Of each channel: the means beyond which an image is unlike those of training; empty in
        older files.
    """

    predictor: FittedModel
    shape: ImageShape
    symmetry: Symmetry
    columns: tuple[Column, ...] = ()
    backbone: FrozenBackbone | None = None
    brightness: Limits = ()

    def __repr__(self) -> str:
        """Say in a line what predicts what."""
        return f"FittedImages({self.family.title} {self._said})"

    def _repr_html_(self) -> str:
        from rung.report.notebook import model_html

        return model_html(self.family.title, self._said)

    @property
    def _said(self) -> str:
        size = f"{self.shape.width} x {self.shape.height} pixels"
        return f"predicts {clean(self.predictor.target)} from images of {size}"

    @property
    def family(self) -> Family:
        """The rung that the model stands on."""
        return self.predictor.family

    @property
    def about(self) -> Mapping[str, Any]:
        """Where the model comes from."""
        return self.predictor.about

    def predict(self, data: Any, *, beside: Any = None) -> Array:
        """Return the value or the class of every image.

        Parameters
        ----------
        data : path or ndarray
            A folder, a file, or an array as `rung.fit` takes; for a model that takes columns
            beside the images also a table that names images below its folder.
        beside : path or frame, optional
            These columns, a row an image.
        """
        outputs = self._told_outputs(data, beside)
        if self.predictor.task == "regression":
            return np.ascontiguousarray(outputs[:, 0])
        return np.asarray(np.array(self.predictor.classes)[outputs.argmax(axis=1)])

    def predict_proba(self, data: Any, *, beside: Any = None) -> Array:
        """Return class probabilities, shape (n_images, n_classes), in the order of the classes.

        Raises
        ------
        UsageError
            If the model predicts a quantity.
        """
        if self.predictor.task == "regression":
            raise UsageError("only classes have probabilities", "use predict")
        return self._told_outputs(data, beside)

    def _told_outputs(self, data: Any, beside: Any) -> Array:
        _, outputs, findings = self._outputs(data, beside)
        for one in (one for one in findings if one.severity != "info"):
            warnings.warn(in_python(f"{one.message}; {one.remedy}"), DataWarning, stacklevel=3)
        return outputs

    def _outputs(
        self, data: Any, beside: Any = None, options: ReadOptions | None = None
    ) -> tuple[ReadRows, Array, tuple[Finding, ...]]:
        told: list[Finding] = []
        rows = read_rows(
            data,
            beside,
            shape=self.shape,
            columns=self.columns,
            options=options or ReadOptions(),
            tell=told.append,
        )
        outputs = self.predict_pixels(rows.read.pixels, rows.cells)
        if self.brightness:
            told += differing_brightness(rows.read.pixels, self.brightness, self.shape.channels)
        return rows, outputs, (*rows.read.findings, *told)

    def predict_pixels(self, pixels: Array, cells: Mapping[str, Array] | None = None) -> Array:
        """Predict images that were brought to the shape, (n, channels, height, width).

        Parameters
        ----------
        pixels : ndarray, float32
            The images.
        cells : mapping of str to ndarray, optional
            Of the columns beside them, coded as the model knows them.
        """
        return self.predictor.predict_design(self.design(pixels, cells))

    def design(self, pixels: Array, cells: Mapping[str, Array] | None = None) -> Dataset:
        """Return images that were brought to the shape as rows of the columns that it reads."""
        with one_thread_each():
            numbers = self._numbers(pixels)
        beside = tuple(replace(one, name=f"{PREFIX}{one.name}") for one in self.columns)
        listed = (*(Column(name, "number") for name in numbers), *beside)
        items = PixelRows(pixels, np.arange(len(pixels)), self.symmetry)
        return Dataset(listed, {**numbers, **(cells or {})}, len(pixels), items)

    def _numbers(self, pixels: Array) -> dict[str, Array]:
        wanted, channels = sources_of_model(self.predictor), self.shape.channels
        found = pixel_columns(pixels, channels) if PIXEL in wanted else {}
        if SCATTERING in wanted:
            found |= scattering_columns(pixels, channels, [self.symmetry])[self.symmetry]
        if self.backbone is not None:
            found |= self.backbone.columns(pixels, self.symmetry)
        return found

    def describe(self) -> JSON:
        """Return what `inspect` says of the model; JSON-ready."""
        own = self.predictor.describe()
        columns = [describe_column(c) | {"levels": len(c.levels)} for c in self.columns]
        listed = {"columns": columns, "images": asdict(self.shape), "symmetry": self.symmetry}
        if self.backbone is not None:
            listed["backbone"] = self.backbone.said
        return {**own, **plain(listed)}

    def table(self, data: Any, options: Any, tell: Callable[[Finding], None]) -> JSON:
        """Return `image`, `prediction`, and a probability a class, of every image."""
        rows, outputs, findings = self._outputs(data, options=options)
        for finding in findings:
            if finding.severity != "info":
                tell(finding)
        found: JSON = {"image": list(rows.names)}
        if self.predictor.task == "regression":
            return found | {"prediction": outputs[:, 0]}
        classes = self.predictor.classes
        found["prediction"] = np.array(classes, dtype=object)[outputs.argmax(axis=1)].tolist()
        return found | {f"probability:{label}": outputs[:, j] for j, label in enumerate(classes)}

    def save(self, path: str | Path) -> Path:
        """Write the model file; it holds numbers and names, and no code."""
        target = Path(path)
        write_bytes(target, self.to_bytes())
        return target

    def to_bytes(self) -> bytes:
        """Return what the model file holds."""
        own, state = self.predictor, self.predictor.model.to_state()
        spec = {
            "kind": KIND,
            "family": own.family.name,
            "state_version": own.family.state_version,
            "task": own.task,
            "target": own.target,
            "shape": plain(asdict(self.shape)),
            "symmetry": self.symmetry,
            **({"brightness": written(self.brightness)} if self.brightness else {}),
            **({"columns": list(map(describe_column, self.columns))} if self.columns else {}),
            "state": plain(state.spec),
            "about": plain(own.about),
        }
        arrays = {f"state/{name}": array for name, array in state.arrays.items()}
        if self.backbone is not None:
            spec["backbone"] = plain(self.backbone.spec())
            arrays |= {f"{BACKBONE}/{name}": a for name, a in self.backbone.weights.items()}
        strings = {f"state/{name}": table for name, table in state.strings.items()}
        for i, column in enumerate(self.columns):
            if column.kind == "category":
                strings[f"levels/{i}"] = column.levels
        return pack(spec, arrays, {**strings, "classes": own.classes})


def sources_of_model(predictor: FittedModel) -> set[str]:
    """Return with which words the columns begin that a model takes; a blend what its members do."""
    members = getattr(predictor.model, "members", ())
    families = [member.family for member in members] or [predictor.family]
    return {source for family in families for source in sources_of_family(family.name)}


def parse_images_model(
    spec: Mapping[str, Any], arrays: Mapping[str, Array], strings: Mapping[str, Sequence[str]]
) -> FittedImages:
    """Turn the contents of a model file into a model of images, after checking all of them."""
    family = find(string(spec["family"]), KIND)
    if family is None or spec["state_version"] != family.state_version:
        raise BadModelFile(
            f"family {spec['family']!r} of version {spec['state_version']!r} is unknown; this "
            f"version knows {', '.join(one.name for one in whole_ladder(KIND))}",
            "update rung, or train again",
        )
    task, classes = one_of(spec["task"], TASKS), tuple(strings["classes"])
    if (len(classes) >= 2) != (task != "regression") or len(set(classes)) != len(classes):
        raise BadModelFile(f"a {task} model with {len(classes)} classes", REMEDY)
    state = State(dict(spec["state"]), under(arrays, "state/"), under(strings, "state/"))
    target, about = string(spec["target"]), dict(spec["about"])
    predictor = FittedModel(family, family.load(state), (), task, target, classes, about)
    shape = _read_shape(spec["shape"])
    symmetry = one_of(spec["symmetry"], get_args(Symmetry))
    columns = read_columns(spec.get("columns", ()), strings)
    backbone = None
    if BACKBONE in sources_of_model(predictor):
        backbone = load_backbone(spec["backbone"], under(arrays, f"{BACKBONE}/"))
    brightness: Limits = ()
    if "brightness" in spec:
        brightness = read_limits(spec["brightness"], len(shape.channels))
    found = FittedImages(predictor, shape, symmetry, columns, backbone, brightness)
    tried = np.zeros((2, len(shape.channels), shape.height, shape.width), dtype=np.float32)
    tried[1, :, ::2] = np.nan
    codes, numbers = np.array([-1, -2], dtype=np.int32), np.array([np.nan, 1e300])
    found.predict_pixels(
        tried, {f"{PREFIX}{one.name}": codes if one.is_coded else numbers for one in columns}
    )
    return found


def _read_shape(spec: Mapping[str, Any]) -> ImageShape:
    sizes = {"height": LARGEST_SIDE, "width": LARGEST_SIDE, "cut": LARGEST_CUT}
    for name, most in sizes.items():
        low = 0 if name == "cut" else 1
        if type(spec[name]) is not int or not low <= spec[name] <= most:
            raise BadModelFile(f"{name} {spec[name]!r} is no size of an image", REMEDY)
    channels = tuple(map(string, spec["channels"]))
    if not 1 <= len(channels) <= MOST_CHANNELS:
        raise BadModelFile(f"{len(channels)} channels are too many or too few", REMEDY)
    stretch = one_of(spec["stretch"], get_args(Stretch))
    return ImageShape(spec["height"], spec["width"], channels, spec["cut"], stretch)


def fitted(prepared: PreparedImages, found: Ladder, family: Family, result: Result) -> FittedImages:
    """Return the model of a family with what images are brought to, and where it comes from."""
    predictor = FittedModel(
        family=family,
        model=found.model(family.name),
        columns=(),
        task=result.task,
        target=result.target,
        classes=result.classes,
        about=provenance(family, result),
    )
    return of_pixels(predictor, prepared)


def of_pixels(predictor: FittedModel, prepared: PreparedImages) -> FittedImages:
    """Return what predicts from the numbers of an image as what predicts from its pixels."""
    wanted, items = sources_of_model(predictor), prepared.table.dataset.items
    assert isinstance(items, PixelRows)
    return FittedImages(
        predictor,
        prepared.images.shape,
        items.symmetry,
        columns_of_model(prepared.table.dataset) if BESIDE in wanted else (),
        prepared.backbone if BACKBONE in wanted else None,
        brightness_limits(items.pixels, items.places[prepared.table.train]),
    )

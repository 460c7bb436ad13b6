"""Prepare images for the climb: read, number, seal, divide."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.divide import FoldPlan, divide
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.keys import KeyColumn, find_keys
from rung.core.metrics import Metric
from rung.core.seal import Seal, Sealing, replay, seal_rows
from rung.core.task import TargetColumn, has_target, make_target, positive_index
from rung.errors import DataError, TargetProblem
from rung.families import select
from rung.images.alike import digests_of, likeness_keys
from rung.images.numbers import (
    BACKBONE,
    PIXEL,
    SCATTERING,
    pixel_columns,
    scattering_columns,
    sources_of_family,
)
from rung.images.rows import PixelRows
from rung.images.scattering import Symmetry
from rung.kinds.image.backbone import FrozenBackbone, beyond_range, read_backbone
from rung.kinds.image.beside import beside_images
from rung.kinds.image.grouping import groups_of, joined_keys
from rung.kinds.image.options import ImageOptions
from rung.kinds.image.reading import LabelledImages, read_labelled, spread_over
from rung.kinds.image.repeats import conflicts, repeats
from rung.kinds.image.suspects import blank, saturated, taken_otherwise
from rung.kinds.limits import check_margin, check_target
from rung.kinds.table.division import DivisionPlan
from rung.kinds.table.metric import left_out, metric_for
from rung.kinds.table.prepare import PreparedTable
from rung.kinds.table.units import Units, division_findings
from rung.typing import Array, Role

LIKENESS = "likeness"
# What a declared symmetry is compared with, and no symmetry with.
RIVALS: Mapping[Symmetry, Symmetry] = {
    "none": "rotation",
    "shift": "none",
    "rotation": "none",
    "dihedral": "rotation",
}


@dataclass(frozen=True)
class PreparedImages:
    """Images ready for the climb, and the table of numbers that they became.

    Attributes
    ----------
    table : PreparedTable
        Numbers, target, seal and folds; everything but reading goes by it.
    images : LabelledImages
        In the order of the table's rows.
    rival : Dataset or None
        Training rows with the numbers under another symmetry, to compare.
    backbone : FrozenBackbone or None
        The network whose features are among the numbers.
    """

    table: PreparedTable
    images: LabelledImages
    rival: Dataset | None
    backbone: FrozenBackbone | None = None

    @property
    def problem(self) -> Problem:
        """What families see."""
        return self.table.problem

    @property
    def folds(self) -> Folds:
        """How the training images are divided."""
        return self.table.folds

    @property
    def metric(self) -> Metric:
        """What families are compared by."""
        return self.table.metric

    @property
    def seal(self) -> Seal:
        """How to find the sealed images again."""
        return self.table.seal

    @property
    def name(self) -> str:
        """Name of what was read."""
        return self.images.source

    @property
    def fingerprint(self) -> str:
        """Digest of all images and labels."""
        return self.table.fingerprint

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed on the way."""
        return self.table.findings


def prepare(data: Any, options: ImageOptions, seal: Seal | None = None) -> PreparedImages:
    """Read images and make them ready for the climb.

    Raises
    ------
    DataError
        If they cannot be used as asked; the message says why.
    """
    found = _ordered(_with_target(read_labelled(data, options), options.target), options)
    read, shown, rows = found.read, found.shown, found.digests
    target, sealing = found.target, _seal(found, options, seal)
    train, test = np.flatnonzero(~sealing.is_test), np.flatnonzero(sealing.is_test)
    metric = metric_for(options.of_table, target)
    check_target(target, train, options.target)
    check_margin(options.margin, metric, target)
    backbone = _backbone(read, options)
    numbers, rival = _numbers(read, options, backbone)
    dataset = replace(
        _dataset(shown, numbers, found.beside),
        items=PixelRows(read.pixels, np.arange(shown.n_rows), options.symmetry),
    )
    keys = find_keys([sealing.keys.distinct[i] for i in sealing.keys.of_row[train]])
    labels = None if target.labels is None else target.labels[train]
    plan = FoldPlan(options.folds, options.repeats, options.seed)
    grouped = options.group_columns
    folds = divide(keys, labels, plan, times=None, is_grouped=bool(grouped))
    problem = Problem(
        target.task, dataset.take(train), target.y[train], target.classes, metric.training_loss
    )
    sealed_unit = np.unique(sealing.keys.of_row[test], return_inverse=True)[1]
    called = (", ".join(grouped), "groups") if grouped else ("image", "images")
    units = Units(keys.of_row, sealed_unit, *called)
    table = PreparedTable(
        source=read.source,
        dataset=dataset,
        file_row=found.place,
        n_without_target=0,
        fingerprint=hashlib.blake2b(b"".join(sorted(rows)), digest_size=16).hexdigest(),
        target=target,
        positive=positive_index(target.classes, options.positive),
        metric=metric,
        sealing=sealing,
        train=train,
        test=test,
        sealed_rows=shown.take(test),
        problem=problem,
        folds=folds,
        units=units,
        dependence=None,
        findings=(
            *read.findings,
            *found.findings,
            *found.conflicts(train),
            *blank(read),
            *saturated(read),
            *beyond_range(read.pixels, backbone),
            *taken_otherwise(read, problem, train, folds),
            *_few(grouped, units, folds),
            *target.findings,
            *sealing.findings,
            *left_out(target),
        ),
    )
    other = None if rival is None else _dataset(shown, rival, found.beside).take(train)
    return PreparedImages(table, read, other, backbone)


@dataclass(frozen=True)
class _Ordered:
    """Images in the order of their content, which that of the files does not change."""

    read: LabelledImages
    shown: Dataset
    beside: Dataset
    digests: list[bytes]
    place: Array
    target: TargetColumn
    equal: list[str]
    findings: tuple[Finding, ...]

    def conflicts(self, train: Array) -> tuple[Finding, ...]:
        """Warn of equal training images with different labels; sealed ones are not looked at."""
        names, classes = self.read.names, self.target.classes
        own = [classes[int(k)] if classes else f"{k:.6g}" for k in self.target.y[train]]
        return conflicts([names[i] for i in train], [self.equal[i] for i in train], own)


def _ordered(read: LabelledImages, options: ImageOptions) -> _Ordered:
    images = digests_of(read.pixels)
    likeness = likeness_keys(read.pixels, images)
    keys = likeness
    if options.group_columns:
        keys = joined_keys(likeness, groups_of(read.labels, options.group_columns))
    target = make_target(read.labels, options.target, options.task)
    beside = beside_images(read.labels, options)
    rows = [
        _digest(one, ":".join(map(str, row)))
        for one, *row in zip(images, target.y, *beside.values.values(), strict=True)
    ]
    order = np.array(sorted(range(len(rows)), key=rows.__getitem__), dtype=np.int64)
    found = read.take(order)
    return _Ordered(
        read=found,
        shown=_labels(found, [keys[i] for i in order], options),
        beside=beside.take(order),
        digests=[rows[i] for i in order],
        place=order,
        target=make_target(found.labels, options.target, options.task),
        equal=[images[i] for i in order],
        findings=repeats(read.names, images, likeness),
    )


def _seal(found: _Ordered, options: ImageOptions, seal: Seal | None) -> Sealing:
    columns = (KeyColumn(_key_name(options), "string"),)
    labels, digests = found.target.labels, found.digests
    if seal is not None:
        return replay(seal, found.shown, labels, columns=columns, digests=digests)
    return seal_rows(
        found.shown,
        labels,
        columns=columns,
        fraction=options.test_fraction,
        seed=options.seed,
        digests=digests,
    )


def _with_target(read: LabelledImages, target: str) -> LabelledImages:
    """Leave out images without a target."""
    names = [column.name for column in read.labels.columns]
    if target not in names:
        raise TargetProblem(
            f"target column {target!r} not found; the labels have {', '.join(map(repr, names))}",
            "name one of these with --target",
        )
    known = np.flatnonzero(has_target(read.labels, target))
    if len(known) < 2:
        raise DataError(f"{len(known)} images have a target; 10 are the fewest", "add labels")
    if len(known) == len(read.names):
        return read
    n_without = len(read.names) - len(known)
    said = Finding(
        "missing_target",
        "info",
        (),
        f"{n_without:,} of {len(read.names):,} images have no target and are left out",
        "fill them if they are known",
    )
    found = read.take(known)
    return replace(found, findings=(*found.findings, said))


def _key_name(options: ImageOptions) -> str:
    return ", ".join(options.group_columns) or LIKENESS


def _few(grouped: tuple[str, ...], units: Units, folds: Folds) -> tuple[Finding, ...]:
    if not grouped:
        return ()
    return division_findings(DivisionPlan(group_names=grouped), units, folds, n_aside=0)


def _digest(image: str, label: str) -> bytes:
    return hashlib.blake2b(f"{image}:{label}".encode(), digest_size=16).digest()


def _labels(read: LabelledImages, keys: list[str], options: ImageOptions) -> Dataset:
    """Return the target and what holds images together, a row an image."""
    levels, codes = np.unique(keys, return_inverse=True)
    name, target = _key_name(options), options.target
    role: Role = "group" if options.group_columns else "dropped"
    key = Column(name, "category", role, tuple(levels.tolist()))
    own = read.labels.column(target)
    return Dataset(
        (key, own),
        {key.name: codes.astype(np.int32), target: read.labels.values[target]},
        len(keys),
    ).with_roles({target: "target"})


def _dataset(shown: Dataset, numbers: Mapping[str, Array], beside: Dataset) -> Dataset:
    columns = (*(Column(name, "number") for name in numbers), *beside.columns, *shown.columns)
    return Dataset(columns, {**numbers, **beside.values, **shown.values}, shown.n_rows)


def _backbone(read: LabelledImages, options: ImageOptions) -> FrozenBackbone | None:
    """Read the network that is given, where a family wants it and torch is there to run it."""
    families = select(options.families, "image")
    wanted = any(BACKBONE in sources_of_family(one.name) for one in families)
    if options.backbone is None or not wanted:
        return None
    found = read_backbone(options.backbone, read.pixels.shape[1:])
    return found if importlib.util.find_spec("torch") else None


def _numbers(
    read: LabelledImages, options: ImageOptions, backbone: FrozenBackbone | None
) -> tuple[dict[str, Array], dict[str, Array] | None]:
    """Compute the numbers that the families asked for learn from, and scattering's rival."""
    names = [family.name for family in select(options.families, "image")]
    wanted = {source for name in names for source in sources_of_family(name)}
    spread, channels = spread_over(options.threads), read.shape.channels
    found: dict[str, Array] = {}
    if PIXEL in wanted:
        found |= pixel_columns(read.pixels, channels, spread)
    if backbone is not None:
        found |= backbone.columns(read.pixels, options.symmetry, spread)
    if SCATTERING not in wanted:
        return found, None
    both = (options.symmetry, RIVALS[options.symmetry])
    scattered = scattering_columns(read.pixels, channels, both, spread)
    rival = scattered[both[1]] if f"{SCATTERING}_linear" in names else None
    return found | scattered[both[0]], rival

"""Declare what a run on images can be asked to do beyond what every kind can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from rung.errors import UsageError
from rung.kinds.declaration import (
    COLUMNS,
    READING,
    Option,
    OptionValue,
    Spelled,
    again,
    declare,
    declared,
)
from rung.kinds.options import Options, documented, from_keywords
from rung.kinds.table.options import FitOptions
from rung.kinds.values import family_list, member, text, whole

SYMMETRIES = ("none", "shift", "rotation", "dihedral")
STRETCHES = ("none", "arcsinh", "percentile")
NUMBERS = ("pixel", "scattering", "column", "fusion", "backbone")
# Options of a table that a run on images has too, with what it means for its columns of numbers.
SHARED = (
    "metric",
    "margin",
    "choose",
    "seed",
    "test_fraction",
    "ledger",
    "threads",
    "positive",
    "task",
    "folds",
    "repeats",
    "memory",
    "device",
    "seal",
)


def _rungs() -> OptionValue:
    """Take names of families; a word of NUMBERS stands for all that begin with it."""
    known = family_list()

    def check(option: Option, value: Any) -> Any:
        from rung.families import discover

        value = (value,) if isinstance(value, str) else value
        names = [family.name for family in discover("image")]
        spread = [
            each
            for one in value
            for each in ([n for n in names if n.startswith(f"{one}_")] if one in NUMBERS else [one])
        ]
        return known.check(option, spread)

    return replace(known, check=check)


def _labels() -> OptionValue:
    """Take the path of a table, or from Python labels as an array or a frame."""
    path = text()

    def spell(option: Option, value: Any) -> Spelled:
        return path.spell(option, value) if isinstance(value, str) else Spelled((), "labels")

    return OptionValue(
        says=path.says,
        check=lambda option, value: (
            value
            if hasattr(value, "__len__") and not isinstance(value, str)
            else path.check(option, value)
        ),
        spell=spell,
        record=lambda value: value if isinstance(value, str) or value is None else "given",
    )


@dataclass(frozen=True, kw_only=True)
class ImageOptions(Options):
    """State what a run on images is asked to do.

    Attributes
    ----------
    {options}
    """

    kind: ClassVar[str] = "image"

    target: str = again(FitOptions, "target", "class")
    families: Any = again(Options, "families", None, value=_rungs())
    labels: Any = declare(
        None,
        _labels(),
        "Table that names each image and holds the target; images then lie in one folder.",
        more="From Python also an array or a frame, in the order of the images.",
        panel=READING,
        metavar="FILE",
        recorded="given",
        checked=True,
    )
    features: tuple[str, ...] | None = again(
        FitOptions,
        "features",
        None,
        more="Without it, of a table all that are not identifiers or constant. With images, columns "
        "of the labels to learn from beside them, none without it.",
        recorded="given",
    )
    images: str | None = declare(
        None,
        text(),
        "Column of the table that holds paths of images.",
        panel=COLUMNS,
        metavar="COL",
        recorded="given",
        checked=True,
    )
    size: int | None = declare(
        None,
        whole(4, 1024),
        "Side in pixels that images are resized to by area.",
        panel=READING,
        metavar="PIXELS",
        unless="as they are, 64 if larger or different",
        checked=True,
    )
    cut: int | None = declare(
        None,
        whole(4, 100_000),
        "Side of the square to cut out of the centre first.",
        panel=READING,
        metavar="PIXELS",
        checked=True,
    )
    stretch: Literal["none", "arcsinh", "percentile"] = declare(
        "none",
        member(*STRETCHES),
        "Stretch the brightness of each image: none, arcsinh or percentile.",
        panel=READING,
        metavar="NAME",
        checked=True,
    )
    symmetry: Literal["none", "shift", "rotation", "dihedral"] = declare(
        "none",
        member(*SYMMETRIES),
        "What leaves the answer as it is: none, shift, rotation, or dihedral (mirrored too).",
        panel=COLUMNS,
        metavar="NAME",
    )
    backbone: str | None = declare(
        None,
        text(),
        "Weights of a network trained elsewhere, kept as they are, for the rung backbone_linear.",
        more="A safetensors file with the names of timm: resnet18 to resnet152, or convnext.",
        panel=READING,
        metavar="FILE",
        recorded="given",
    )
    groups: str | tuple[str, ...] | None = again(FitOptions, "groups", None)
    positive: str | None = again(FitOptions, "positive", None)
    task: Any = again(FitOptions, "task", None)
    folds: Any = again(FitOptions, "folds", None)
    repeats: int = again(FitOptions, "repeats", 1)
    test_fraction: float = again(FitOptions, "test_fraction", 0.2)
    memory: int | str = again(FitOptions, "memory", FitOptions.memory)
    device: str = again(FitOptions, "device", "auto")
    explain: bool = again(FitOptions, "explain", True)
    seal: str | None = again(FitOptions, "seal", None)

    @property
    def group_columns(self) -> tuple[str, ...]:
        """Columns of the labels that make up a group together."""
        if self.groups is None:
            return ()
        return (self.groups,) if isinstance(self.groups, str) else self.groups

    @property
    def of_table(self) -> FitOptions:
        """The same, asked of the table of numbers that images become."""
        return FitOptions(self.target, **{name: getattr(self, name) for name in SHARED})


OPTIONS = documented(declared(ImageOptions))(ImageOptions)


def make_image_options(given: Mapping[str, Any]) -> ImageOptions:
    """Build options from keywords of Python; labels may stand in the place of the target."""
    target = given.get("target")
    if target is None or isinstance(target, str):
        return from_keywords(ImageOptions, given)
    if "labels" in given:
        raise UsageError("labels are given twice, as target and as labels", "give them once")
    others = {name: value for name, value in given.items() if name != "target"}
    return from_keywords(ImageOptions, {**others, "labels": target})

"""Say what a run on images may hold, each rung measured by the columns that it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rung.core.events import Listener
from rung.core.family import Family
from rung.core.folds import Folds
from rung.core.memory import ProblemSizes
from rung.families import select
from rung.families.on_numbers import only
from rung.images.numbers import word_of
from rung.kinds.image.options import ImageOptions
from rung.kinds.image.pixel_file import HELD
from rung.kinds.image.prepare import PreparedImages
from rung.kinds.table.memory import MemoryLimit, measure, memory_limit


@dataclass(frozen=True)
class ImageLimit:
    """Hold what a run may use, and how large the problem of each rung is.

    Attributes
    ----------
    whole : MemoryLimit
        Of the problem with all columns.
    sizes : mapping of str to ProblemSizes
        By what the names of rungs begin with.
    """

    whole: MemoryLimit
    sizes: Mapping[str, ProblemSizes]

    def of(self, family: Family) -> MemoryLimit:
        """Return the limit as a family meets it."""
        sizes = self.sizes.get(word_of(family.name), self.whole.sizes)
        return replace(self.whole, sizes=sizes)

    def reason_to_skip(self, family: Family) -> str:
        """Say that a family would not fit, with its estimate; empty if it does."""
        return self.of(family).reason_to_skip(family)

    def folds(self, family: Family, folds: Folds) -> Folds:
        """Return the folds that a family takes: thinned out where it would take too long."""
        return self.of(family).folds(family, folds)

    def notes(self, family: Family, folds: Folds) -> tuple[str, ...]:
        """Say so where folds were thinned out."""
        return self.of(family).notes(family, folds)

    def threads(self, family: Family, wanted: int, *, is_blend: bool = False) -> int:
        """Return how many jobs of a family may run at a time; at least one."""
        return self.of(family).threads(family, wanted, is_blend=is_blend)

    def reason_against_blend(self, families: Sequence[Family]) -> str:
        """Say that a second set of predictions would not fit; empty if it does."""
        reasons = (self.of(family).reason_against_blend([family]) for family in families)
        return next((reason for reason in reasons if reason), "")


def image_limit(
    prepared: PreparedImages, options: ImageOptions, n_families: int, listener: Listener
) -> ImageLimit:
    """Measure a run on images: numbers, and pixels where they are not in a file."""
    found = memory_limit(prepared.table, options.of_table, n_families, listener)
    pixels, problem = prepared.images.pixels, prepared.problem
    n_pixels = int(np.prod(pixels.shape[2:]))
    held = pixels.nbytes if pixels.nbytes <= HELD else 0
    whole = replace(found, taken=found.taken + held, sizes=replace(found.sizes, n_pixels=n_pixels))
    words = {word_of(family.name) for family in select(options.families, "image")}
    own = {
        word: measure(replace(problem, design=only(problem.design, word)), prepared.folds)
        for word in words
        if word
    }
    return ImageLimit(whole, own)

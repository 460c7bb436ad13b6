"""Pictures of a run on images, on axes of matplotlib."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import Any

from rung.core.result import Result
from rung.errors import UsageError
from rung.report.figures import new_axes
from rung.report.plot_images import plot_captioned, plot_rows
from rung.report.plots import plot_importance
from rung.report.sections.image import montage
from rung.report.sections.image_losses import caption, losses_of
from rung.report.sections.image_network import view_of_network
from rung.report.sections.image_parts import view_of
from rung.typing import Untyped

COLUMNS = 4


class ImagePlots(ABC):
    """Pictures of images; every method takes `ax` and returns it."""

    result: Result
    explain: Any

    def montage(self, ax: Untyped = None) -> Untyped:
        """Draw images of each class, a row a class."""
        groups = montage(self.result)
        if groups is None:
            raise UsageError("this run shows no images", "fit images, with explain=True")
        rows = [(one["label"], [each["png"] for each in one["images"]]) for one in groups]
        return plot_rows(_on(ax, 0.6 * len(rows)), rows)

    def top_losses(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw the held-out images with the largest loss."""
        found = losses_of(self.explain.top_losses(family).data["each"]["lost"], self.result)
        shown = [(row["png"], caption(row)) for row in found["rows"]]
        return plot_captioned(_on(ax, 2.0 * -(-len(shown) // COLUMNS)), shown, COLUMNS)

    def image(self, name: str | int, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw which parts of an image matter, and of a network its tested gradient map."""
        panels = view_of(self.explain.image(name, family).data["each"][0]["images"][0])["panels"]
        return _beside([(one["png"], one["title"]) for one in panels], ax)

    def filters(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw the first filters of a network."""
        found = view_of_network(self.explain.network(family).data["each"])
        return _beside([(found["filters"]["png"], found["title"])], ax)

    def feature_maps(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw what goes out of each stage of a network for a typical image."""
        found = view_of_network(self.explain.network(family).data["each"])
        stages = [(one["png"], one["name"]) for one in found["maps"]["stages"]]
        return _beside([(found["png"], "the image"), *stages], ax)

    def scales(self, family: str | None = None, way: str = "scale", ax: Untyped = None) -> Untyped:
        """Draw what scales are worth; `way` is `scale`, `angle`, `cell`, `channel` or `measure`."""
        found = {one["way"]: one for one in self.explain.scales(family).data["each"]}
        if way not in found:
            raise UsageError(
                f"columns are not put together by {way!r}; they are by {', '.join(found)}",
                "name one of these",
            )
        return plot_importance(_on(ax, 4.0), found[way])


def _beside(pictures: Sequence[tuple[str, str]], ax: Untyped) -> Untyped:
    return plot_captioned(_on(ax, 2.6), pictures, len(pictures))


def _on(ax: Untyped, height: float) -> Untyped:
    return new_axes(max(height, 2.0)) if ax is None else ax

"""Ask a run on images why: what scales matter, what is predicted worst, what a model looks at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from rung.core.family import Family
from rung.errors import UsageError, suggest
from rung.explain.explanation import Explained
from rung.explain.image_columns import scales_of
from rung.explain.image_losses import MOST_LARGEST, confused_images, lost_images
from rung.explain.image_networks import networks_of
from rung.explain.image_parts import best_network, network_of_run, parts_of_row
from rung.report.sections.image_parts import view_of
from rung.typing import JSON


class ImageExplanations(ABC):
    """Explanations of a run on images, each with a short text, a frame and HTML."""

    @abstractmethod
    def _explained(self) -> Explained: ...
    @abstractmethod
    def _family(self, name: str | None) -> Family: ...
    @abstractmethod
    def _held(self, name: str | None) -> Any: ...
    @abstractmethod
    def _plain(self, data: Any) -> JSON: ...
    @abstractmethod
    def _view(self, name: str, data: JSON, rows: Sequence[JSON], lines: Sequence[str]) -> Any: ...

    def scales(self, family: str | None = None) -> Any:
        """Return what scales, angles, places and statistics are worth, each group shuffled at once."""
        self._of_images()
        held = self._held(family)
        found = self._plain({"each": scales_of(held)})
        rows = [
            {
                "way": way["way"],
                "group": row["columns"][0],
                **{key: row[key] for key in ("n_columns", "metric", "low", "high", "verdict")},
            }
            for way in found["each"]
            for row in way["columns"]
        ]
        lines = [
            f"{row['way']}: {row['group']}, {row['metric']:.4g} when shuffled "
            f"({row['low']:.4g} to {row['high']:.4g}), {row['verdict']}"
            for row in rows
        ]
        return self._view("image_columns", found, rows, [held.title, *lines])

    def top_losses(self, family: str | None = None, most: int = MOST_LARGEST) -> Any:
        """Return the held-out images with the largest loss, the worst first."""
        found, own = self._of_images(), self._family(family)
        made = {"lost": lost_images(found, own, most), "confused": confused_images(found, own)}
        data = self._plain({"each": made})
        rows = [
            {k: v for k, v in one.items() if k != "png"} for one in data["each"]["lost"]["largest"]
        ]
        lines = [
            f"{one['image']}: true {one['true']}, predicted {one['predicted']}, loss {one['loss']:.3g}"
            for one in rows
        ]
        return self._view("image_losses", data, rows, [own.title, *lines])

    def image(self, name: str | int, family: str | None = None) -> Any:
        """Return which parts of a training image matter to a model that has not seen it.

        `name` is that of its file, or its place in the array.
        """
        found, own = self._of_images(), self._family(family)
        row = _row_of(found, str(name))
        made = parts_of_row(found, own, row)
        data = self._plain({"each": [{"family": own.name, "title": own.title, "images": [made]}]})
        view = view_of(data["each"][0]["images"][0])
        lost = data["each"][0]["images"][0]["occlusion"]["lost"]
        rows = [
            {"down": i + 1, "across": j + 1, "lost": value}
            for i, line in enumerate(lost)
            for j, value in enumerate(line)
        ]
        return self._view("image_parts", data, rows, [own.title, view["alternative"]])

    def network(self, family: str | None = None) -> Any:
        """Return the first filters of a network, and its feature maps of a typical image."""
        found = self._of_images()
        own = best_network(found) if family is None else self._family(family)
        if own is None or not networks_of((found.fitted(own).models or (None,))[0]):
            raise UsageError(
                f"{own.title} is no network of pixels" if own else "no network was trained",
                "train one with families=['small_cnn']",
            )
        data = self._plain({"each": network_of_run(found, own)})
        rows = [{k: v for k, v in one.items() if k != "png"} for one in data["each"]["stages"]]
        lines = [
            f"{one['title']}: {one['channels']} maps of {one['width']} x {one['height']}"
            for one in rows
        ]
        return self._view("image_network", data, rows, [own.title, *lines])

    def _of_images(self) -> Explained:
        found = self._explained()
        if found.pictures is None:
            raise UsageError("this run is on no images", "ask for importance() or effects(column)")
        return found


def _row_of(found: Explained, name: str) -> int:
    """Return the training row of an image."""
    names = [found.pictures.images.names[i] for i in found.prepared.train]
    if name not in names:
        is_sealed = name in found.pictures.images.names
        near = suggest(name, names)
        raise UsageError(
            f"image {name!r} is {'sealed' if is_sealed else 'not there'}; "
            f"{len(names):,} training images are, such as {names[0]!r}",
            f"did you mean {near!r}?" if near and not is_sealed else "top_losses() names some",
        )
    return names.index(name)

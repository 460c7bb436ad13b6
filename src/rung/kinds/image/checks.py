"""Check images: what a run would stumble over, found before anything is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.data.image_folders import holds_images, image_files
from rung.data.image_reading import ImageShape, choose_shape, read_cube, read_files
from rung.images.alike import digests_of, likeness_keys
from rung.kinds.image.options import ImageOptions, make_image_options
from rung.kinds.image.prepare import prepare
from rung.kinds.image.reading import LabelledImages, load_images, spread_over
from rung.kinds.image.repeats import repeats
from rung.kinds.image.suspects import blank, saturated
from rung.typing import Array

SEVERITIES = ("alarm", "warning", "info")


@one_thread_each()
def check_images(data: Any, asked: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Say what is wrong with images, without training anything.

    With labels, images are sealed exactly as `fit` seals them with the same options, and what asks
    for the label sees the training images only. Without labels, what needs them is left out.

    Parameters
    ----------
    data : path or ndarray
        What `fit` takes.
    asked : mapping
        Options of a run on images, by name.

    Returns
    -------
    tuple of Finding
        The gravest first.

    Examples
    --------
    >>> images = np.random.default_rng(0).random((12, 8, 8))
    >>> images[3] = images[7]
    >>> [finding.code for finding in check_images(images, {})]
    ['alike_images', 'no_labels']
    """
    options = make_image_options({**asked, "families": ("constant",)})
    found = _unlabelled(data, options) if _has_no_labels(data, options) else prepare(data, options)
    ranked = sorted(found.findings, key=lambda one: SEVERITIES.index(one.severity))
    return tuple(ranked)


def _has_no_labels(data: Any, options: ImageOptions) -> bool:
    if options.labels is not None or options.images is not None:
        return False
    if isinstance(data, str | Path) and holds_images(Path(data)):
        return len({file.folder for file in image_files(Path(data))}) < 2
    return load_images(data)[1] is None


def _unlabelled(data: Any, options: ImageOptions) -> LabelledImages:
    """Read images that have no labels, with all that can be said of them."""

    def shaped(images: Sequence[Array]) -> ImageShape:
        return choose_shape(images, options.size, options.cut or 0, options.stretch)

    if isinstance(data, str | Path) and holds_images(Path(data)):
        files = image_files(Path(data))
        read = read_files(files, shaped, spread_over(options.threads))
        names = [files[i].name for i in read.kept]
    else:
        read = read_cube(load_images(data)[0], shaped)
        names = list(map(str, read.kept))
    nothing = Dataset((), {}, len(names))
    found = LabelledImages("", tuple(names), read.pixels, nothing, read.shape, read.findings)
    digests = digests_of(read.pixels)
    said = (
        *repeats(names, digests, likeness_keys(read.pixels, digests)),
        *blank(found),
        *saturated(found),
        Finding(
            "no_labels",
            "info",
            (),
            f"{len(names):,} images have no labels, so classes were not compared",
            "give --labels FILE and --target COLUMN, or a folder for each class",
        ),
    )
    return LabelledImages(
        "", found.names, found.pixels, nothing, found.shape, (*read.findings, *said)
    )

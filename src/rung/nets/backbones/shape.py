"""Recognise a network by the names and shapes of its arrays, as timm writes them.

Source: Wightman (2019), PyTorch image models (timm): `timm/models/resnet.py`, `convnext.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import count

from rung.errors import DataError
from rung.typing import Settings

Sizes = Mapping[str, tuple[int, ...]]
RESNET, CONVNEXT = "resnet", "convnext"
N_STAGES = 4
COLOURS = 3
WIDENING, PATCH, KERNEL = 4, 4, 7
USUAL = (64, 128, 256, 512)
MOMENTS = ("weight", "bias", "running_mean", "running_var")
HEADS = ("fc.", "head.fc.")
KNOWN = (
    "resnet18, resnet34, resnet50, resnet101, resnet152, wide_resnet50_2 and convnext of any size"
)
# Smallest side that leaves a pixel after all stages.
SMALLEST = {RESNET: 1, CONVNEXT: 32}


@dataclass(frozen=True)
class BackboneShape:
    """State the size of a network.

    Attributes
    ----------
    architecture : str
        `resnet` or `convnext`.
    blocks : tuple of int
        In each of four stages.
    widths, outs : tuple of int
        Channels inside the blocks of each stage, and those that leave it.
    is_bottleneck : bool
        Whether blocks of a resnet have three convolutions.
    stem : int
        Channels after the first convolution.
    """

    architecture: str
    blocks: tuple[int, ...]
    widths: tuple[int, ...]
    outs: tuple[int, ...]
    is_bottleneck: bool
    stem: int

    @property
    def n_features(self) -> int:
        """Numbers that come out for an image."""
        return self.outs[-1]

    @property
    def title(self) -> str:
        """Name of the network where it is one of the usual, else its blocks.

        Examples
        --------
        >>> BackboneShape("resnet", (2, 2, 2, 2), USUAL, USUAL, False, 64).title
        'resnet18'
        """
        depth = sum(self.blocks) * (3 if self.is_bottleneck else 2) + 2
        if self.architecture == RESNET and self.widths == USUAL:
            return f"resnet{depth}"
        return f"{self.architecture} of {' + '.join(map(str, self.blocks))} blocks"

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each array, by name."""
        return _resnet(self) if self.architecture == RESNET else _convnext(self)

    def settings(self) -> Settings:
        """Return the sizes, JSON-ready."""
        return asdict(self)


def recognise(sizes: Sizes) -> BackboneShape:
    """Return the network whose arrays these are; its head is left out.

    Parameters
    ----------
    sizes : mapping of str to tuple of int
        The shape of each array, by name.

    Raises
    ------
    DataError
        If it is none of those known, or an array is absent, too many, or of another shape.

    Examples
    --------
    >>> widths = (8, 16, 32, 64)
    >>> shape = BackboneShape("resnet", (1, 1, 1, 1), widths, widths, False, 64)
    >>> recognise(shape.sizes()) == shape, shape.n_features
    (True, 64)
    """
    own = {name: size for name, size in sizes.items() if not name.startswith(HEADS)}
    found = _guess(own)
    if found is None:
        shown = ", ".join(sorted(own)[:3]) or "none"
        raise DataError(
            f"the arrays ({shown}, ...) are of no network that is known; known are {KNOWN}, with "
            "the names of timm",
            "give the weights of one of these",
        )
    wanted = found.sizes()
    for name in sorted(set(wanted) | set(own)):
        if wanted.get(name) != own.get(name):
            raise DataError(
                f"array {name!r} of the {found.title} has shape {own.get(name, 'none')}; "
                f"{wanted.get(name, 'no such array')} is expected; known are {KNOWN}",
                "give the weights of one of these, as timm saves them",
            )
    return found


def _guess(sizes: Sizes) -> BackboneShape | None:
    """Return the network that some arrays speak for, before the others are compared with it."""
    first, patch = sizes.get("conv1.weight", ()), sizes.get("stem.0.weight", ())
    if len(first) == 4:
        is_bottleneck = "layer1.0.conv3.weight" in sizes
        name, last = "layer{}.{{}}.conv1.weight", 3 if is_bottleneck else 2
        blocks = tuple(_blocks(sizes, name.format(i)) for i in _stages(1))
        inner, outs = (
            tuple(sizes.get(f"layer{i}.0.conv{j}.weight", (0,))[0] for i in _stages(1))
            for j in (1, last)
        )
        return BackboneShape(RESNET, blocks, inner, outs, is_bottleneck, first[0])
    if len(patch) == 4:
        name = "stages.{}.blocks.{{}}.conv_dw.weight"
        blocks = tuple(_blocks(sizes, name.format(i)) for i in _stages(0))
        widths = tuple(sizes.get(name.format(i).format(0), (0,))[0] for i in _stages(0))
        return BackboneShape(CONVNEXT, blocks, widths, widths, False, patch[0])
    return None


def _stages(start: int) -> range:
    return range(start, start + N_STAGES)


def _blocks(sizes: Sizes, name: str) -> int:
    """Return how many blocks a stage has, counted from the first without a gap."""
    return next(i for i in count() if name.format(i) not in sizes)


def _resnet(shape: BackboneShape) -> dict[str, tuple[int, ...]]:
    found = {"conv1.weight": (shape.stem, COLOURS, KERNEL, KERNEL), **_moments("bn1", shape.stem)}
    before = shape.stem
    for stage in range(N_STAGES):
        inner, after = shape.widths[stage], shape.outs[stage]
        for block in range(shape.blocks[stage]):
            name = f"layer{stage + 1}.{block}"
            kernels = (1, 3, 1) if shape.is_bottleneck else (3, 3)
            channels = [before, *[inner] * (len(kernels) - 1), after]
            for i, side in enumerate(kernels):
                found[f"{name}.conv{i + 1}.weight"] = (channels[i + 1], channels[i], side, side)
                found |= _moments(f"{name}.bn{i + 1}", channels[i + 1])
            if block == 0 and (stage or before != after):
                found[f"{name}.downsample.0.weight"] = (after, before, 1, 1)
                found |= _moments(f"{name}.downsample.1", after)
            before = after
    return found


def _convnext(shape: BackboneShape) -> dict[str, tuple[int, ...]]:
    found = _layer("stem.0", (shape.stem, COLOURS, PATCH, PATCH)) | _layer("stem.1", (shape.stem,))
    before = shape.stem
    for stage, (n_blocks, width) in enumerate(zip(shape.blocks, shape.widths, strict=True)):
        if stage:
            found |= _layer(f"stages.{stage}.downsample.0", (before,))
            found |= _layer(f"stages.{stage}.downsample.1", (width, before, 2, 2))
        for block in range(n_blocks):
            name, wide = f"stages.{stage}.blocks.{block}", WIDENING * width
            found[f"{name}.gamma"] = (width,)
            found |= _layer(f"{name}.conv_dw", (width, 1, KERNEL, KERNEL))
            found |= _layer(f"{name}.norm", (width,))
            found |= _layer(f"{name}.mlp.fc1", (wide, width))
            found |= _layer(f"{name}.mlp.fc2", (width, wide))
        before = width
    return found | _layer("head.norm", (before,))


def _moments(name: str, width: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.{part}": (width,) for part in MOMENTS}


def _layer(name: str, size: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": size, f"{name}.bias": size[:1]}

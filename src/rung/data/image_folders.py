"""List the files of a folder, a zip or a column of paths, each with how to fetch its bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from rung.core.memory import say_bytes
from rung.data.folders import tables_of
from rung.data.image_files import is_image_name
from rung.data.text_folders import holds_texts
from rung.errors import DataError, UnreadableFile

MOST_BYTES = 500_000_000


@dataclass(frozen=True)
class ImageFile:
    """Name an image by its path below the source, and say how to fetch it."""

    name: str
    fetch: Callable[[], bytes]

    @property
    def folder(self) -> str:
        """Name of the folder that it lies in; empty at the top."""
        return PurePosixPath(self.name).parent.name


def image_files(source: Path) -> tuple[ImageFile, ...]:
    """Return the images of a folder or a zip, by name; hidden files are left out.

    Raises
    ------
    UnreadableFile
        If there is none.
    """
    found = _in_zip(source) if source.is_file() else _in_folder(source)
    if not found:
        raise UnreadableFile(
            f"{source.name!r} holds no images; PNG, JPEG, TIFF, BMP, GIF, FITS and NPY are known",
            "name the folder that holds the images, or folders of them by class",
        )
    return tuple(sorted(found, key=lambda one: one.name))


def holds_images(source: Path) -> bool:
    """Tell whether a path is a folder that is not one of tables or texts, or a zip of images."""
    if source.is_dir():
        if (source / "model.rung").exists():
            return False
        has_images = any(is_image_name(path.name) for path in source.rglob("*"))
        return has_images or not (tables_of(source) or holds_texts(source))
    if source.suffix.lower() != ".zip" or not source.is_file():
        return False
    try:
        with zipfile.ZipFile(source) as packed:
            return any(is_image_name(name) for name in packed.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def named_files(folder: Path, names: Sequence[str]) -> tuple[ImageFile, ...]:
    """Return the files of a column of paths, relative to the folder of their table."""
    return tuple(ImageFile(name, partial(_read, folder / name)) for name in names)


def _in_folder(folder: Path) -> list[ImageFile]:
    paths = (path for path in folder.rglob("*") if is_image_name(path.name) and path.is_file())
    names = ((path.relative_to(folder), path) for path in paths)
    return [
        ImageFile(name.as_posix(), partial(_read, path))
        for name, path in names
        if not any(part.startswith(".") for part in name.parts)
    ]


def _in_zip(path: Path) -> list[ImageFile]:
    try:
        with zipfile.ZipFile(path) as packed:
            infos = packed.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise UnreadableFile(f"{path.name!r} is no zip that can be read: {error}") from error
    return [
        ImageFile(info.filename, partial(_unzip, path, info.filename, info.file_size))
        for info in infos
        if is_image_name(info.filename)
        and not info.filename.startswith("__MACOSX")
        and not PurePosixPath(info.filename).name.startswith(".")
    ]


def _unzip(path: Path, member: str, size: int) -> bytes:
    _refuse_large(member, size)
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.read(member)
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise UnreadableFile(f"{member!r} cannot be unpacked: {error}") from error


def _read(path: Path) -> bytes:
    try:
        _refuse_large(path.name, path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"there is no file {path.name!r}") from error
    except OSError as error:
        raise DataError(f"{path.name!r} cannot be read: {error}") from error


def _refuse_large(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise UnreadableFile(
            f"{name!r} has {say_bytes(size)}; accepted are {say_bytes(MOST_BYTES)} at most"
        )

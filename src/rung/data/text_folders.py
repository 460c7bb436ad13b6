"""Read a folder of text files, a folder for each class, as a table of texts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from rung.core.addresses import ensure_room
from rung.core.findings import Finding
from rung.core.memory import say_bytes
from rung.data.decode import to_utf8
from rung.data.image_files import is_image_name
from rung.data.readers.reader import all_suffixes
from rung.data.table import RawTable
from rung.errors import UnreadableFile

CLASS, TEXT, FILE = "class", "text", "file"
SUFFIXES = (".txt", ".text", ".md", "")
MOST_BYTES = 50_000_000
TIMES_A_FILE = 8
LOOKED_AT, HEAD = 5, 4096


def holds_texts(source: str | Path) -> bool:
    """Tell whether a path is a folder that holds a folder of text files for each of its classes.

    Folders of images and of tables are none: what files are called and what they hold tells.

    Examples
    --------
    >>> holds_texts("no such folder")
    False
    """
    folder = Path(source)
    if not folder.is_dir() or (folder / "model.rung").exists():
        return False
    classes = class_folders(folder)
    return len(classes) > 1 and all(_is_class(one) for one in classes)


def class_folders(folder: Path) -> list[Path]:
    """Return the folders inside a folder, by name; hidden ones are left out."""
    inside = (one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
    return sorted(inside)


def _is_class(folder: Path) -> bool:
    """Tell whether all files of a folder may be texts, and the first of them are."""
    files = list(_files(folder))
    may_be = all(Path(one.name.lower()).suffix in SUFFIXES or _is_text_name(one) for one in files)
    return bool(files) and may_be and all(map(_is_prose, islice(files, LOOKED_AT)))


def _is_text_name(path: Path) -> bool:
    """Tell whether a name ends in nothing that a table or an image ends in, as `msg.0042` does."""
    name = path.name.lower()
    return not is_image_name(name) and not name.endswith((*all_suffixes(), ".zip", ".gz"))


def _files(folder: Path) -> Iterator[Path]:
    inside = (one for one in sorted(folder.iterdir()) if one.is_file())
    return (one for one in inside if not one.name.startswith("."))


def _is_prose(path: Path) -> bool:
    """Tell whether the beginning of a file is words more than numbers."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    words = head.decode("latin-1").split()
    numbers = sum(
        word.lstrip("+-").replace(".", "", 1).replace(",", "").isdigit() for word in words
    )
    return numbers <= 0.5 * len(words)


def read_texts(source: str | Path) -> RawTable:
    """Read the texts of a folder: the name of its folder, what it says, and its file, a row each.

    Texts that lie in no folder of a class, as those to predict may, have none.

    Raises
    ------
    UnreadableFile
        If a file is too large or no text.
    """
    folder = Path(source)
    found = [(one.name, path) for one in class_folders(folder) for path in _files(one)]
    found = found or [("", path) for path in _files(folder)]
    ensure_room(TIMES_A_FILE * sum(path.stat().st_size for _, path in found))
    read = [_read(path) for _, path in found]
    names = [path.name for _, path in found]
    if len(set(names)) < len(names):
        names = [path.relative_to(folder).as_posix() for _, path in found]
    frame = pl.DataFrame(
        schema=dict.fromkeys((CLASS, TEXT, FILE), pl.String),
        data={
            CLASS: [own or None for own, _ in found],
            TEXT: [text for text, _ in read],
            FILE: names,
        },
    )
    classes = frame[CLASS].drop_nulls().unique().sort().to_list()
    shown = ", ".join(map(repr, classes[:5])) + (", …" if len(classes) > 5 else "")
    message = (
        f"{len(found):,} texts in {len(classes)} folders ({shown}) are one table: column "
        f"{CLASS!r} names the folder of each, {TEXT!r} holds what it says, {FILE!r} its file"
    )
    guessed = sum(bool(said) for _, said in read)
    findings = [Finding("folder", "info", (CLASS, TEXT, FILE), message, f"say --target {CLASS}")]
    if guessed:
        said = f"{guessed:,} of {len(found):,} files are not UTF-8; they were read as Windows-1252"
        findings.append(
            Finding("encoding", "info", (), said, "save them as UTF-8 if that is wrong")
        )
    return RawTable(frame, tuple(findings))


def _read(path: Path) -> tuple[str, list[Finding]]:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UnreadableFile(
            f"{path.name!r} has {say_bytes(size)}; accepted are texts of {say_bytes(MOST_BYTES)} at most",
            "cut it into shorter texts",
        )
    data, said = to_utf8(path.read_bytes(), f"{path.parent.name}/{path.name}", None)
    return data.decode().strip(), said

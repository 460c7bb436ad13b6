"""Describe a format that tables are read from: one reader a file of this folder, found by scanning.

Every list of accepted formats, in messages, help and documents, is made from these records.
"""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from rung.data.table import RawTable, ReadOptions
from rung.errors import MissingExtra, UnreadableFile

HEAD_BYTES = 65_536


@dataclass(frozen=True)
class Source:
    """Hold a table on its way from a file.

    Attributes
    ----------
    name : str
        What to call it in messages.
    path : Path or None
        Where it lies as it is; None if it came out of a compressed file or a pipe.
    data : bytes or None
        What came out; None if it lies on disk.
    packed : int
        Bytes of the file on disk, which bound what may come out of it.
    table : str
        Which of several tables in it, where the user names one.
    parts : tuple of Path
        All files of a table that lies in several.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    packed: int = 0
    table: str = ""
    parts: tuple[Path, ...] = ()

    @property
    def suffix(self) -> str:
        """What the name ends in, in lower case, without `.gz`."""
        name = self.name.lower().rpartition(":")[2] or self.name.lower()
        return PurePosixPath(name.removesuffix(".gz")).suffix

    def content(self) -> bytes:
        """Return all bytes."""
        if self.data is not None:
            return self.data
        assert self.path is not None
        return self.path.read_bytes()

    def head(self) -> bytes:
        """Return the first bytes; none for a folder."""
        if self.data is not None:
            return self.data[:HEAD_BYTES]
        assert self.path is not None
        if self.path.is_dir():
            return b""
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give a path for libraries that read no bytes."""
        if self.path is not None:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="rung-") as folder:
            path = Path(folder, "table" + self.suffix)
            path.write_bytes(self.content())
            yield path


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Say how tables of one format are known and read.

    Attributes
    ----------
    name : str
        Short, unique.
    title : str
        What people call the format.
    suffixes : tuple of str
        What names of such files end in.
    read : callable
        Reads a source by the user's options; raises `DataError`.
    magic : tuple of bytes
        What such files begin with; a file that does is read so, whatever its name.
    recognises : callable, optional
        Tells from the first bytes and the suffix whether a file is one, where `magic` cannot.
    describes : callable, optional
        Tells whether a file that lies beside a text says what its columns are.
    needs : tuple of str
        Modules that are imported for it.
    extra : str
        Extra of the package that installs them.
    is_isolated : bool
        Whether it is read in a process of its own, as its library may fail by a signal or hang.
    is_folder : bool
        Whether such a table is a folder.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[Source, ReadOptions], RawTable]
    magic: tuple[bytes, ...] = ()
    recognises: Callable[[bytes, str], bool] | None = None
    describes: Callable[[Path], bool] | None = None
    needs: tuple[str, ...] = ()
    extra: str = ""
    is_isolated: bool = False
    is_folder: bool = False

    def fits(self, head: bytes, suffix: str) -> bool:
        """Tell whether a file that begins so is one of these."""
        if self.recognises is not None:
            return self.recognises(head, suffix)
        return any(map(head.startswith, self.magic))

    def ensure_installed(self, name: str) -> None:
        """Raise if a module that it needs is absent."""
        absent = [module for module in self.needs if find_spec(module) is None]
        if absent:
            raise MissingExtra(
                f"{name!r} is a table of format {self.title}, which needs the "
                f"{'library' if len(absent) == 1 else 'libraries'} {', '.join(absent)}",
                f"install {'it' if len(absent) == 1 else 'them'} with: "
                f"pip install 'rung[{self.extra}]'",
            )


@cache
def all_readers() -> tuple[Reader, ...]:
    """Return every reader, by name.

    Examples
    --------
    >>> [reader.name for reader in all_readers() if reader.name.startswith("parq")]
    ['parquet']
    """
    package = importlib.import_module(__package__ or "")
    modules = (
        importlib.import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    )
    readers = (module.READER for module in modules if hasattr(module, "READER"))
    return tuple(sorted(readers, key=lambda reader: reader.name))


def reader_named(name: str) -> Reader:
    """Return a reader by its name."""
    return next(reader for reader in all_readers() if reader.name == name)


def find_reader(source: Source) -> Reader:
    """Return the reader of a file: by its first bytes, else by its suffix, else delimited text.

    Raises
    ------
    UnreadableFile
        If a folder is none that a reader takes.

    Examples
    --------
    >>> find_reader(Source("t.csv", data=b"PAR1 and more")).name
    'parquet'
    """
    if source.path is not None and source.path.is_dir():
        found = [one for one in all_readers() if one.is_folder and source.suffix in one.suffixes]
        if not found:
            raise UnreadableFile(f"{source.name!r} is a folder, not a table", "name a file in it")
        return found[0]
    head, suffix = source.head(), source.suffix
    fitting = [one for one in all_readers() if one.fits(head, suffix)]
    if fitting:
        return max(fitting, key=lambda one: suffix in one.suffixes)
    described = (one for one in all_readers() if one.describes and source.path)
    return next(
        (one for one in described if one.describes and source.path and one.describes(source.path)),
        reader_named("delimited"),
    )


@cache
def accepted() -> str:
    """Name all formats with their suffixes, for messages and documents.

    Examples
    --------
    >>> accepted()[:40]
    'ARFF (.arff), Arrow or Feather (.arrow, '
    """
    return ", ".join(
        f"{one.title} ({', '.join(one.suffixes)})" if one.suffixes else one.title
        for one in all_readers()
    )


@cache
def accepted_titles() -> str:
    """Name all formats in short, as a message does.

    Examples
    --------
    >>> "Parquet" in accepted_titles()
    True
    """
    titles = [one.title for one in all_readers() if one.name != "delimited"]
    text = reader_named("delimited").title
    return f"{text}, also .gz or .zip, {', '.join(titles)}"


def formats_table() -> str:
    """Return the formats as a table in Markdown, as README has it.

    Examples
    --------
    >>> formats_table().splitlines()[0]
    '| format | names end in | needs |'
    """
    lines = ["| format | names end in | needs |", "|---|---|---|"]
    for one in all_readers():
        suffixes = " ".join(f"`{suffix}`" for suffix in one.suffixes)
        lines.append(f"| {one.title} | {suffixes} | {f'`{one.extra}`' if one.extra else ''} |")
    return "\n".join(lines)


@cache
def all_suffixes() -> tuple[str, ...]:
    """Return every suffix that a reader knows, sorted."""
    return tuple(sorted({suffix for one in all_readers() for suffix in one.suffixes}))

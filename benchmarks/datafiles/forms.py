"""Make one small table in every form that is read: texts, archives, binary formats."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.readers.subjects import subjects

Write = Callable[[Path, bytes], None]
# Archives whose checksums hide what is wrong inside: a member is changed, and all packed again.
INSIDE = {"excel": "xl/worksheets/s1.xml", "ods": "content.xml", "npz": "x.npy"}
METADATA, CHUNK = "t/zarr.json", "t/c/0/0"


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file."""
    path.write_bytes(data)


@dataclass(frozen=True)
class Form:
    """One form of the table.

    Attributes
    ----------
    suffix : str
        What its name ends in.
    data : bytes
        What is changed.
    write : callable
        Writes the file, or the folder, around what was changed.
    """

    suffix: str
    data: bytes
    write: Write = write_bytes


def all_forms(folder: Path) -> dict[str, Form]:
    """Return every form whose library is here; `folder` is for files on the way."""
    binary = {name: Form(suffix, data) for name, (_, suffix, data) in subjects(folder).items()}
    inside = {
        f"{name} inside": Form(binary[name].suffix, *_member(binary[name].data, member))
        for name, member in INSIDE.items()
        if name in binary
    }
    return _texts() | binary | inside | _zarr(folder)


def _texts() -> dict[str, Form]:
    generator = np.random.default_rng(0)
    n = 60
    frame = pl.DataFrame(
        {
            "number": generator.normal(size=n).round(4),
            "whole": generator.integers(0, 99, n),
            "word": np.array(["red", "blue, dark", 'say "green"'])[generator.integers(0, 3, n)],
            "day": [f"2021-{1 + i % 12:02}-{1 + i % 28:02}" for i in range(n)],
            "gap": [None if i % 7 == 0 else i / 4 for i in range(n)],
        }
    )
    text = frame.write_csv().encode()
    forms = {
        "csv": text,
        "semicolons": frame.write_csv(separator=";").replace(".", ",").encode(),
        "blanks": b"a b  c\n" + b"".join(b"%d %d.5  x%d\n" % (i, i, i % 3) for i in range(n)),
        "utf-16": text.decode().encode("utf-16"),
        "gzip": gzip.compress(text, mtime=0),
        "zip": _zipped({"t.csv": text}, zipfile.ZIP_DEFLATED),
        "zip lzma": _zipped({"t.csv": text}, zipfile.ZIP_LZMA),
    }
    return {name: Form("", data) for name, data in forms.items()}


def _zipped(members: dict[str, bytes], method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return buffer.getvalue()


def _member(data: bytes, name: str) -> tuple[bytes, Write]:
    """Return a member of an archive, and how to pack the archive with another in its place."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}

    def write(path: Path, changed: bytes) -> None:
        path.write_bytes(_zipped(members | {name: changed}, zipfile.ZIP_STORED))

    return members[name], write


def _zarr(folder: Path) -> dict[str, Form]:
    """Return a folder of which the description is changed, and one of which a chunk is."""
    if not (find_spec("zarr") and find_spec("xarray")):
        return {}
    import xarray

    whole = folder / "whole.zarr"
    grid = xarray.Dataset({"t": (("time", "lat"), np.random.default_rng(0).normal(size=(8, 5)))})
    grid.to_zarr(whole, consolidated=False)
    files = {
        str(one.relative_to(whole)): one.read_bytes() for one in whole.rglob("*") if one.is_file()
    }
    shutil.rmtree(whole)
    return {
        f"zarr {called}": Form(".zarr", files[name], partial(_write_folder, files, name))
        for called, name in (("description", METADATA), ("chunk", CHUNK))
    }


def _write_folder(files: dict[str, bytes], changed: str, path: Path, data: bytes) -> None:
    for name, content in (files | {changed: data}).items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def made() -> dict[str, Form]:
    """Return every form, made in a folder that goes."""
    with tempfile.TemporaryDirectory() as folder:
        return all_forms(Path(folder))

"""Say what is wrong with a path or with bytes that should be a text."""

from __future__ import annotations

from pathlib import Path

from rung.errors import UnreadableFile, suggest
from rung.paths import named_instead

_BINARY = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x80\x04\x95": "a pickle",
    b"\x93NUMPY": "a numpy file",
    b"FEA1": "a Feather file of version 1",
}


def refuse_binary(raw: bytes, name: str, accepted: str = "text") -> None:
    """Raise if bytes that should be a text cannot be one; `accepted` is what could be read."""
    for magic, what in _BINARY.items():
        if raw.startswith(magic):
            raise UnreadableFile(f"{name!r} is {what}; accepted is {accepted}", "convert it first")
    head = raw[:65_536]
    control = sum(head.count(byte) for byte in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if b"\x00" in raw or control > 0.01 * len(head):
        raise UnreadableFile(
            f"{name!r} holds binary data, not text; accepted is {accepted}", "convert it first"
        )


def refuse_what_is_no_file(file: Path, wanted: str) -> None:
    """Raise if a path names a folder, a pipe, a socket or a device."""
    found = named_instead(file)
    if found:
        remedy = "name one file inside it" if found == "a folder" else "save it as a file first"
        raise UnreadableFile(f"{file.name!r} is {found}, not {wanted}", remedy)


def near_file(file: Path) -> str:
    """Say what to do where a file is absent: name one that is called alike."""
    folder = file.parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    near = suggest(file.name, sorted(names))
    return f"did you mean {near!r}?" if near else "check the path"

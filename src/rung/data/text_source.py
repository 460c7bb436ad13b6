"""Read a text file block by block, whatever its size, script and line ends."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.core.findings import Finding
from rung.data.decode import ENCODING_MARKS, guessed_encoding, unknown_encoding
from rung.data.refusing import near_file, refuse_binary, refuse_what_is_no_file
from rung.errors import UnreadableFile, UsageError
from rung.text.vocabulary import to_code_points
from rung.typing import Array

BLOCK = 1 << 22
HEAD = 1 << 16
ACCEPTED = "plain text, best in UTF-8"
# What stands for bytes that are no UTF-8, where they are to be counted.
WRONG, LAST_ASCII = 0xFFFD, 0x7F


@dataclass(frozen=True)
class TextSource:
    """A text that can be read again and again.

    Attributes
    ----------
    name : str
        What to call it.
    path : Path or None
        The file; None for lines given from Python.
    given : tuple of str
        Lines given from Python.
    encoding : str
        How the file is written.
    fingerprint : str
        Digest of its bytes.
    findings : tuple of Finding
        One if the encoding had to be guessed.
    """

    name: str
    path: Path | None
    given: tuple[str, ...]
    encoding: str
    fingerprint: str
    findings: tuple[Finding, ...] = ()

    def pieces(self) -> Iterator[str]:
        """Yield the text, block by block, lines ended by a line feed."""
        if self.path is None:
            yield "".join(f"{line}\n" for line in self.given)
            return
        decoder = io.IncrementalNewlineDecoder(
            codecs.getincrementaldecoder(self.encoding)(), translate=True
        )
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                yield decoder.decode(block)
        yield decoder.decode(b"", final=True)

    def blocks(self) -> Iterator[Array]:
        """Yield the code points of the text, block by block."""
        for piece in self.pieces():
            if piece:
                yield to_code_points(piece)

    def head(self, size: int = 1 << 20) -> str:
        """Return the beginning of the text, up to about `size` characters."""
        return next((piece[:size] for piece in self.pieces() if piece), "")


def open_text(data: Any, encoding: str | None = None) -> TextSource:
    """Open a text file, or take a list of lines.

    Parameters
    ----------
    data : path, or sequence of str
        A file in UTF-8, UTF-16 or UTF-32 (with a mark), or another encoding that is guessed; or
        lines.
    encoding : str, optional
        How the file is written, such as `latin-1`; None finds out.

    Raises
    ------
    UnreadableFile
        If there is no such file, it is no text, or it is damaged UTF-8.
    """
    if isinstance(data, (str, Path)):
        return _open_file(Path(data), _named(encoding))
    if not isinstance(data, Sequence) or not all(isinstance(line, str) for line in data):
        raise UsageError(
            f"{type(data).__name__} is no text; a path or a list of lines is accepted",
            "give the path of a text file",
        )
    kept = tuple(data)
    if any("\n" in line for line in kept):
        raise UsageError("a line holds a line end", "split the text into lines first")
    digest = hashlib.sha256("\n".join(kept).encode("utf-8", "surrogatepass")).hexdigest()
    return TextSource("lines", None, kept, "utf-8", digest)


def _named(encoding: str | None) -> str | None:
    """Return the name of an encoding of text, or say that there is none."""
    try:
        named = codecs.lookup(encoding).name if encoding is not None else None
        codecs.getincrementaldecoder(named or "utf-8")().decode(b"")
    except (LookupError, TypeError, ValueError) as error:
        raise unknown_encoding(str(encoding)) from error
    return named


def _open_file(path: Path, declared: str | None) -> TextSource:
    refuse_what_is_no_file(path, "a text")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        mark = next((code for mark, code in ENCODING_MARKS if head.startswith(mark)), None)
        # A mark at the beginning is no letter, whichever way it was declared.
        is_utf8 = mark == "utf-8-sig" and declared == "utf-8"
        mark = declared if declared is not None and not is_utf8 else mark
        if mark is None:
            refuse_binary(head, path.name, ACCEPTED)
        encoding, digest = _find_encoding(path, mark)
    except FileNotFoundError as error:
        raise UnreadableFile(f"there is no file {str(path)!r}", near_file(path)) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UnreadableFile(f"{path.name!r} cannot be read: {why}", "check the file") from error
    is_plain = declared is not None or encoding.startswith("utf")
    findings = () if is_plain else (guessed_encoding(encoding),)
    return TextSource(path.name, path, (), encoding, digest, findings)


def _find_encoding(path: Path, mark: str | None) -> tuple[str, str]:
    """Return the first encoding that reads the whole file, and the digest of its bytes."""
    tried = (mark,) if mark else ("utf-8", "cp1252", "latin-1")
    decoders = {code: codecs.getincrementaldecoder(code)() for code in tried}
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            if mark is None and b"\x00" in block:
                refuse_binary(block, path.name, ACCEPTED)
            decoders = {c: d for c, d in decoders.items() if _decodes(d, block)}
    decoders = {c: d for c, d in decoders.items() if _decodes(d, b"", final=True)}
    if not decoders:
        raise UnreadableFile(
            f"{path.name!r} is not written in {mark}, as its first bytes or --encoding say",
            "name another encoding, leave --encoding out to have it found, or save it as UTF-8",
        )
    found = next(iter(decoders))
    if mark is None and found != "utf-8":
        _refuse_damaged(path)
    return found, digest.hexdigest()


def _refuse_damaged(path: Path) -> None:
    """Raise if most of what is no ASCII is UTF-8: another encoding would turn it into nonsense.

    Letters of other encodings hardly ever happen to be UTF-8.
    """
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder("utf-8")("replace"), translate=True
    )
    n_wide = n_wrong = line = 0
    with path.open("rb") as file:
        is_last = False
        while not is_last:
            is_last = not (block := file.read(BLOCK))
            piece = decoder.decode(block, final=is_last)
            points = to_code_points(piece)
            wrong = int((points == WRONG).sum())
            if not n_wrong:
                line += piece.split(chr(WRONG), 1)[0].count("\n")
            n_wrong += wrong
            n_wide += int((points > LAST_ASCII).sum()) - wrong
    if n_wide > n_wrong:
        raise UnreadableFile(
            f"{path.name!r} is UTF-8 but for {n_wrong:,} place(s), the first in line {line + 1:,}; "
            f"accepted is {ACCEPTED}",
            "take the damaged letters out, or fetch the file anew",
        )


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True

"""Tell a list of lines from one running text; where both readings are possible, say so and stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from rung.data.readers.reader import Source, all_suffixes, find_reader
from rung.data.text_source import TextSource, open_text
from rung.errors import DataError, UnreadableFile, UsageError
from rung.kinds.text.options import READINGS
from rung.text.corpus import Survey

TEXT_SUFFIXES = (".txt", ".text", ".md", "")
DATA_SUFFIX = ".dat"
LONGEST_ITEM = 100
MOST_WORDS = 3.0
TABLE_MARKS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}

Reading = Literal["lines", "text"]


def choose_reading(source: TextSource, found: Survey, asked: str | None) -> Reading:
    """Return how to read a text file.

    A file is a list of lines where that is plain: no line is blank, none has more than 100
    characters, they have 3 words on average at most, and no delimiter parts every line into the
    same number of fields. One line alone is a text. In every other case the user must say.

    Parameters
    ----------
    source : TextSource
        The file.
    found : Survey
        What it holds.
    asked : str or None
        `lines` or `text` as the user said; None to find out.

    Raises
    ------
    UnreadableFile
        If there is no text in it.
    UsageError
        If the reading is unknown, or more than one is possible.
    """
    if asked is not None and asked not in READINGS:
        raise UsageError(
            f"reading {asked!r} is not known; {' and '.join(READINGS)} are", "use --as lines"
        )
    if found.n_lines == 0:
        holds = f"holds nothing but {found.n_ends:,} line ends" if found.n_ends else "is empty"
        raise UnreadableFile(
            f"{source.name!r} {holds}; accepted is a text of at least a few thousand characters, "
            "or a list of lines",
            "check the file",
        )
    if asked is not None:
        return "lines" if asked == "lines" else "text"
    if source.path is None:
        return "lines"
    if found.n_lines == 1:
        return "text"
    mark, n_fields = table_mark(source.head())
    words = 1 + found.n_spaces / found.n_lines
    if not mark and not found.n_blank and found.longest <= LONGEST_ITEM and words <= MOST_WORDS:
        return "lines"
    raise UsageError(_both(source, found, mark, n_fields), _how(mark))


def _both(source: TextSource, found: Survey, mark: str, n_fields: int) -> str:
    blank = f", and {found.n_blank:,} are blank" if found.n_blank else ""
    table = f", or as a table of {n_fields} columns parted by {TABLE_MARKS[mark]}" if mark else ""
    return (
        f"{source.name!r} can be read as {found.n_lines:,} lines that are texts of their own (the "
        f"longest has {found.longest:,} characters{blank}), or as one text of "
        f"{found.n_characters:,} characters{table}"
    )


def _how(mark: str) -> str:
    return "say --as lines or --as text" + (", or name the column with --target" if mark else "")


def table_mark(head: str) -> tuple[str, int]:
    r"""Return the delimiter that parts all of the first lines alike, and into how many fields.

    Examples
    --------
    >>> table_mark("a,b\n1,2\n3,4\n"), table_mark("emma\nolivia\n")
    ((',', 2), ('', 1))
    """
    rows = [line for line in head.split("\n")[:100] if line]
    rows = rows[:-1] if len(rows) > 2 and not head.endswith("\n") else rows
    for mark in TABLE_MARKS:
        counts = {line.count(mark) for line in rows}
        if len(rows) > 1 and len(counts) == 1 and counts != {0}:
            return mark, counts.pop() + 1
    return "", 1


def has_table_suffix(name: str) -> bool:
    """Tell whether a file's name is one of a table, as the readers know them.

    Examples
    --------
    >>> has_table_suffix("cat.FITS"), has_table_suffix("t.csv.zip"), has_table_suffix("story.txt")
    (True, True, False)
    """
    return name.lower().endswith((*all_suffixes(), ".zip"))


def is_text_file(data: Any) -> bool:
    """Tell whether a file without a target is a text: its name and its first lines are no table's.

    A part of a file, a folder, a pattern and standard input are tables; an absent file is what its
    name says.

    Examples
    --------
    >>> is_text_file("galaxies.csv"), is_text_file("base.db::stars"), is_text_file("story.txt")
    (False, False, True)
    """
    if not isinstance(data, str | Path) or str(data) == "-" or has_table_suffix(str(data)):
        return False
    path = Path(data)
    if not path.is_file():
        is_pattern = path.is_dir() or any(sign in path.name for sign in "*?[")
        return not is_pattern and path.suffix.lower() in TEXT_SUFFIXES
    if (
        path.suffix.lower() == DATA_SUFFIX
        or find_reader(Source(path.name, path)).name != "delimited"
    ):
        return False
    return not is_table_head(open_text(path).head(1 << 16))


def is_table_head(head: str) -> bool:
    r"""Tell whether the first lines of a file, below one that may hold names, are mostly numbers.

    Examples
    --------
    >>> is_table_head("mass,radius\n1.0,2.0\n3.0,4.0\n"), is_table_head("emma,3\nolivia,12\n")
    (True, False)
    """
    mark, _ = table_mark(head)
    below = head.partition("\n")[2] or head
    words = (below.replace(mark, " ") if mark else below).split()
    words = words[:-1] or words
    return sum(map(_is_number, words)) > 0.5 * len(words)


def may_be_table(data: Any) -> bool:
    """Tell whether a text file may as well be a table: a delimiter parts its first lines alike."""
    path = Path(data)
    return path.is_file() and bool(table_mark(open_text(path).head(1 << 16))[0])


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def refuse_too_little(name: str, n_units: int, n_distinct: int, fewest: int, counted: str) -> None:
    """Raise if a text is too short, or says the same over and over.

    Raises
    ------
    DataError
        With what there is and what is needed.
    """
    if n_units < fewest:
        noun, *rest = counted.split(" ")
        noun = noun.removesuffix("s") if n_units == 1 else noun
        held = " ".join((noun, *rest))
        raise DataError(
            f"{name!r} holds {n_units} {held}; at least {fewest} are needed for parts to learn "
            "from, to choose by and to compare on",
            "give a longer text",
        )
    if n_distinct < 2:
        raise DataError(
            f"all {n_units} {counted} of {name!r} are the same; there is nothing to learn",
            "give a text that varies",
        )

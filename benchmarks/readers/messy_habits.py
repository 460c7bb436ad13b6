"""Write tables as people and programs do: a habit a function, each with the truth beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.readers.messy_tables import Clean

ANY = None  # a name that the reader makes up


@dataclass(frozen=True)
class Messy:
    """Hold a messy file, and what a person reads in it.

    Attributes
    ----------
    data : bytes
        The file.
    names : list of str or None
        Names; None where the file has none, so that the reader makes one up.
    rows : list of list of str
        Cells, blanks around them apart.
    may_refuse : bool
        Whether the file may mean several things, so that asking is right too.
    """

    data: bytes
    names: list[str | None]
    rows: list[list[str]]
    may_refuse: bool = False


Habit = Callable[[Clean], Messy | None]
HABITS: dict[str, Habit] = {}


def habit(function: Habit) -> Habit:
    """List a habit under its name."""
    HABITS[function.__name__.lstrip("_")] = function
    return function


def written(
    rows: Sequence[Sequence[str]], delimiter: str = ",", *, end: str = "\n", every: bool = False
) -> str:
    """Write rows as CSV."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def joined(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Write rows without any quotes."""
    return "".join(delimiter.join(row) + "\n" for row in rows)


def is_float(cell: str) -> bool:
    """Tell whether a cell is a number with a point."""
    return cell.count(".") == 1 and cell.replace(".", "").replace("-", "").isdigit()


def messy(t: Clean, text: str, **changed: object) -> Messy:
    """Return a file of a text; of the table itself what is not said otherwise."""
    made = Messy(text.encode(), list(t.names), t.rows)
    return replace(made, **changed)  # type: ignore[arg-type]


def all_rows(t: Clean) -> list[list[str]]:
    """Return the names and the rows."""
    return [t.names, *t.rows]


def padded(cells: list[str], width: int) -> list[str]:
    """Fill a row with empty cells."""
    return [*cells, *[""] * (width - len(cells))]


def _delimited(delimiter: str, *, plain: bool = False) -> Habit:
    def write(t: Clean) -> Messy | None:
        if len(t.names) == 1 or (plain and not t.is_plain):
            return None
        text = joined(all_rows(t), delimiter) if plain else written(all_rows(t), delimiter)
        return messy(t, text)

    return write


for _label, _sign in {"semicolons": ";", "tabs": "\t", "bars": "|", "commas": ","}.items():
    HABITS[_label] = _delimited(_sign)
for _label, _sign in {
    "doubled_bars": "||", "colons_doubled": "::", "comma_and_blank": ", ", "blanks": " ",
    "bar_between_blanks": " | ", "tilde": "~", "caret": "^", "tab_and_blank": "\t ",
    "semicolon_and_blank": "; ", "comma_and_tab": ",\t", "doubled_semicolons": ";;", "hash_bar": "#|#",
}.items():  # fmt: skip
    HABITS[_label] = _delimited(_sign, plain=True)


def _r_table(delimiter: str, *, quotes: bool) -> Habit:
    def write(t: Clean) -> Messy | None:
        rows = [[str(i + 1), *row] for i, row in enumerate(t.rows)]
        if not quotes and not t.is_plain:
            return None

        def quoted(cell: str) -> str:
            is_number = cell.replace(".", "").replace("-", "").isdigit()
            return cell if is_number or not quotes else '"' + cell.replace('"', '\\"') + '"'

        lines = [[quoted(name) for name in t.names]]
        lines += [[f'"{row[0]}"' if quotes else row[0], *map(quoted, row[1:])] for row in rows]
        names: list[str | None] = [ANY, *t.names]
        return messy(t, joined(lines, delimiter), names=names, rows=rows)

    return write


for _label, _sign in {"blanks": " ", "tabs": "\t", "commas": ","}.items():
    HABITS[f"r_table_{_label}"] = _r_table(_sign, quotes=True)
    HABITS[f"r_table_{_label}_unquoted"] = _r_table(_sign, quotes=False)


@habit
def _r_write_csv(t: Clean) -> Messy:
    rows = [[str(i + 1), *row] for i, row in enumerate(t.rows)]
    text = written([["", *t.names], *rows], every=True)
    return messy(t, text, names=[ANY, *t.names], rows=rows)


def _trailing(delimiter: str, n_names: int, n_rows: int) -> Habit:
    def write(t: Clean) -> Messy | None:
        if len(t.names) == 1:
            return None
        lines = [[*t.names, *[""] * n_names], *[[*row, *[""] * n_rows] for row in t.rows]]
        return messy(t, written(lines, delimiter))

    return write


for _label, _sign in {"commas": ",", "semicolons": ";", "tabs": "\t", "bars": "|"}.items():
    HABITS[f"{_label}_end_every_line"] = _trailing(_sign, 1, 1)
    HABITS[f"{_label}_end_rows_alone"] = _trailing(_sign, 0, 1)
    HABITS[f"{_label}_end_names_alone"] = _trailing(_sign, 1, 0)
    HABITS[f"three_{_label}_end_every_line"] = _trailing(_sign, 3, 3)
    HABITS[f"three_{_label}_end_rows_alone"] = _trailing(_sign, 0, 3)


def _below(*above: Callable[[Clean], str], delimiter: str = ",") -> Habit:
    def write(t: Clean) -> Messy | None:
        if delimiter == " " and not t.is_plain:
            return None
        text = "".join(f"{line(t)}\n" for line in above)
        return messy(t, text + written(all_rows(t), delimiter))

    return write


def _line(text: str) -> Callable[[Clean], str]:
    return lambda t: text


def _cells(*cells: str, delimiter: str = ",") -> Callable[[Clean], str]:
    return lambda t: delimiter.join(padded(list(cells), len(t.names)))


ABOVE: dict[str, Habit] = {
    "title": _below(_line("Measurements of the spring campaign")),
    "title_of_one_word": _below(_line("Measurements")),
    "title_then_blank": _below(_line("Measurements of the spring campaign"), _line("")),
    "title_with_commas": _below(_line('"Measurements, spring campaign, 2020"')),
    "title_in_cells": _below(_cells("Table 1. Measurements")),
    "title_in_cells_then_blank": _below(_cells("Measurements"), _cells("")),
    "title_in_a_later_cell": _below(_cells("", "Measurements of spring")),
    "three_titles_in_cells": _below(_cells("Ministry"), _cells("Yearbook 2020"), _cells("Table 4")),
    "title_semicolons": _below(_cells("Report", delimiter=";"), _cells("", delimiter=";"), delimiter=";"),
    "title_tabs": _below(_line("Report of 2020"), _line(""), delimiter="\t"),
    "keys": _below(*map(_line, ("Station: 44", "Latitude: 51.2", "Longitude: 4.4", "Height: 12 m"))),
    "keys_with_commas": _below(*map(_line, ("Station,44", "Latitude,51.2", "Operator,Ann Lee", ""))),
    "keys_with_tabs": _below(*map(_line, ("Station\t44", "Lat\t51.2", "Run\tA7")), delimiter="\t"),
    "keys_in_cells": _below(_cells("Station", "44"), _cells("Operator", "Ann"), _cells("")),
    "world_bank": _below(
        _line('"Data Source","World Development Indicators",'), _line(""),
        _line('"Last Updated Date","2020-07-01",'), _line(""),
    ),
    "prose": _below(*(_line(f"This is line {i} of a long note, as notes go") for i in range(9))),
    "sep_line": _below(_line("sep=;"), delimiter=";"),
    "sep_line_comma": _below(_line("sep=,")),
    "blank_lines_first": _below(_line(""), _line("")),
    "hash_comments": _below(_line("# made by logger 7"), _line("# on 2020-01-01")),
    "one_hash_comment": _below(_line("#exported 2020")),
    "percent_comments": _below(_line("% made by logger 7"), _line("% on 2020-01-01")),
    "bang_comments": _below(_line("!Series_title\tx"), _line("!Series_id\tGSE1"), delimiter="\t"),
    "slash_comments": _below(_line("// made by logger 7"), _line("// on 2020-01-01")),
    "semicolon_comments": _below(_line("; made by logger 7"), _line("; on 2020-01-01")),
    "star_comments": _below(_line("*** logger 7 ***"), _line("* on 2020-01-01")),
    "dashes_comments": _below(_line("-- made by logger 7"), _line("-- on 2020-01-01")),
    "quoted_comment": _below(_line('"# made by logger 7, spring"')),
    "rule_above": _below(_line("Measurements"), _line("===========")),
    "begin_data": _below(_line("[Header]"), _line("Version=1.2"), _line("[Data]")),
    "title_blanks": _below(_line("Report of spring"), _line(""), delimiter=" "),
    "hash_comments_blanks": _below(_line("# a log"), _line("# of spring"), delimiter=" "),
}  # fmt: skip
HABITS |= ABOVE


@habit
def _names_after_hash(t: Clean) -> Messy | None:
    if len(t.names) < 2:
        return None
    return messy(t, "#" + written(all_rows(t)))


@habit
def _names_after_hash_tabs(t: Clean) -> Messy | None:
    if len(t.names) < 2:
        return None
    return messy(t, "# a log\n# " + written(all_rows(t), "\t"))


@habit
def _names_after_percent(t: Clean) -> Messy | None:
    return messy(t, "% " + joined(all_rows(t), " ")) if t.is_plain and len(t.names) > 1 else None


def _under(kind: Callable[[Clean], list[str] | None], delimiter: str = ",") -> Habit:
    def write(t: Clean) -> Messy | None:
        below = kind(t)
        if below is None or len(t.names) < 2:
            return None
        return messy(t, written([t.names, below, *t.rows], delimiter))

    return write


def _units(form: str) -> Callable[[Clean], list[str] | None]:
    def row(t: Clean) -> list[str] | None:
        return [form.format(unit) if unit else "" for unit in t.units] if any(t.units) else None

    return row


def _types(t: Clean) -> list[str]:
    is_number = [cell.replace(".", "").replace("-", "").isdigit() for cell in t.rows[0]]
    return ["float" if each else "string" for each in is_number]


HABITS |= {
    "units_row": _under(_units("{}")),
    "units_row_in_brackets": _under(_units("[{}]")),
    "units_row_in_parentheses_tabs": _under(_units("({})"), "\t"),
    "types_row": _under(_types),
    "widths_row_tabs": _under(lambda t: [f"{max(map(len, c))}s" for c in zip(*t.rows, strict=True)], "\t"),
    "rule_under_names": _under(lambda t: ["-" * max(3, len(name)) for name in t.names]),
    "empty_row_under_names": _under(lambda t: ["" for _ in t.names]),
}  # fmt: skip

"""Write tables as certain programs do: loggers, gauges, archives of genes, Weka, MATLAB, pandas."""

from __future__ import annotations

from benchmarks.readers.messy_habits import (
    ANY,
    Messy,
    all_rows,
    habit,
    is_float,
    joined,
    messy,
    written,
)
from benchmarks.readers.messy_tables import Clean


@habit
def _markdown(t: Clean) -> Messy | None:
    if any("|" in cell for row in all_rows(t) for cell in row) or len(t.names) < 2:
        return None
    lines = ["| " + " | ".join(row) + " |" for row in all_rows(t)]
    lines.insert(1, "|" + "---|" * len(t.names))
    return messy(t, "\n".join(lines) + "\n")


@habit
def _logger_toa5(t: Clean) -> Messy | None:
    """Campbell loggers: a line on the station, then names, units and processing."""
    if len(t.names) < 3 or not any(t.units):
        return None
    env = '"TOA5","Station","CR1000","1234","CR1000.Std.31","CPU:a.CR1","4122","Table1"\n'
    kinds = ["", *["Avg"] * (len(t.names) - 1)]
    return messy(t, env + written([t.names, t.units, kinds, *t.rows], every=True))


@habit
def _usgs(t: Clean) -> Messy | None:
    if len(t.names) < 2:
        return None
    widths = [f"{max(map(len, c))}{'sdn'[j % 3]}" for j, c in enumerate(zip(*t.rows, strict=True))]
    notes = "".join(
        f"# {line}\n" for line in ("retrieved: 2020", "", "agency_cd  Agency Code", "a, b")
    )
    return messy(t, notes + written([t.names, widths, *t.rows], "\t"))


@habit
def _geo_series(t: Clean) -> Messy | None:
    if len(t.names) < 3:
        return None
    head = '!Series_title\t"A study"\n!Series_geo\t"GSE1"\n\n!Sample_title\t' + "\t".join(
        f'"{n}"' for n in t.names[1:]
    )
    body = written([[f"{n}" for n in t.names], *t.rows], "\t")
    return messy(t, head + "\n!series_matrix_table_begin\n" + body + "!series_matrix_table_end\n")


@habit
def _arff(t: Clean) -> Messy | None:
    if not t.is_plain or len(t.names) < 2:
        return None
    kinds = ["numeric" if is_float(c) or c.isdigit() else "string" for c in t.rows[0]]
    head = "% made\n@relation t\n\n" + "".join(
        f"@attribute {n} {k}\n" for n, k in zip(t.names, kinds, strict=True)
    )
    return messy(t, head + "\n@data\n" + joined(t.rows, ","))


@habit
def _libsvm_like(t: Clean) -> Messy | None:
    """Numbers and words in one table, blanks and tabs mixed between them."""
    if not t.is_plain or len(t.names) < 3:
        return None
    lines = [row[0] + "\t" + "  ".join(row[1:]) for row in all_rows(t)]
    return messy(t, "\n".join(lines) + "\n")


@habit
def _matlab(t: Clean) -> Messy | None:
    if not all(is_float(c) or c.isdigit() for row in t.rows for c in row) or len(t.names) < 2:
        return None
    rows = [[f"{float(c):.7e}" for c in row] for row in t.rows]
    text = "".join("   " + "   ".join(row) + "\n" for row in rows)
    return messy(t, text, names=[ANY] * len(t.names), rows=rows)


@habit
def _pandas_index_names(t: Clean) -> Messy | None:
    rows = [[str(i), *row] for i, row in enumerate(t.rows)]
    return messy(t, written([["", *t.names], *rows]), names=[ANY, *t.names], rows=rows)

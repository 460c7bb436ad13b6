"""Write tables with several habits at once: what stands above, at the ends of rows, and below."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.readers.messy_habits import ANY, Messy, written
from benchmarks.readers.messy_tables import Clean

ABOVE = (
    (), (), ("Spring campaign, 2020",), ("Spring campaign", ""), ("Station: 44", "Operator: Lee"),
    ("# made by logger 7",), ("% a log", "% of spring"), ("",), ("Report", "All stations", ""),
    ("This file holds what was found in spring", "and is free to use.", ""),
)  # fmt: skip
BELOW = (
    (), (), ("",), ("", "Source: the yearbook"), ("Source: the yearbook",), ("", "", ""),
    ("# end of data",), ("", "Notes:", "1. early data", "2. none"), ("* preliminary",),
)  # fmt: skip
CELLS_ABOVE = ((), (), ("Table 4. Spring",), ("Ministry", ""), ("", "Yearbook 2020", ""))
CELLS_BELOW = ((), (), ("",), ("", "Source: yearbook", "Note: early"), ("", "", ""))
SIGNS = (",", ",", ";", "\t", "|")
ENCODINGS = (("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16", b""), ("cp1252", b""))


def mixed(table: Clean, rng: np.random.Generator) -> Messy:
    """Write a table with some habits drawn by chance."""

    def draw(options: Any) -> Any:
        return options[int(rng.integers(len(options)))]

    sign, width = draw(SIGNS), len(table.names)
    names: list[str | None] = [*table.names]
    rows, head = table.rows, [[*table.names]]
    if rng.random() < 0.25:
        rows, names = [[str(i + 1), *row] for i, row in enumerate(rows)], [ANY, *names]
        head = [["", *table.names]] if rng.random() < 0.5 else [[*table.names]]
        width += 1
    if rng.random() < 0.2 and any(table.units) and len(head[0]) == width == len(table.units):
        head.append(table.units)
    n_after = int(rng.integers(0, 3)) * int(rng.random() < 0.4)
    is_cut = rng.random() < 0.5
    after = [""] * n_after
    above_cells, below_cells = draw(CELLS_ABOVE), draw(CELLS_BELOW)
    wide = width + n_after
    lines = [[cell, *[""] * (wide - 1)] for cell in above_cells]
    lines += [row if is_cut and len(head) == 1 else [*row, *after] for row in head]
    lines += [[*row, *after] for row in rows]
    lines += [[cell, *[""] * (wide - 1)] for cell in below_cells]
    end = draw(("\n", "\r\n"))
    text = written(lines, sign, end=end, every=rng.random() < 0.2)
    above = () if above_cells else draw(ABOVE)
    below = () if below_cells else draw(BELOW)
    whole = "".join(f"{line}{end}" for line in above) + text
    whole += "".join(f"{line}{end}" for line in below)
    encoding, mark = draw(ENCODINGS)
    try:
        data = mark + whole.encode(encoding)
    except UnicodeEncodeError:
        data = whole.encode()
    return Messy(data, names, rows)

"""Lay figures out as tables."""

from __future__ import annotations

from typing import Any


def peak_table(cells: list[dict[str, Any]]) -> str:
    """Lay peaks and estimates out; a family that does not apply says why."""
    lines = [
        "| family | rows | numbers | categories | classes | s | peak, MB | estimate, MB | peak / estimate |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for cell in cells:
        place = " | ".join(
            f"{cell[key]:,}" for key in ("n_rows", "n_numbers", "n_categories", "n_classes")
        )
        found = (
            f"| {cell['reason']} | | | "
            if "reason" in cell
            else f"{cell['seconds']:.1f} | {cell['peak']:.0f} | {cell['estimate']:.0f} | "
            f"{cell['peak'] / cell['estimate']:.2f}"
        )
        lines.append(f"| {cell['family']} | {place} | {found} |")
    return "\n".join(lines)

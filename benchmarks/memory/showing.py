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


def whole_table(found: dict[str, Any]) -> str:
    """Lay the climb of one large table out."""
    lines = [
        (
            f"{found['rows']:,} rows, {found['columns']} columns, {found['classes']} classes; "
            f"{found['threads']} threads: {found['wall'] / 60:.1f} minutes, at most "
            f"{found['peak_gigabytes']:.2f} GB of {found['allowed_gigabytes']:.1f} GB allowed."
        ),
        "",
        f"| family | s | {found['metric']} | remark |",
        "|---|---|---|---|",
    ]
    for one in found["ladder"]:
        seconds = "" if one["seconds"] is None else f"{one['seconds']:.0f}"
        score = "" if one["score"] is None else f"{one['score']:.4f}"
        remark = one["reason"] or next((n for n in one["notes"] if n.startswith("trained on")), "")
        lines.append(f"| {one['family']} | {seconds} | {score} | {remark} |")
    return "\n".join(lines)

"""Turn the figures into the tables of the README."""

from __future__ import annotations

from typing import Any

# What each way of sharing costs at least, in plain fits on all rows, were time linear in rows.
SUMS, TREES, MEAN, REFIT = 1.0, 1.0, 4.0, 5.0
WAYS = {
    SUMS: "one pass over the rows, or 250 trees for all folds",
    MEAN: "anew in each fold; the final model is their mean",
    REFIT: "anew in each fold, and once more for the final model",
}
IN_ONE_PASS = ("constant", "linear", "polynomial")


def all_tables(found: dict[str, Any]) -> str:
    """Return the ladders as a whole, way of sharing by way, family by family, and the loop."""
    return "\n\n".join(shown(found) for shown in SHOWN)


def floor(family: str, task: str) -> float:
    """Return how many plain fits of a family five honest folds cost before anything is chosen."""
    if family == "forest":
        return TREES
    if family == "boosting":
        return MEAN
    return (
        SUMS if family in IN_ONE_PASS and (task == "regression" or family == "constant") else REFIT
    )


def least(table: dict[str, Any]) -> float:
    """Return the price of a ladder in which choosing costs nothing."""
    families = table["families"].items()
    spent = sum(floor(name, table["task"]) * one["plain"] for name, one in families)
    return float(spent / total(table, "plain"))


def by_way(found: dict[str, Any]) -> str:
    """Return the price of families that share between folds and of those that cannot."""
    tables = found["tables"]
    rows = [
        [text, f"{way:.0f}", *(_price_of(way, one) for one in tables.values())]
        for way, text in WAYS.items()
    ]
    rows.append(
        ["**all**", "", *(f"{least(one):.1f}; {price(one):.1f}" for one in tables.values())]
    )
    return _table(["fitted", "floor", *tables], rows)


def _price_of(way: float, table: dict[str, Any]) -> str:
    """Return seconds and price of the families of one way."""
    own = [one for name, one in table["families"].items() if floor(name, table["task"]) == way]
    spent, plain = (sum(one[part] for one in own) for part in ("cross_fitted", "plain"))
    return f"{spent:.2f} / {plain:.3f} = {spent / plain:.1f}" if own else ""


def total(table: dict[str, Any], part: str, *, without: tuple[str, ...] = ()) -> float:
    """Return seconds summed over families."""
    families = table["families"].items()
    return float(sum(one.get(part, 0.0) for name, one in families if name not in without))


def price(table: dict[str, Any], *, predicts: bool = False) -> float:
    """Return the ladder's seconds over those of plain fits, with their predictions where asked."""
    plain = total(table, "plain") + (total(table, "predicting") if predicts else 0.0)
    return total(table, "cross_fitted") / plain


def sums(found: dict[str, Any]) -> str:
    """Return seconds and prices, a row a table."""
    rows = [
        [
            name,
            f"{one['rows']:,}",
            str(len(one["families"])),
            f"{total(one, 'cross_fitted'):.1f}",
            f"{total(one, 'plain'):.1f}",
            f"{least(one):.1f}",
            f"{price(one):.1f}",
            f"{price(one, predicts=True):.1f}",
        ]
        for name, one in found["tables"].items()
    ]
    head = ["table", "rows", "families", "ladder, s", "plain fits, s", "floor", "price"]
    return _table([*head, "price where plain fits predict once too"], rows)


def by_family(found: dict[str, Any]) -> str:
    """Return cross-fitted and plain seconds of each family, with their ratio; a column a table."""
    tables = found["tables"]
    names = list(dict.fromkeys(name for one in tables.values() for name in one["families"]))
    rows = [
        [name, *(_cell(one["families"].get(name)) for one in tables.values())] for name in names
    ]
    return _table(["family", *tables], rows)


def _cell(one: dict[str, Any] | None) -> str:
    if one is None:
        return ""
    ratio = one["cross_fitted"] / max(one["plain"], 1e-9)
    return f"{one['cross_fitted']:.2f} / {one['plain']:.3f} = {ratio:.3g}"


def looped(found: dict[str, Any]) -> str:
    """Return the loop over scikit-learn beside rung, on the tables that have it."""
    rows = []
    for name, table in found["tables"].items():
        for family, one in table["families"].items():
            if "loop" in one:
                rows.append(_row(f"{name}, {family}", one, str(one["grid"])))
        if any("loop" in one for one in table["families"].values()):
            whole = {part: total(table, part) for part in ("plain", "cross_fitted", "loop")}
            rows.append(_row(f"**{name}, all**", whole, ""))
    head = ["", "settings in the grid", "plain fit, s", "rung, s", "loop, s"]
    return _table([*head, "rung / plain", "loop / plain"], rows)


def _row(name: str, one: dict[str, Any], grid: str) -> list[str]:
    plain = max(one["plain"], 1e-9)
    return [
        name,
        grid,
        f"{one['plain']:.3f}",
        f"{one['cross_fitted']:.2f}",
        f"{one['loop']:.2f}",
        f"{one['cross_fitted'] / plain:.1f}",
        f"{one['loop'] / plain:.1f}",
    ]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


SHOWN = (sums, by_way, by_family, looped)

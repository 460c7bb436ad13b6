"""Show what was measured as a table."""

from __future__ import annotations

from collections.abc import Mapping

HEAD = (
    "table",
    "rows",
    "first score",
    "`--quick`",
    "scikit-learn",
    "ratio",
    "mljar Explain",
    "ratio",
    "whole ladder",
)
PEERS = ("sklearn", "mljar")


def table(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return processor seconds, wall seconds in brackets, a row a table.

    Examples
    --------
    >>> one = {"processor": 2.0, "clock": 3.0, "first_processor": 1.0, "first_clock": 1.5}
    >>> other = {"processor": 1.6, "clock": 1.7}
    >>> of = {"table": {"rows": 9}, "quick": one, "sklearn": other, "mljar": other}
    >>> print(table({"iris": of}).splitlines()[-1])
    | iris | 9 | 1.0 (1.5) | 2.0 (3.0) | 1.6 (1.7) | 1.25 | 1.6 (1.7) | 1.25 | |
    """
    lines = [HEAD, ("---",) * len(HEAD)]
    for name, of in found.items():
        quick = of["quick"]
        first = {"processor": quick["first_processor"], "clock": quick["first_clock"]}
        peers = [cell for tool in PEERS for cell in _beside(quick, of.get(tool))]
        whole = _both(of["whole"]) if "whole" in of else ""
        rows = f"{of['table']['rows']:,.0f}"
        lines.append((name, rows, _both(first), _both(quick), *peers, whole))
    return "".join("| " + " | ".join(line).rstrip() + " |\n" for line in lines)


def _beside(quick: Mapping[str, float], peer: Mapping[str, float] | None) -> tuple[str, str]:
    if peer is None:
        return "not run", ""
    return _both(peer), f"{quick['processor'] / peer['processor']:.2f}"


def _both(seconds: Mapping[str, float]) -> str:
    return f"{seconds['processor']:.1f} ({seconds['clock']:.1f})"

"""Lay the measurements out as a page."""

from __future__ import annotations

from typing import Any

HEAD = (
    "| run | width | GFLOP/s | scikit-learn, s | one by one, s | models | population, s "
    "| times faster | share of the rate |"
)
FASTER_WANTED, SHARE_WANTED, FROM_SIZE = 4.0, 0.40, 40


def readme(found: dict[str, Any]) -> str:
    """Return the page of a measurement."""
    cells = found["cells"]
    return f"""# Many networks trained as one

A network of 10 numbers, two hidden layers and one output ({found["rows"]:,} rows, {found["epochs"]} passes, steps of
128 rows, AdamW), each model with first weights, an order of rows and a learning rate of its own: as one
population by `rung.nets`, one by one with torch's own loop (fused AdamW), and with scikit-learn's
`MLPRegressor`; the population on {found["threads"]} thread(s), each peer on one or on all, whichever is faster;
device `{found["device"]}`, in one process, one after the other. Seconds are for one model. The
*share* is the operations of the matrix products of training by its time, over the rate of one 1,024 × 1,024
product in single precision in the same run. `python -m benchmarks.population` writes this page:

{_table(cells)}

{_targets(cells)}

Both depend on the machine. On another one, of 210 GFLOP/s, an earlier state was at 47 to 52% of the rate at width 128, but 2.8 to
3.2 times faster only: there torch's own loop lost less to what is not arithmetic.

The same models reach the same losses: mean squared error of the last pass,

{_losses(cells)}

The population and plain torch draw the same first weights and the same orders; scikit-learn has its own, decays
nothing and keeps its rate, so its losses are of the same kind, not the same.
"""


def _table(cells: list[dict[str, Any]]) -> str:
    lines = [
        HEAD,
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for cell in cells:
        for each in cell["populations"]:
            faster = cell["torch_seconds_per_model"] / each["seconds_per_model"]
            lines.append(
                f"| {cell['run']} | {cell['width']} | {cell['matrix_rate'] / 1e9:.0f} "
                f"| {cell['sklearn_seconds_per_model']:.3f} "
                f"| {cell['torch_seconds_per_model']:.3f} | {each['size']} "
                f"| {each['seconds_per_model']:.4f} | {faster:.1f} | {each['share_of_rate']:.0%} |"
            )
    return "\n".join(lines)


def _targets(cells: list[dict[str, Any]]) -> str:
    """Say whether the targets are met, with the numbers."""
    large = [
        (cell, each) for cell in cells for each in cell["populations"] if each["size"] >= FROM_SIZE
    ]
    if not large:
        return f"No population of {FROM_SIZE} or more was measured."
    faster = [c["torch_seconds_per_model"] / e["seconds_per_model"] for c, e in large]
    wide = max(cell["width"] for cell, _ in large)
    shares = [e["share_of_rate"] for c, e in large if c["width"] == wide]
    return (
        f"Targets: at least {FASTER_WANTED:g} times faster a model than one by one from {FROM_SIZE} "
        f"models on ({_met(min(faster) >= FASTER_WANTED)}: {min(faster):.1f} to {max(faster):.1f}), "
        f"and at width {wide} at least {SHARE_WANTED:.0%} of the rate "
        f"({_met(min(shares) >= SHARE_WANTED)}: {min(shares):.0%} to {max(shares):.0%})."
    )


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _losses(cells: list[dict[str, Any]]) -> str:
    lines = [
        "| run | width | population | plain torch | largest relative difference | scikit-learn |",
        "|---|---|---|---|---|---|",
    ]
    for cell in cells:
        ours, theirs = cell["population_losses"], cell["torch_losses"]
        worst = max(abs(a / b - 1) for a, b in zip(ours, theirs, strict=True))
        columns = (_listed(ours), _listed(theirs), f"{worst:.1e}", _listed(cell["sklearn_losses"]))
        lines.append(f"| {cell['run']} | {cell['width']} | {' | '.join(columns)} |")
    return "\n".join(lines)


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:.4f}" for value in values)

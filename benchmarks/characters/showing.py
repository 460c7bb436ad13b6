"""Write the page of the benchmark from its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Curve = Sequence[Mapping[str, float]]
HEAD = """# Characters: how soon a GPT reaches the losses of the scripts that people copy

```
python -m benchmarks.characters --nanogpt CLONE --makemore CLONE --work FOLDER
```

`CLONE` is a clone of the peer's repository, `FOLDER` a place outside the tree where an environment with torch is
made for them. All is measured one after the other on the same machine, with two threads, each script as its
author describes it; seconds are those of a clock since the first step of training, so imports do not count. Losses
are nats a character on text that was held back.
`--parts stream` or `--parts names` runs one part and keeps what is known of the other.
"""


def page(found: Mapping[str, Any]) -> str:
    """Return the page; parts that were not run are left out.

    Parameters
    ----------
    found : mapping
        What `python -m benchmarks.characters` writes as JSON.
    """
    parts = [HEAD]
    if "stream" in found:
        parts.append(_stream(found["stream"], found["gflops_float32"]))
    if "names" in found:
        parts.append(_names(found["names"]))
    return "\n".join(parts)


def reached(curve: Curve, wanted: float) -> float | None:
    """Return after how many seconds a loss was first seen, if it was.

    Examples
    --------
    >>> reached([{"loss": 2.0, "seconds": 1.0}, {"loss": 1.8, "seconds": 2.0}], 1.9)
    2.0
    """
    return next((point["seconds"] for point in curve if point["loss"] <= wanted), None)


def _stream(found: Mapping[str, Any], rate: float) -> str:
    peer, soon, long = (found.get(name, []) for name in ("nanogpt", "soon", "long"))
    rows = [
        _row("nanoGPT, 4 layers, 128 wide, context 64, 12 rows a step", peer),
        _row("GPT rung, 4 layers, 128 wide, context 128, 12 rows a step, a short plan", soon),
        _row("the same, as many steps as fit into nanoGPT's time", long),
    ]
    lines = [
        "## One stream: tiny shakespeare\n",
        "Learned from are the first 90 %, judged on the rest. Both read about 15,000 characters of it at a",
        "check; the last loss of the GPT rung is that of all of it.\n",
        "| | steps | loss | seconds |\n|---|---|---|---|",
        *(row for row in rows if row),
        "",
    ]
    if peer and soon:
        wanted, seconds = min(point["loss"] for point in peer), peer[-1]["seconds"]
        lines.append(
            _verdict(soon, wanted, seconds, 8)
            + f" After {long[-1]['seconds']:.0f} seconds, about nanoGPT's time, it comes to"
            + f" {long[-1]['loss']:.3f} (target: 1.60)."
        )
    sampled = found["sampled_a_second"]
    lines.append(
        f"\nThe GPT rung reads {found['characters_a_second']:,} characters a second while it trains, its checks"
        f" counted: {found['gflops']:.0f} GFLOP/s of matrix products, {found['gflops'] / rate:.0%} of the"
        f" {rate:.0f} that products of 2,048 by 2,048 reach in single precision in the same run. Written are"
        f" {sampled['cached']:.0f} characters a second with the memory of keys and values and"
        f" {sampled['anew']:.0f} without, by numpy alone.\n"
    )
    return "\n".join(lines)


def _names(found: Mapping[str, Any]) -> str:
    peer, ours = found.get("makemore", []), found["ours"]
    rows = [
        _row("makemore's transformer, 4 layers, 64 wide, 32 names a step", peer),
        _row("GPT rung as `rung fit` plans it", ours),
    ]
    lines = [
        "## Lines: names\n",
        "The split of makemore's script: 1,000 names to judge by, the others to learn from.\n",
        "| | steps | loss, last | seconds | lowest loss |\n|---|---|---|---|---|",
        *(
            f"{row} {min(point['loss'] for point in curve):.4f} |"
            for row, curve in zip(rows, (peer, ours), strict=True)
            if row
        ),
        "",
    ]
    if peer:
        best = min(peer, key=lambda point: point["loss"])
        lines.append(_verdict(ours, best["loss"], best["seconds"], 5) + "\n")
    return "\n".join(lines)


def _row(title: str, curve: Curve) -> str:
    if not curve:
        return ""
    last = curve[-1]
    return f"| {title} | {last['step']:,} | {last['loss']:.4f} | {last['seconds']:.0f} |"


def _verdict(ours: Curve, wanted: float, theirs: float, target: int) -> str:
    seconds = reached(ours, wanted)
    peers = f"The peer's lowest loss, {wanted:.4f}, took it {theirs:.0f} seconds"
    if seconds is None:
        lowest = min(point["loss"] for point in ours)
        return f"{peers}; the GPT rung does not reach it here (lowest: {lowest:.4f})."
    return f"{peers}, the GPT rung {seconds:.0f}: {seconds / theirs:.2f} of the time (target: 1/{target})."

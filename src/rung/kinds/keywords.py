"""Type the options of a run as keywords of Python, for editors and type checkers.

What they mean and their defaults are declared in `options` of each kind; a test holds that the
names here are those.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict, TypeVar

from rung.core.family import Family
from rung.kinds.options import every_option
from rung.typing import Task, Untyped

Function = TypeVar("Function", bound=Callable[..., Any])


class RunKeywords(TypedDict, total=False):
    """Options of `rung.fit`, beside the data and the target."""

    features: Sequence[str] | str | None
    drop: Sequence[str] | str
    keep: Sequence[str] | str
    texts: Sequence[str] | str | None
    words: int
    groups: Sequence[str] | str | None
    time: str | None
    gap: str | float | None
    rolling: str | float | None
    space: Sequence[str] | None
    block_size: float | None
    buffer: float | None
    independent: bool
    weight: str | None
    positive: str | None
    task: Task | None
    families: Sequence[str | Family | Untyped] | str | None
    metric: str | Callable[[Untyped, Untyped], Untyped] | None
    margin: float | None
    subgroups: Sequence[str] | str
    choose: Literal["simplest", "leader"]
    quick: bool
    explain: bool
    applicability: bool
    leave_out: bool
    seed: int
    test_fraction: float | None
    ledger: bool
    folds: int | Untyped | None
    repeats: int
    seal: str | Path | None
    encoding: str | None
    keep_sentinels: bool
    missing: Sequence[str] | str
    keep_tokens: bool
    decimal: Literal[".", ","] | None
    delimiter: str | None
    header: bool | None
    table: str | None
    skip_lines: int | None
    comment: str | None
    variables: Sequence[str] | str | None
    rows: int | Literal["all"] | None
    where: str | None
    derive: Sequence[str] | str
    reading: str | None
    images: str | None
    labels: str | Path | None
    backbone: str | Path | None
    symmetry: Literal["none", "shift", "rotation", "dihedral"]
    size: int | None
    cut: int | None
    stretch: Literal["none", "arcsinh", "percentile"]
    threads: int | None
    memory: int | str
    device: Literal["auto", "cpu", "cuda"]


def with_keywords(function: Function) -> Function:
    """Show the options of a run in the signature of a function, as completion reads it."""
    shown = inspect.signature(function)
    plain = [p for p in shown.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    known = {one.name for one in plain}
    added = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if option.default is ... else option.default,
            annotation=RunKeywords.__annotations__[option.name],
        )
        for option in every_option()
        if option.name not in known
    ]
    signature = shown.replace(parameters=[*plain, *added])
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function

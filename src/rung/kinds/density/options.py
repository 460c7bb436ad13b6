"""Declare what a run on a table without a target can be asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from rung.errors import UsageError
from rung.kinds.declaration import again, declared
from rung.kinds.options import Options, documented, fill_quick, from_keywords
from rung.kinds.table.large_options import sample_request
from rung.kinds.table.options import READ, FitOptions
from rung.kinds.values import metric_of

if TYPE_CHECKING:
    from rung.data.table import ReadOptions


@dataclass(frozen=True, kw_only=True)
class DensityOptions(Options):
    """State what a run on a table without a target is asked to do.

    Attributes
    ----------
    {options}
    """

    kind: ClassVar[str] = "density"
    called: ClassVar[str] = "table"
    device: ClassVar[str] = "cpu"

    metric: str | None = again(Options, "metric", None, value=metric_of("density"))
    features: tuple[str, ...] | None = again(FitOptions, "features", None)
    drop: tuple[str, ...] = again(FitOptions, "drop", ())
    groups: str | tuple[str, ...] | None = again(FitOptions, "groups", None)
    independent: bool = again(FitOptions, "independent", False)
    folds: Any = again(FitOptions, "folds", None)
    repeats: int = again(FitOptions, "repeats", 1)
    test_fraction: float = again(FitOptions, "test_fraction", 0.2)
    quick: bool = again(FitOptions, "quick", False)
    rows: int | Literal["all"] | None = again(FitOptions, "rows", None)
    memory: int | str = again(FitOptions, "memory", FitOptions.memory)
    seal: str | None = again(FitOptions, "seal", None)
    keep_sentinels: bool = again(FitOptions, "keep_sentinels", False)
    missing: tuple[str, ...] = again(FitOptions, "missing", ())
    keep_tokens: bool = again(FitOptions, "keep_tokens", False)
    decimal: str | None = again(FitOptions, "decimal", None)
    delimiter: str | None = again(FitOptions, "delimiter", None)
    header: bool | None = again(FitOptions, "header", None)
    table: str | None = again(FitOptions, "table", None)
    skip_lines: int | None = again(FitOptions, "skip_lines", None)
    comment: str | None = again(FitOptions, "comment", None)
    variables: tuple[str, ...] | None = again(FitOptions, "variables", None)
    where: str | None = again(FitOptions, "where", None)
    derive: tuple[str, ...] = again(FitOptions, "derive", ())

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.quick:
            fill_quick(self, "density")

    @property
    def group_names(self) -> tuple[str, ...]:
        """Columns that make up an entity."""
        if self.groups is None:
            return ()
        return (self.groups,) if isinstance(self.groups, str) else self.groups

    @property
    def read(self) -> ReadOptions:
        """How to read the table."""
        from rung.data.table import ReadOptions

        given = {name: getattr(self, name) for name in READ}
        sample = sample_request(int(self.memory), self.rows, self.seed, self.group_names)
        known = {name: one for name, one in given.items() if one is not None}
        return ReadOptions(**known, sample=sample)


OPTIONS = documented(declared(DensityOptions))(DensityOptions)


def make_density_options(given: Mapping[str, Any]) -> DensityOptions:
    """Build options from keywords; what needs a target says so.

    Examples
    --------
    >>> make_density_options({"seed": 3}).seed
    3
    """
    known = {option.name for option in declared(DensityOptions)}
    of_targets = {option.name for option in declared(FitOptions)} - known
    for name in given:
        if name in of_targets:
            raise UsageError(
                f"option {name!r} is for a table with a target, and no target is named",
                "name the column to predict with target='COLUMN', or drop the option",
            )
    return from_keywords(DensityOptions, given)

"""Hold the options of a run, checked once, for shell and Python alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from numbers import Integral
from pathlib import Path
from typing import Any, Literal

from rung.core.family import Family
from rung.core.memory import DEFAULT_LIMIT, read_bytes_text
from rung.core.seal import LARGEST_SEED
from rung.core.task import TASKS
from rung.data.table import ReadOptions
from rung.errors import UsageError, suggest
from rung.families import whole_ladder
from rung.families.wrapped import as_families
from rung.kinds.options import CHOICES, check_member, check_number, check_switch, check_whole
from rung.typing import JSON, Task

DECIMALS = (".", ",")
# Options of a division, and the one that each belongs to.
NEEDS = {"gap": "time", "rolling": "time", "block_size": "space", "buffer": "space"}
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class FitOptions:
    r"""State what a run is asked to do.

    Attributes
    ----------
    target : str
        Column to predict.
    features : tuple of str or None
        Columns that models may use; None for all that are not identifiers, constant or text.
    drop : tuple of str
        Columns that models may not use.
    groups : str, tuple of str or None
        Columns whose equal values keep rows together, on one side of the test and of every fold;
        several columns together are one entity.
    time : str or None
        Column by which the past predicts the future, in the test and in the folds.
    gap : str, float or None
        Rows nearer than this to a held-out stretch of time do not train for it: a number in the
        unit of the column, or for dates a duration such as `7d`.
    rolling : str, float or None
        Length of the training stretch before each held-out one; None for all that lies before.
    space : pair of str or None
        Columns of longitude and latitude, or of x and y: whole blocks are sealed and held out.
    block_size : float or None
        Side of a block in degrees or the columns' unit; None to find it by the variogram.
    buffer : float or None
        Rows nearer than this to held-out rows do not train for them, in the same unit.
    weight : str or None
        Column of row weights, honoured in fitting and in scores.
    metric : str or None
        What families are compared by; None for `rmse` or `log_loss`.
    margin : float or None
        Smallest difference that matters, in the metric's unit; None for the default rule.
    positive : str or None
        Positive class of two; None for the second.
    task : str or None
        `regression`, `binary` or `multiclass`; None to infer it: strings, booleans, two distinct
        numbers and at most 20 whole numbers in a row from 0 or 1 are classes.
    folds : int, splitter, list of index pairs, or None
        None for ten below 2,000 units and five from there on.
    repeats : int
        How often the rows are dealt into folds anew.
    families : tuple of str, Family or scikit-learn estimator, or None
        Families to climb, by name or as they are; None for all of rung's own. Estimators stand
        above rung's own, in the order listed.
    seed : int
        Seed of everything random, from 0 to 2**62.
    test_fraction : float in [0, 0.5]
        Share of rows to seal; 0 seals nothing.
    choose : str
        `simplest` (shown to be as good, or not told from the leader) or `leader`.
    threads : int or None
        Jobs at a time; None for one a processor. It changes no result.
    memory : int or str
        What a run may hold: bytes, or a text such as `6GB`, the default. A family that would need
        more by its own estimate is skipped, with a reason that says so.
    device : str
        Where networks are trained: `cpu`, `cuda`, or `auto` for the accelerator if there is one.
    seal : str or None
        A `seal.json` to replay.
    ledger : bool
        Write openings of sealed rows into the user's ledger, and look there for earlier ones.
    keep_sentinels : bool
        Keep numbers that stand for missing, such as an isolated -99, as numbers.
    delimiter, header, encoding
        How to read a text file; None to find out. A tab may be spelled `\t`.
    decimal : str or None
        Decimal sign of numbers in strings, `.` or `,`; None to find out.
    missing : tuple of str
        Further cells that mean missing, in every column.
    keep_tokens : bool
        Read words such as `NA` and `?` as values in columns of words.
    """

    target: str
    features: tuple[str, ...] | None = None
    drop: tuple[str, ...] = ()
    groups: str | tuple[str, ...] | None = None
    time: str | None = None
    gap: str | float | None = None
    rolling: str | float | None = None
    space: tuple[str, ...] | None = None
    block_size: float | None = None
    buffer: float | None = None
    weight: str | None = None
    metric: str | None = None
    margin: float | None = None
    positive: str | None = None
    task: Task | None = None
    folds: Any = None
    repeats: int = 1
    families: tuple[str | Family, ...] | None = None
    seed: int = 0
    test_fraction: float = 0.2
    choose: Literal["simplest", "leader"] = "simplest"
    threads: int | None = None
    memory: int | str = DEFAULT_LIMIT
    device: str = "auto"
    seal: str | None = None
    ledger: bool = True
    keep_sentinels: bool = False
    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
    missing: tuple[str, ...] = ()
    keep_tokens: bool = False

    def __post_init__(self) -> None:
        for name in ("features", "drop", "missing"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _names(name, value))
        self._settle_division()
        if self.families is not None:
            object.__setattr__(self, "families", _families(self.families))
        check_whole("seed", self.seed, low=0, high=LARGEST_SEED)
        check_whole("repeats", self.repeats, low=1, high=100)
        if self.threads is not None:
            check_whole("threads", self.threads, low=1, high=1024)
        if isinstance(self.folds, Integral):
            check_whole("folds", self.folds, low=2, high=1000)
        object.__setattr__(self, "memory", read_bytes_text(self.memory))
        check_number("test_fraction", self.test_fraction, low=0.0, high=0.5)
        if self.margin is not None:
            check_number("margin", self.margin, low=0.0, high=math.inf)
        check_member("choose", self.choose, CHOICES)
        check_switch("ledger", self.ledger)
        check_member("device", self.device, DEVICES)
        if self.task is not None:
            check_member("task", self.task, TASKS)
        if self.delimiter == "\\t":
            object.__setattr__(self, "delimiter", "\t")
        if self.decimal is not None:
            check_member("decimal", self.decimal, DECIMALS)

    def _settle_division(self) -> None:
        """Check what is said of rows that depend on each other."""
        if self.groups is not None and not isinstance(self.groups, str):
            names = _names("groups", self.groups)
            groups = names if len(names) > 1 else names[0] if names else None
            object.__setattr__(self, "groups", groups)
        if self.space is not None:
            object.__setattr__(self, "space", _names("space", self.space))
            if len(self.space) != 2 or self.space[0] == self.space[1]:
                raise UsageError(
                    f"space {self.space!r} is not two columns",
                    "use --space LONGITUDE,LATITUDE or --space X,Y",
                )
        if self.block_size is not None:
            check_number("block_size", self.block_size, low=math.ulp(0.0), high=math.inf)
        if self.buffer is not None:
            check_number("buffer", self.buffer, low=0.0, high=math.inf)

    @property
    def group_names(self) -> tuple[str, ...]:
        """Columns that make up an entity."""
        if self.groups is None:
            return ()
        return (self.groups,) if isinstance(self.groups, str) else self.groups

    @property
    def reading(self) -> ReadOptions:
        """How to read the table."""
        names = ("delimiter", "header", "encoding", "decimal", "missing", "keep_tokens")
        return ReadOptions(**{name: getattr(self, name) for name in names})

    def to_record(self) -> JSON:
        """Return what the results say of the options: all that can change a result."""
        record = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.families is not None:
            record["families"] = tuple(
                one.name if isinstance(one, Family) else one for one in self.families
            )
        for name in ("threads", "target", *(() if self.encoding else ("encoding",))):
            del record[name]
        for name in ("space", *NEEDS):
            if record[name] is None:
                del record[name]
        if record["folds"] is not None and not isinstance(record["folds"], Integral):
            record["folds"] = _describe(self.folds)
        return record


def make_options(target: Any, options: dict[str, Any]) -> FitOptions:
    """Build options from keywords; a misspelt one gets a suggestion instead of a traceback."""
    if target is None:
        raise UsageError(
            "a table needs the column to predict, and none is named",
            "add target='COLUMN'; or reading='lines', reading='text' to read a file as a text",
        )
    if not isinstance(target, str):
        raise UsageError(f"target {target!r} is not a column name", "use target='COLUMN'")
    known = FitOptions.__dataclass_fields__
    for name in options:
        if name not in known:
            near = suggest(name, known)
            raise UsageError(
                f"unknown option {name!r}; the options are {', '.join(known)}",
                f"did you mean {near}=?" if near else "",
            )
    if isinstance(options.get("seal"), Path):
        options = {**options, "seal": str(options["seal"])}
    return FitOptions(target, **options)


def _names(option: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Sequence) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{option}={value!r} is not a list of names", f"use {option}=['NAME']")
    return tuple(value)


def _families(value: Any) -> tuple[str | Family, ...]:
    """Return names and families; scikit-learn estimators are wrapped."""
    if isinstance(value, (str, Family)) or hasattr(value, "get_params"):
        value = (value,)
    if not isinstance(value, Sequence):
        raise UsageError(
            f"families={value!r} is not a list of names, families or scikit-learn estimators",
            "use families=['linear', estimator]",
        )
    return as_families(value, [family.name for family in whole_ladder()])


def _describe(folds: Any) -> str:
    """Name a splitter without what differs from run to run, such as addresses."""
    text = repr(folds)
    return text if hasattr(folds, "split") and " at 0x" not in text else type(folds).__name__

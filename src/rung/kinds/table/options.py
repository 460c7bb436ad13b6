"""Declare what a run on a table can be asked to do beyond what every kind can."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rung.core.memory import DEFAULT_LIMIT
from rung.errors import UsageError
from rung.kinds.declaration import (
    COLUMNS,
    DIVISION,
    OUTPUT,
    READING,
    again,
    declare,
    declared,
)
from rung.kinds.options import Options, documented, from_keywords
from rung.kinds.values import (
    fold_choice,
    member,
    memory_amount,
    name_list,
    switch,
    tab_or_text,
    text,
    whole,
)

if TYPE_CHECKING:
    from rung.data.table import ReadOptions
    from rung.typing import Task

READ = ("delimiter", "header", "encoding", "decimal", "missing", "keep_tokens")


@dataclass(frozen=True)
class FitOptions(Options):
    """State what a run on a table is asked to do.

    Attributes
    ----------
    {options}
    """

    kind: ClassVar[str] = "table"

    target: str = declare(
        ...,
        text(),
        "Column to predict; a text has none.",
        panel=COLUMNS,
        metavar="COL",
        recorded="never",
        checked=True,
    )
    _: KW_ONLY
    features: tuple[str, ...] | None = declare(
        None,
        name_list(),
        "Use these columns only: a,b or repeated.",
        more="Without it, all that are not identifiers, constant or text.",
        panel=COLUMNS,
        metavar="COL",
        checked=True,
    )
    drop: tuple[str, ...] = declare(
        (),
        name_list(),
        "Leave these columns out: a,b or repeated.",
        panel=COLUMNS,
        metavar="COL",
        checked=True,
    )
    groups: str | None = declare(
        None,
        text(),
        "Keep rows of one group, such as an object or a person, on one side of every split.",
        panel=COLUMNS,
        metavar="COL",
        checked=True,
    )
    time: str | None = declare(
        None,
        text(),
        "Predict later rows from earlier ones, in the test and in the folds.",
        panel=COLUMNS,
        metavar="COL",
        checked=True,
    )
    weight: str | None = declare(
        None, text(), "Weight of each row, in training and in scores.", panel=COLUMNS, metavar="COL"
    )
    positive: str | None = declare(
        None,
        text(),
        "The positive one of two classes.",
        panel=COLUMNS,
        metavar="CLASS",
        unless="the second",
    )
    task: Task | None = declare(
        None,
        member("regression", "binary", "multiclass"),
        "The question: regression, binary or multiclass; if not given, words and at most "
        "20 whole numbers in a row from 0 or 1 are classes.",
        panel=COLUMNS,
        checked=True,
    )
    folds: Any = declare(
        None,
        fold_choice(),
        "Folds that the rows are dealt into.",
        panel=DIVISION,
        unless="10 below 2,000 units, else 5",
    )
    repeats: int = declare(
        1, whole(1, 100), "How often the rows are dealt into folds anew.", panel=DIVISION
    )
    test_fraction: float = again(Options, "test_fraction", 0.2)
    memory: int | str = declare(
        DEFAULT_LIMIT,
        memory_amount(),
        "What a run may hold; a family that would need more is skipped, with its estimate.",
        panel=OUTPUT,
        metavar="AMOUNT",
        unless="6GB",
    )
    device: str = declare(
        "auto",
        member("auto", "cpu", "cuda"),
        "Where networks are trained: auto (an accelerator if there is one), cpu or cuda.",
        panel=OUTPUT,
        metavar="NAME",
    )
    explain: bool = declare(
        True,
        switch(means=False),
        "Leave out importances, effects and formulas: they take a part of the time more.",
        panel=OUTPUT,
        flag="--no-explain",
        recorded="given",
    )
    seal: str | None = declare(
        None,
        text("str or path"),
        "Replay the seal.json of an earlier run, on a grown file too.",
        panel=DIVISION,
        metavar="FILE",
        checked=True,
    )
    keep_sentinels: bool = declare(
        False,
        switch(),
        "Keep an isolated, repeated -99 or 9999 as a number instead of reading it as missing.",
        panel=READING,
        checked=True,
    )
    missing: tuple[str, ...] = declare(
        (),
        name_list(),
        "Read these cells as missing too: a,b or repeated.",
        panel=READING,
        metavar="TOKENS",
        checked=True,
    )
    keep_tokens: bool = declare(
        False, switch(), "Keep words such as NA or ? as values.", panel=READING, checked=True
    )
    decimal: str | None = declare(
        None,
        member(".", ","),
        "Decimal sign, where 1,234 could be 1234 or 1.234; found if not given.",
        panel=READING,
        metavar="SIGN",
        checked=True,
    )
    delimiter: str | None = declare(
        None,
        tab_or_text(),
        "Character between values; found if not given.",
        panel=READING,
        metavar="SIGN",
        checked=True,
    )
    header: bool | None = declare(
        None,
        switch(means=False),
        "Take the first line as data, and call columns column_1, column_2 and so on.",
        panel=READING,
        flag="--no-header",
        checked=True,
    )

    @property
    def reading(self) -> ReadOptions:
        """How to read the table."""
        from rung.data.table import ReadOptions

        return ReadOptions(**{name: getattr(self, name) for name in READ})


OPTIONS = documented(declared(FitOptions))(FitOptions)


def make_options(target: Any, options: dict[str, Any]) -> FitOptions:
    """Build options from keywords; a misspelt one gets a suggestion instead of a traceback."""
    if target is None:
        raise UsageError(
            "a table needs the column to predict, and none is named",
            "add target='COLUMN'; or reading='lines', reading='text' to read a file as a text",
        )
    if not isinstance(target, str):
        raise UsageError(f"target {target!r} is not a column name", "use target='COLUMN'")
    return from_keywords(FitOptions, {"target": target, **options})

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
    Option,
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
        Option(
            value=text(),
            help="Column to predict; a text has none.",
            panel=COLUMNS,
            metavar="COL",
            recorded="never",
            checked=True,
        )
    )
    _: KW_ONLY
    features: tuple[str, ...] | None = declare(
        Option(
            value=name_list(),
            help="Use these columns only: a,b or repeated.",
            more="Without it, all that are not identifiers, constant or text.",
            panel=COLUMNS,
            metavar="COL",
            checked=True,
        ),
        None,
    )
    drop: tuple[str, ...] = declare(
        Option(
            value=name_list(),
            help="Leave these columns out: a,b or repeated.",
            panel=COLUMNS,
            metavar="COL",
            checked=True,
        ),
        (),
    )
    groups: str | None = declare(
        Option(
            value=text(),
            help="Keep rows of one group, such as an object or a person, on one side of every "
            "split.",
            panel=COLUMNS,
            metavar="COL",
            checked=True,
        ),
        None,
    )
    time: str | None = declare(
        Option(
            value=text(),
            help="Predict later rows from earlier ones, in the test and in the folds.",
            panel=COLUMNS,
            metavar="COL",
            checked=True,
        ),
        None,
    )
    weight: str | None = declare(
        Option(
            value=text(),
            help="Weight of each row, in training and in scores.",
            panel=COLUMNS,
            metavar="COL",
        ),
        None,
    )
    positive: str | None = declare(
        Option(
            value=text(),
            help="The positive one of two classes.",
            panel=COLUMNS,
            metavar="CLASS",
            unless="the second",
        ),
        None,
    )
    task: Task | None = declare(
        Option(
            value=member("regression", "binary", "multiclass"),
            help="The question: regression, binary or multiclass; if not given, words and at most "
            "20 whole numbers in a row from 0 or 1 are classes.",
            panel=COLUMNS,
            checked=True,
        ),
        None,
    )
    folds: Any = declare(
        Option(
            value=fold_choice(),
            help="Folds that the rows are dealt into.",
            panel=DIVISION,
            unless="10 below 2,000 units, else 5",
        ),
        None,
    )
    repeats: int = declare(
        Option(
            value=whole(1, 100),
            help="How often the rows are dealt into folds anew.",
            panel=DIVISION,
        ),
        1,
    )
    test_fraction: float = again(Options, "test_fraction", 0.2)
    memory: int | str = declare(
        Option(
            value=memory_amount(),
            help="What a run may hold; a family that would need more is skipped, with its "
            "estimate.",
            panel=OUTPUT,
            metavar="AMOUNT",
            unless="6GB",
        ),
        DEFAULT_LIMIT,
    )
    device: str = declare(
        Option(
            value=member("auto", "cpu", "cuda"),
            help="Where networks are trained: auto (an accelerator if there is one), cpu or cuda.",
            panel=OUTPUT,
            metavar="NAME",
        ),
        "auto",
    )
    seal: str | None = declare(
        Option(
            value=text("str or path"),
            help="Replay the seal.json of an earlier run, on a grown file too.",
            panel=DIVISION,
            metavar="FILE",
            checked=True,
        ),
        None,
    )
    keep_sentinels: bool = declare(
        Option(
            value=switch(),
            help="Keep an isolated, repeated -99 or 9999 as a number instead of reading it as "
            "missing.",
            panel=READING,
            checked=True,
        ),
        False,
    )
    missing: tuple[str, ...] = declare(
        Option(
            value=name_list(),
            help="Read these cells as missing too: a,b or repeated.",
            panel=READING,
            metavar="TOKENS",
            checked=True,
        ),
        (),
    )
    keep_tokens: bool = declare(
        Option(
            value=switch(),
            help="Keep words such as NA or ? as values.",
            panel=READING,
            checked=True,
        ),
        False,
    )
    decimal: str | None = declare(
        Option(
            value=member(".", ","),
            help="Decimal sign, where 1,234 could be 1234 or 1.234; found if not given.",
            panel=READING,
            metavar="SIGN",
            checked=True,
        ),
        None,
    )
    delimiter: str | None = declare(
        Option(
            value=tab_or_text(),
            help="Character between values; found if not given.",
            panel=READING,
            metavar="SIGN",
            checked=True,
        ),
        None,
    )
    header: bool | None = declare(
        Option(
            value=switch(means=False),
            help="Take the first line as data, and call columns column_1, column_2 and so on.",
            panel=READING,
            flag="--no-header",
            checked=True,
        ),
        None,
    )

    @property
    def reading(self) -> ReadOptions:
        """How to read the table."""
        from rung.data.table import ReadOptions

        return ReadOptions(**{name: getattr(self, name) for name in READ})


OPTIONS = documented(declared(FitOptions))(FitOptions)


def make_options(target: Any, options: dict[str, Any]) -> FitOptions:
    """Build options from keywords; a misspelt one gets a suggestion instead of a traceback."""
    if not isinstance(target, str):
        raise UsageError(f"target {target!r} is not a column name", "use target='COLUMN'")
    return from_keywords(FitOptions, {"target": target, **options})

"""Declare what a run on a table can be asked to do beyond what every kind can."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rung.kinds.declaration import (
    COLUMNS,
    COMPARISON,
    DIVISION,
    OUTPUT,
    READING,
    again,
    declare,
    declared,
)
from rung.kinds.explain_options import ExplainOptions
from rung.kinds.metric_option import metric_or_function
from rung.kinds.options import Options, documented, fill_quick
from rung.kinds.table.large_options import LargeTableOptions, sample_request
from rung.kinds.values import (
    condition,
    definitions,
    fold_choice,
    length,
    member,
    name_list,
    name_or_names,
    name_pair,
    number,
    switch,
    tab_or_text,
    text,
    whole,
)

if TYPE_CHECKING:
    from rung.data.table import ReadOptions
    from rung.typing import Task

READ = (
    *("delimiter", "header", "encoding", "decimal", "missing", "keep_tokens"),
    *("table", "skip_lines", "comment", "variables", "where", "derive"),
)


@dataclass(frozen=True)
class FitOptions(LargeTableOptions):
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
        more="Without it, all that are not identifiers or constant.",
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
    keep: tuple[str, ...] = declare(
        (),
        name_list(),
        "Carry these columns, such as an identifier, to what is predicted: a,b or repeated.",
        more="They are not learned from for that.",
        panel=COLUMNS,
        metavar="COL",
        recorded="given",
        checked=True,
    )
    texts: tuple[str, ...] | None = declare(
        None,
        name_list(),
        "Read these columns as running text, of which words are counted: a,b or repeated.",
        more="Found if not given: different in most rows, and four words or more on average.",
        panel=COLUMNS,
        metavar="COL",
        recorded="given",
        checked=True,
    )
    words: int = declare(
        10_000,
        whole(0, 100_000),
        "Words of a text that are counted, with as many pairs and pieces of words; 0 for none.",
        panel=COLUMNS,
        recorded="given",
    )
    groups: str | tuple[str, ...] | None = declare(
        None,
        name_or_names(),
        "Keep rows of one group, such as an object or a person, on one side of every split.",
        more="Several columns, a,b, are one entity together.",
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
    gap: str | float | None = declare(
        None,
        length(),
        "With --time: rows this near to a held-out stretch do not train for it, such as 7d.",
        more="A number is in the unit of the column.",
        panel=DIVISION,
        metavar="LENGTH",
        recorded="given",
        checked=True,
    )
    rolling: str | float | None = declare(
        None,
        length(),
        "With --time: learn from this long before each held-out stretch only, such as 90d.",
        panel=DIVISION,
        metavar="LENGTH",
        recorded="given",
        checked=True,
    )
    space: tuple[str, ...] | None = declare(
        None,
        name_pair(),
        "Hold out whole blocks of places: LONGITUDE,LATITUDE or X,Y.",
        panel=COLUMNS,
        metavar="COL,COL",
        recorded="given",
        checked=True,
    )
    block_size: float | None = declare(
        None,
        number(math.ulp(0.0), math.inf),
        "With --space: side of a block, in degrees or the columns' unit; found if not given.",
        panel=DIVISION,
        metavar="SIZE",
        recorded="given",
        checked=True,
    )
    buffer: float | None = declare(
        None,
        number(0.0, math.inf),
        "With --space: rows this near to held-out ones do not train for them.",
        panel=DIVISION,
        metavar="SIZE",
        recorded="given",
        checked=True,
    )
    independent: bool = declare(
        False,
        switch(),
        "Declare that rows are independent where a check finds that they are not.",
        more="Nothing is claimed then without it.",
        panel=COLUMNS,
        recorded="given",
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
        "Folds of the cross-validation that the rows are dealt into.",
        panel=DIVISION,
        unless="10 below 2,000 units, else 5",
    )
    metric: Any = again(Options, "metric", None, value=metric_or_function())
    repeats: int = declare(
        1,
        whole(1, 100),
        "How often the rows are dealt into folds anew (repeated cross-validation).",
        panel=DIVISION,
    )
    test_fraction: float = again(Options, "test_fraction", 0.2)
    quick: bool = declare(
        False,
        switch(),
        "Climb a few rungs that are fast, on five folds, for an answer within seconds.",
        more="One feature, linear, additive, tree and boosting, where they exist, and no blend; of a "
        "table without a target each column alone, one Gaussian and the tree; the same as "
        "`--families` and `--folds` with these, which win where they are given.",
        panel=COMPARISON,
        recorded="never",
        repeated=False,
    )
    device: str = declare(
        "auto",
        member("auto", "cpu", "cuda"),
        "Where networks are trained: auto (an accelerator if there is one), cpu or cuda.",
        panel=OUTPUT,
        metavar="NAME",
    )
    explain: bool = again(ExplainOptions, "explain", True)
    applicability: bool = again(ExplainOptions, "applicability", True)
    leave_out: bool = again(ExplainOptions, "leave_out", False)
    subgroups: tuple[str, ...] = declare(
        (),
        name_list(),
        "Score the choice in each group of rows that these columns make too: a,b or repeated.",
        more="Numbers are cut at their quartiles; the columns need not be features.",
        panel=COMPARISON,
        metavar="COL",
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

    table: str | None = declare(
        None,
        text(),
        "Which of several tables in the file: its name, or its number from 1.",
        panel=READING,
        metavar="NAME",
        recorded="given",
        checked=True,
    )
    skip_lines: int | None = declare(
        None,
        whole(0, 1_000_000),
        "Lines at the beginning that are no part of the table; found if not given.",
        panel=READING,
        recorded="given",
        checked=True,
    )
    comment: str | None = declare(
        None,
        text(),
        "What a line begins with that is no part of the table; found if not given.",
        panel=READING,
        metavar="SIGN",
        recorded="given",
        checked=True,
    )
    variables: tuple[str, ...] | None = declare(
        None,
        name_list(),
        "Variables of a grid, such as a NetCDF file, to read: a,b or repeated; all if not given.",
        panel=READING,
        metavar="NAMES",
        recorded="given",
        checked=True,
    )
    where: str | None = declare(
        None,
        condition(),
        "Use only rows that meet a condition: \"NUVr > -90 and class != 'STAR'\".",
        more="Columns, numbers, texts in quotes, `+ - * / **`, functions, `== != < <= > >=`, and, or, "
        "not, in, missing(x); other names in brackets, [u - g]; rows without a value are left out.",
        panel=READING,
        metavar="CONDITION",
        recorded="given",
        checked=True,
    )
    derive: tuple[str, ...] = declare(
        (),
        definitions(),
        'Make a column of others: "u_g = u - g"; repeat it for more.',
        more="A model makes it again for rows to predict.",
        panel=READING,
        metavar="NAME=EXPRESSION",
        recorded="given",
        checked=True,
    )

    @property
    def group_names(self) -> tuple[str, ...]:
        """Columns that make up an entity."""
        return (self.groups,) if isinstance(self.groups, str) else self.groups or ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.quick:
            fill_quick(self, "table")

    @property
    def reading(self) -> ReadOptions:
        """How to read the table."""
        from rung.data.table import ReadOptions

        given = {name: getattr(self, name) for name in (*READ, "keep_sentinels")}
        sample = sample_request(int(self.memory), self.rows, self.seed, self.group_names)
        known = {name: one for name, one in given.items() if one is not None}
        return ReadOptions(**known, sample=sample)


OPTIONS = documented(declared(FitOptions))(FitOptions)

"""Read a text, decide how it is meant, and deal it into its parts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.metrics import Metric, find_metric
from rung.core.result import TextPart
from rung.core.seal import Seal
from rung.data.text_source import TextSource, open_text
from rung.errors import DataError
from rung.kinds.limits import refuse_margin
from rung.kinds.text.lines_or_stream import choose_reading, refuse_too_little
from rung.kinds.text.options import TextOptions
from rung.text.corpus import Survey, encode_lines, encode_stream, survey
from rung.text.divide import (
    FEWEST_SEALED,
    FEWEST_SEGMENTS,
    FEWEST_UNITS,
    Division,
    divide_lines,
    divide_stream,
    part_shares,
)
from rung.text.membership import Membership, remember
from rung.text.passages import Passages
from rung.text.problem import TextProblem

SHOWN_PARTS = ("train", "validation", "verdict", "sealed")


@dataclass(frozen=True)
class PreparedText:
    """Hold a text ready for the climb.

    Attributes
    ----------
    source : TextSource
        Where it comes from.
    found : Survey
        What it holds.
    kind : str
        `lines` or `stream`.
    problem : TextProblem
        What families see.
    sealed : Passages
        What nobody sees until the end.
    division : Division
        How it was dealt.
    metric : Metric
        What families are compared by.
    seal : Seal
        How to find the sealed part again.
    findings : tuple of Finding
        What was noticed on the way.
    """

    source: TextSource
    found: Survey
    kind: Literal["lines", "stream"]
    problem: TextProblem
    sealed: Passages
    division: Division
    metric: Metric
    seal: Seal
    findings: tuple[Finding, ...]

    @property
    def fingerprint(self) -> str:
        """Digest of the whole text."""
        return self.source.fingerprint

    @property
    def folds(self) -> Folds:
        """The one split, over units."""
        return self.problem.folds

    @cached_property
    def membership(self) -> Membership:
        """What tells later whether a text stands in the training part."""
        problem = self.problem
        return remember(problem.train, problem.vocabulary, problem.kind)

    @property
    def counted(self) -> str:
        """What units are called, in the plural."""
        return "lines" if self.kind == "lines" else "segments"

    @property
    def parts(self) -> dict[str, TextPart]:
        """Sizes of the parts."""
        held = {name: self.division.parts[name] for name in SHOWN_PARTS}
        return {
            name: TextPart(one.n_units, one.n_passages, one.n_scored) for name, one in held.items()
        }


def prepare_text(data: Any, options: TextOptions) -> PreparedText:
    """Read a text and make it ready for the climb.

    Parameters
    ----------
    data : path or sequence of str
        A text file, or lines.
    options : TextOptions
        What is asked.

    Raises
    ------
    DataError
        If the text cannot be used; the message says why.
    UsageError
        If it is not plain how it is meant.
    """
    source = open_text(data, options.encoding)
    found = survey(source.blocks)
    reading = choose_reading(source, found, options.reading)
    kind: Literal["lines", "stream"] = "lines" if reading == "lines" else "stream"
    vocabulary = found.vocabulary(kind)
    sealed, seed = options.test_fraction, options.seed
    if kind == "lines":
        coded = encode_lines(source.blocks, found, vocabulary)
        division = divide_lines(*coded, vocabulary, sealed=sealed, seed=seed)
    else:
        division = divide_stream(
            encode_stream(source.blocks, found, vocabulary), vocabulary, sealed=sealed, seed=seed
        )
    counted = "lines" if kind == "lines" else f"segments of {11 * division.context} characters"
    # Of one character nothing can be learned, unless lines of it end at different places.
    n_distinct = division.n_distinct if vocabulary.n_predicted > 1 else 1
    refuse_too_little(source.name, division.n_pieces, n_distinct, FEWEST_UNITS, counted)
    _refuse_empty_parts(source.name, division, counted)
    parts = division.parts
    problem = TextProblem(
        kind, vocabulary, division.context, parts["train"], parts["validation"], parts["verdict"]
    )
    metric = find_metric(options.metric, problem.task)
    _check_margin(problem, metric, options.margin)
    return PreparedText(
        source=source,
        found=found,
        kind=kind,
        problem=problem,
        sealed=parts["sealed"],
        division=division,
        metric=metric,
        seal=_seal(kind, division, options, found.n_characters),
        findings=(*source.findings, *_findings(source, found, division, kind, options)),
    )


def _check_margin(problem: TextProblem, metric: Metric, margin: float | None) -> None:
    """Refuse a margin as large as what a uniform guess loses."""
    uniform = metric.value(math.log(max(problem.vocabulary.n_predicted, 2)))
    if margin is not None and not margin <= uniform:
        refuse_margin(margin, metric, uniform)


def _refuse_empty_parts(name: str, division: Division, counted: str) -> None:
    """Raise if chance, or a text that repeats itself, left a part without anything."""
    empty = [part for part in SHOWN_PARTS[:-1] if not division.parts[part].n_scored]
    if empty:
        raise DataError(
            f"{name!r} holds {division.n_pieces} {counted}, {division.n_distinct} of them "
            f"different; too few for a {empty[0]} part",
            "give a longer text, or one that repeats itself less",
        )


def _seal(
    kind: Literal["lines", "stream"], division: Division, options: TextOptions, n_characters: int
) -> Seal:
    share = part_shares(options.test_fraction, n_characters)["sealed"]
    if division.parts["sealed"].n_scored:
        return Seal(kind, options.seed, share, division.t)
    reason = (
        "sealing was switched off (test fraction 0)"
        if options.test_fraction == 0
        else f"fewer than {FEWEST_SEALED[kind]} {'lines' if kind == 'lines' else 'segments'} "
        "would be sealed"
    )
    return Seal("none", options.seed, share, division.t, reason=reason)


def _findings(
    source: TextSource, found: Survey, division: Division, kind: str, options: TextOptions
) -> tuple[Finding, ...]:
    listed = []
    repeated = division.n_pieces - division.n_distinct - division.n_alike
    if kind == "lines" and repeated:
        listed.append(
            Finding(
                "duplicate_lines",
                "info",
                (),
                f"{repeated:,} of {division.n_pieces:,} lines repeat another",
                "equal lines stand in one part and count as one unit of the intervals",
            )
        )
    if division.n_alike:
        listed.append(
            Finding(
                "alike_lines",
                "warning",
                (),
                f"{division.n_alike:,} of {division.n_pieces:,} lines differ from another in blanks "
                "at the end or in how accents are composed alone",
                "they stand in one part, and count as one unit; write them alike (NFC, no blanks at "
                "the end) if they are meant to be equal",
            )
        )
    if kind == "lines" and found.n_blank:
        listed.append(
            Finding(
                "blank_lines", "info", (), f"{found.n_blank:,} lines are blank", "they are left out"
            )
        )
    if division.n_spread:
        listed.append(_spread_finding(division, kind))
    if not division.is_bounded:
        listed.append(
            Finding(
                "few_segments",
                "warning",
                (),
                f"the text has {division.n_pieces} segments of {11 * division.context} "
                f"characters; {FEWEST_SEGMENTS} are the fewest for an interval",
                "scores stand without intervals and nothing is claimed; a longer text would do",
            )
        )
    if options.test_fraction != 0 and not division.parts["sealed"].n_scored:
        listed.append(
            Finding(
                "nothing_sealed",
                "warning",
                (),
                f"nothing is sealed for a final test: {source.name!r} is too short",
                "read the verdict's scores as the result; a longer text allows a sealed test",
            )
        )
    return tuple(listed)


def _spread_finding(division: Division, kind: str) -> Finding:
    what = "lines" if kind == "lines" else "segments"
    return Finding(
        "frequent_lines",
        "warning",
        (),
        f"{division.n_spread} kind(s) of {what} make up more than 5% of the text each; they are "
        f"dealt one by one, so equal {what} stand in different parts",
        "remove repeated text if copies should not count",
    )

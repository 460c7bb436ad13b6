"""Choose the words of the page that depend on what was read and how it was divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class PageWords:
    """What the page and the console call things; the defaults are those of a table.

    Attributes
    ----------
    asked, read_from : str
        What is asked for, before the target, and what stands between it and the source.
    units : str
        What is counted, in the plural.
    what : str
        What was read, in one word.
    scored : str
        What the scores that the choice is made by stand on.
    fitted, scores, other : str
        How families were fitted; the caption of their scores; what these estimate beside the
        sealed test.
    settings, division : str
        The heading of the settings; what the fingerprint of the division is called.
    step, steps, drawn : str
        What the horizontal axis of a training counts, and what is drawn.
    curves : mapping of str to str
        Which losses of a training are drawn, and what they are taken on.
    facts : tuple of (str, str)
        How data without columns were read and divided; empty for a table.
    unit_note : str
        What follows the name of the unit of the intervals there.
    """

    asked: str = "Predicting"
    read_from: str = "from"
    units: str = "rows"
    what: str = "table"
    scored: str = "out-of-fold"
    fitted: str = "Every one was fitted on the same folds and scored on rows that it had not seen."
    scores: str = "Out-of-fold scores"
    other: str = "The out-of-fold score above estimates the mean of the models that the folds made."
    settings: str = "Settings chosen in the folds"
    division: str = "Folds"
    step: str = "pass"
    steps: str = "passes"
    drawn: str = "a line for each fold"
    curves: Mapping[str, str] = field(
        default_factory=lambda: {
            "inner_loss": "training rows, while settings were chosen",
            "inner_held_loss": "rows held back inside, by which they were chosen",
            "final_loss": "training rows, final network",
        }
    )
    facts: tuple[tuple[str, str], ...] = ()
    unit_note: str = ""


TABLE = PageWords()

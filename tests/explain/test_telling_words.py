"""Words that were put in are found, with the sign that they have; others are not shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError
from rung.explain import telling_words

RNG = np.random.default_rng(1)
N_ROWS = 300
IDLE = ["and", "the", "of", "near", "with", "seen", "again", "field"]


def notes(tells: dict[str, str], *, idle: bool = False) -> pl.DataFrame:
    """Write notes, in four of five of which a word tells the class."""
    label = RNG.choice(list(tells), N_ROWS)
    rows = []
    for i, own in enumerate(label):
        words = [*RNG.choice(IDLE, 6), f"n{i}"]
        if not idle and RNG.random() < 0.8:
            words[2] = tells[own]
        rows.append(" ".join(words))
    return pl.DataFrame({"note": rows, "label": label, "x": RNG.normal(size=N_ROWS)})


def told(run: Any) -> dict[str, list[str]]:
    (column,) = run.result.sections["telling_words"]
    return {
        group["head"]: [one["term"] for one in group["terms"] if one["part"] == "words"]
        for group in column["groups"]
    }


@pytest.mark.parametrize(
    "tells",
    [
        {"star": "sharp", "galaxy": "fuzzy"},
        {"star": "sharp", "galaxy": "fuzzy", "quasar": "variable"},
    ],
)
def test_the_word_of_each_class_is_the_first_shown_for_it(tells: dict[str, str]) -> None:
    run = rung.fit(notes(tells), "label", families=["linear"], ledger=False, texts=["note"])
    assert {head: words[0] for head, words in told(run).items()} == tells
    frame = run.explain.words().frame()
    assert (frame["low"] > 0).all()
    assert ((frame["low"] <= frame["adds"]) & (frame["adds"] <= frame["high"])).all()
    assert "Which words tell most" in run.explain.words()._repr_html_()
    assert "fuzzy" in repr(run.explain.words())


def test_a_word_that_raises_a_value_is_shown_for_more() -> None:
    table = notes({"star": "sharp", "galaxy": "fuzzy"})
    y = 3.0 * table["note"].str.contains("sharp").cast(pl.Float64) + RNG.normal(size=N_ROWS) / 4
    run = rung.fit(
        table.drop("label").with_columns(y=y),
        "y",
        families=["linear"],
        ledger=False,
        texts=["note"],
    )
    (column,) = run.result.sections["telling_words"]
    first = column["groups"][0]["terms"][0]
    assert (column["groups"][0]["head"], first["term"]) == ("more", "sharp")
    assert first["n_texts"] > 50
    assert 0.5 < first["low"] <= first["adds"] <= 3.5


def test_words_that_tell_nothing_are_seldom_shown() -> None:
    """Of some 60 words and pairs with intervals of 95 %, about one in forty lies above 0."""
    run = rung.fit(
        notes({"a": "", "b": ""}, idle=True),
        "label",
        families=["linear"],
        ledger=False,
        texts=["note"],
    )
    assert max(map(len, told(run).values())) <= 4


def test_without_text_there_are_no_words_and_the_remedy_says_so() -> None:
    run = rung.fit(
        notes({"a": "x", "b": "y"}), "label", families=["linear"], ledger=False, drop=["note"]
    )
    assert "telling_words" not in run.result.sections
    with pytest.raises(UsageError, match="no column of text"):
        run.explain.words()
    assert telling_words.FAMILY == "linear"

"""Lines and windows of a text are known again wherever they stand."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core.marks import Marks, make_marks
from rung.text.marks import WINDOW, TextRows, line_digests, window_digests
from rung.text.passages import CHUNK, Passages, lines
from rung.text.vocabulary import Vocabulary


def passages(texts: list[str], vocabulary: Vocabulary) -> Passages:
    """Return one passage a text, each a unit of its own."""
    coded = [vocabulary.encode(text) for text in texts]
    starts = np.cumsum([0, *map(len, coded)])
    return lines(np.concatenate(coded), starts)


def rows(texts: list[str], kind: str = "stream", more: str = "") -> TextRows:
    characters = tuple(sorted(set("".join(texts) + more)))
    vocabulary = Vocabulary(characters, ends=kind == "lines")
    return TextRows(kind, passages(texts, vocabulary), vocabulary)  # type: ignore[arg-type]


def written(n: int, seed: int = 0) -> str:
    return "".join(np.random.default_rng(seed).choice(list("abcdefgh .\n"), n))


def share(marks: Marks, texts: list[str], kind: str = "stream", more: str = "") -> float:
    return marks.share_of(rows(texts, kind, more))


def test_a_window_is_known_in_any_passage_and_by_any_vocabulary() -> None:
    text = written(900)
    marks = make_marks(rows([text]))
    assert marks.views[0].n_distinct == 900 - WINDOW + 1
    assert share(marks, ["xyz" + text[200:500]], more="xyz") == pytest.approx(269 / 272)
    assert share(marks, [written(900, seed=1)]) == 0


def test_windows_stay_inside_passages() -> None:
    text = written(200)
    whole, parts = make_marks(rows([text])), rows([text[:100], text[100:]])
    found = parts.digests(parts.views[0])
    assert found is not None
    assert len(found) == 2 * (100 - WINDOW + 1)
    assert whole.share_of(parts) == 1
    short = [text[:10], text[10:20]]
    assert share(make_marks(rows(short)), short) == 1


def test_windows_are_the_same_in_any_chunk() -> None:
    text = written(CHUNK // 2 + 100)
    one, many = (rows(texts) for texts in ([text[:1000]], [text, text, text[:1000]]))
    first = window_digests(one.passages, one.vocabulary)
    assert np.isin(first, window_digests(many.passages, many.vocabulary)).all()


def test_a_line_is_what_it_says() -> None:
    names = [f"{name}\n"[:-1] for name in ("ada", "eve", "ada", "zoë")]
    held = rows(names, "lines")
    assert len(np.unique(line_digests(held.passages, held.vocabulary))) == 3
    marks = make_marks(held)
    assert (marks.n, marks.views[0].n_distinct) == (4, 3)
    assert share(marks, ["eve", "bob"], "lines") == 0.5


def test_lines_are_no_windows_and_no_rows_of_a_table() -> None:
    texts = [written(100, seed) for seed in range(20)]
    assert share(make_marks(rows(texts, "lines")), texts, "stream") == 0

"""Words come from strangers: what stands on the page is escaped, and blanks are seen."""

from __future__ import annotations

import numpy as np
import polars as pl

import rung
from rung.report.sections.telling_words import SECTION, word_tables


def test_words_are_shown_by_class_with_their_intervals_and_escaped() -> None:
    rng = np.random.default_rng(0)
    label = rng.choice(["up", "do<b>wn"], 120)
    idle = ["and", "so", "it", "was", "seen"]
    rows = [
        " ".join([*rng.choice(idle, 4), "<script>" if own == "up" else "plain", f"k{i}"])
        for i, own in enumerate(label)
    ]
    table = pl.DataFrame({"note": rows, "label": label})
    run = rung.fit(table, "label", families=["linear"], ledger=False, texts=["note"])
    tables = word_tables(run.result)
    assert tables is not None
    assert [group["head"] for group in tables[0]["groups"]] == ["For up", "For do<b>wn"]
    first = tables[0]["groups"][0]["rows"][0]
    assert first["term"] in {"script", "<", ">", "< script", "script >"}
    low, high = (float(end) for end in first["range"].split(" to "))
    assert 0 < low <= float(first["adds"]) <= high
    html = SECTION.render(tables, run.result)
    assert "do<b>wn" not in html
    assert "do&lt;b&gt;wn" in html
    assert "·" in "".join(row["term"] for group in tables[0]["groups"] for row in group["rows"])


def test_a_run_without_text_has_no_such_section() -> None:
    x = np.arange(60.0)
    run = rung.fit({"x": x, "y": x % 7}, "y", families=["linear"], ledger=False)
    assert SECTION.found(run.result, {}) is None

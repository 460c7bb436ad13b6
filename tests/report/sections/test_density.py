"""The page says how many ordinary rows are called anomalous too."""

from types import SimpleNamespace

from rung.report.sections.density import SECTION

DATA = {
    "n_rows": 1200, "n_sealed": 200, "n_numbers": 3, "n_categories": 1, "n_folds": 5,
    "missing": 0.0213, "notes": ["'grade' is rounded to <1>"],
    "held": {"rows": "sealed", "n": 200},
    "anomalies": [
        {"row": 7, "log_density": -42.1, "rate": 0.00498, "column": "<b>", "cell": "9", "without": -3.2},
        {"row": 9, "log_density": -12.1, "rate": None, "column": "", "cell": "", "without": 0.0},
    ],
}  # fmt: skip


def _result():
    entry = SimpleNamespace(family="mixture", title="Mixture")
    return SimpleNamespace(ladder=(entry,), choice=SimpleNamespace(family="mixture"))


def test_rows_stand_with_rate_and_cell_and_names_cannot_break_out():
    shown = SECTION.render(DATA, _result())
    assert "<b>" not in shown
    assert "&lt;b&gt;</bdi> = <bdi>9" in shown
    assert '<th scope="row">7</th><td class="number">−42.10</td><td class="number">0.00498' in shown
    assert "rounded to &lt;1&gt;" in shown


def test_the_words_of_the_page_count_columns_and_missing_cells():
    facts = dict(SECTION.words(DATA).facts)
    assert facts["Columns"] == "3 of numbers, 1 of levels; 2.1% of the cells are missing"
    assert facts["Sealed test"] == "200 rows"

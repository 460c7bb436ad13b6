"""Names keep their case wherever a title or a sentence stands."""

import pytest

from rung.families import discover, known_inputs
from rung.report.capitals import capital, inside

# First words of rung's own titles that are written with a capital inside a sentence too.
NAMES = {"Kneser-Ney", "GPT"}


@pytest.mark.parametrize("kind", known_inputs())
def test_titles_of_every_family_begin_small_inside_a_sentence_but_for_names(kind):
    for family in discover(kind):
        first = family.title.split(" ")[0]
        kept = inside(family.title)
        assert kept[1:] == family.title[1:]
        assert kept[0].isupper() == (first in NAMES), family.title


@pytest.mark.parametrize(
    "title",
    ["Kneser-Ney n-grams", "LightGBM", "CatBoost", "XGBoost", "RandomForestRegressor", "Markov chain", "k-NN",
     "Poisson, log link", "SVM", "ARIMA(1, 0, 0)", "Θ method"],
)  # fmt: skip
def test_names_abbreviations_and_code_keep_their_case(title):
    assert inside(title) == title


@pytest.mark.parametrize(
    ("text", "said"),
    [("log loss", "Log loss"), ("σ_NMAD", "σ_NMAD"), ("R²", "R²"), ("my_loss of rows", "my_loss of rows"),
     ("undecided: a or b", "Undecided: a or b"), ("mAP", "mAP"), ("", "")],
)  # fmt: skip
def test_sentences_begin_with_a_capital_that_is_no_change_of_a_name(text, said):
    assert capital(text) == said

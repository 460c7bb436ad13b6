"""Options of a run on text."""

import pytest

from rung.errors import UsageError
from rung.kinds.text.options import TextOptions, make_text_options


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"reading": "words"},
            "reading 'words' is not known; lines, text are; use reading='lines'",
        ),
        ({"metric": "rmse"}, "'rmse' is not one for language modelling"),
        ({"margin": -1.0}, "margin must be"),
        ({"choose": "best"}, "choose 'best' is not known"),
        ({"seed": 1.5}, "seed must be"),
        ({"test_fraction": 0.9}, "test_fraction must be"),
        ({"threads": 0}, "threads must be"),
        ({"families": ["bigrm"]}, "did you mean 'bigram'"),
        ({"families": ["linear"]}, "unknown family 'linear'"),
        ({"target": "y"}, "unknown option 'target' for a text"),
    ],
)
def test_an_option_that_is_not_accepted_is_named(options, said):
    with pytest.raises(UsageError, match=said):
        make_text_options(options)


def test_one_family_may_be_named_alone():
    assert TextOptions(families="bigram").families == ("bigram",)


def test_the_record_holds_all_that_can_change_a_result():
    record = TextOptions(families=["bigram"], threads=4).to_record()
    assert record["families"] == ("bigram",)
    assert "threads" not in record

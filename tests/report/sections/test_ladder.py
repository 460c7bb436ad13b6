from dataclasses import replace

from rung.report.sections.ladder import ladder_data
from rung.report.summary import summarise
from tests.report.example import regression


def data(result):
    return ladder_data(result, summarise(result))


def test_every_scored_family_has_a_row_in_both_pictures():
    found = data(regression())
    assert [len(found[name]["rows"]) for name in ("scores", "differences")] == [4, 4]


def test_without_a_score_there_is_no_picture():
    base = regression()
    skipped = tuple(replace(one, status="skipped", scores=None) for one in base.ladder)
    found = data(replace(base, ladder=skipped))
    assert (found["scores"], found["differences"]) == (None, None)

import pytest

from rung.core.events import Event, Standing
from rung.core.result import Score
from rung.report.notebook import NotebookProgress, model_html, notebook_listener, run_html
from tests.report.example import nasty, regression


def test_outside_a_notebook_nothing_listens():
    assert notebook_listener() is None


def test_each_score_is_drawn_below_those_before_it_with_what_the_verdict_would_be():
    pages = []
    listen = NotebookProgress(pages.append)
    standing = Standing("rmse", Score(0.3, 0.2, 0.4), 1.0, "linear leads")
    listen(Event("family", "linear", "Linear"))
    listen(Event("scored", "linear", "Linear", standing=standing))
    listen(Event("progress", "tree", done=1, total=2))
    listen(Event("scored", "tree", "Tree <b>", standing=standing))
    assert len(pages) == 3
    assert pages[0] == "<pre>Linear ...</pre>"
    assert pages[-1].index("Linear") < pages[-1].index("Tree &lt;b&gt;")
    assert pages[-1].endswith("so far: linear leads</pre>")


def test_a_run_is_shown_by_its_answer_and_its_ladder():
    page = run_html(regression())
    assert "Use linear (ridge): typical error 0.309 dex" in page
    assert page.count("<tr>") == 5


@pytest.mark.parametrize("bad", ["<script>", "<img"])
def test_names_are_escaped(bad):
    assert bad not in run_html(nasty())


def test_a_model_is_shown_by_what_it_predicts_and_its_first_columns():
    page = model_html("Tree", "predicts <y> from 20 columns", [f"<b>{k}" for k in range(20)])
    assert (
        "<strong>Tree</strong> predicts &lt;y&gt; from 20 columns: <code>&lt;b&gt;0</code>" in page
    )
    assert page.endswith("<code>&lt;b&gt;11</code> and 8 more</p>")


def test_a_verdict_is_shown_by_its_sentence():
    assert regression().choice.sentence in regression().choice._repr_html_()
    assert "<script" not in nasty().choice._repr_html_()

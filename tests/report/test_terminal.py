from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from rung.core.events import Event, Standing
from rung.core.findings import Finding
from rung.core.history import History, Opened
from rung.core.result import Score
from rung.report.terminal import (
    MOST_LEFT_OUT,
    Progress,
    _skipped_lines,
    show,
    show_findings,
    show_notes,
)
from tests.report.example import EXAMPLES, classification, nasty, regression


def shown(result, width: int = 80, **options) -> str:
    stream = io.StringIO()
    show(result, Console(file=stream, width=width, highlight=False, **options))
    return stream.getvalue()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_line_fits_in_80_columns(name):
    assert max(len(line) for line in shown(EXAMPLES[name]()).splitlines()) <= 80


def test_the_table_names_choice_and_leader_without_colour():
    text = shown(regression(), no_color=True)
    linear = next(line for line in text.splitlines() if line.startswith("Linear (ridge)  "))
    boosting = next(line for line in text.splitlines() if line.startswith("Boosted trees"))
    assert "\x1b" not in text
    assert linear.split()[-3:] == ["as", "good", "choice"]
    assert "0.309 ± 0.015" in linear
    assert boosting.endswith("leader")


def test_the_verdict_sentence_margin_and_sealed_test_are_shown():
    text = " ".join(shown(regression()).split())
    assert regression().choice.sentence in text
    assert "Margin 0.016 dex (set by the default rule)" in text
    assert "sealed test 236 rows, opened once, RMSE, 98.3% intervals" in text
    assert "0.314 ± 0.034" in text


def test_an_absent_sealed_test_is_said_aloud_with_its_reason():
    assert "sealed test none: the test would have had only 12 rows" in shown(classification())


def test_the_bound_of_the_log_loss_is_said_under_the_table():
    assert "log loss: a row costs at most" in " ".join(shown(classification()).split())
    assert "costs at most" not in shown(regression())


def noted(result, **options) -> str:
    stream = io.StringIO()
    show_notes(result, Console(file=stream, width=80, highlight=False), **options)
    return stream.getvalue()


def test_warnings_and_alarms_are_shown_and_remarks_are_not():
    text = noted(regression(), brief=True)
    assert "alarm lgGF_err: lgSFR alone" in text
    assert "warning NUVr is -99" in text
    assert "\n  → Drop it if it is not known" in text
    assert "GASS is different in every row" not in text


def test_columns_that_are_left_out_are_named_with_the_reason_up_to_a_number():
    assert "left out GASS: GASS is different in every row" in " ".join(noted(regression()).split())
    constant = [Finding("constant", "info", (f"c{i}",), "one value, '1'") for i in range(30)]
    text = noted(replace(regression(), findings=tuple(constant)))
    assert text.count("left out c") == MOST_LEFT_OUT
    assert "left out and 10 more columns; rung check names them all" in text


def test_terminal_commands_in_names_are_made_visible():
    text = shown(nasty(), force_terminal=True, color_system=None)
    assert "\x07" not in text
    assert "\x1b[31m" not in text
    assert "\u202e" not in text
    assert "\\x1b" in text


def test_markup_in_names_is_text():
    assert "[bold]$x^2$[/bold]" in shown(nasty())


def test_progress_is_silent_where_nobody_looks():
    stream = io.StringIO()
    with Progress(Console(file=stream)) as listener:
        listener(Event("family", family="linear"))
        listener(Event("progress", family="linear", done=1, total=5))
    assert stream.getvalue() == ""


def test_progress_is_silent_when_asked_to_be():
    stream = io.StringIO()
    with Progress(Console(file=stream, force_terminal=True), quiet=True) as listener:
        listener(Event("family", family="linear"))
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("options", "printed"),
    [({}, "3 classes \\x1b[1m\n"), ({"quiet": True}, ""), ({"says_question": False}, "")],
)
def test_the_question_is_printed_where_nobody_looks_unless_silence_is_asked_for(options, printed):
    stream = io.StringIO()
    with Progress(Console(file=stream), **options) as listener:
        listener(Event("asked", text="3 classes \x1b[1m"))
    assert stream.getvalue() == printed


def test_progress_shows_family_folds_and_how_it_ended():
    stream = io.StringIO()
    with Progress(Console(file=stream, force_terminal=True, width=100)) as listener:
        listener(Event("stage", text="reading"))
        listener(Event("family", family="linear"))
        listener(Event("progress", family="linear", done=2, total=5))
        listener._bars.refresh()
        assert "2/5" in stream.getvalue()
        listener(Event("scored", family="linear", text="Linear"))
        listener(Event("skipped", family="bayes", text="not for regression"))
        listener._bars.refresh()
    assert "linear" in stream.getvalue()
    assert "scored" in stream.getvalue()
    assert "skipped: not for regression" in stream.getvalue()


def test_families_that_learn_side_by_side_each_keep_their_clock():
    with Progress(Console(file=io.StringIO(), force_terminal=True, width=100)) as listener:
        listener(Event("stage", text="reading"))
        listener(Event("family", family="gru"))
        listener(Event("family", family="gpt"))
        reading, gru, gpt = listener._bars.tasks
        assert [each.finished for each in (reading, gru, gpt)] == [True, False, False]
        listener(Event("scored", family="gpt"))
        assert [each.finished for each in (gru, gpt)] == [False, True]


def listed(*findings: Finding) -> str:
    stream = io.StringIO()
    show_findings(findings, Console(file=stream, width=80, highlight=False))
    return stream.getvalue()


def test_findings_are_shown_with_code_column_remedy_and_their_number():
    text = listed(
        Finding("leak", "alarm", ("z",), "column 'z' tells all", "leave it out"),
        Finding("identifier", "info", ("\x1b[2Jname",), "1 of each"),
        Finding("constant", "info", ("one", "two"), "w" * 40 + " and " + "v" * 60),
    )
    lines = text.splitlines()
    assert lines[:2] == ["alarm leak  column 'z' tells all", "  → leave it out"]
    assert lines[2] == "info identifier  \\x1b[2Jname: 1 of each"
    assert lines[-1] == "Findings: alarm 1, info 2."
    assert max(map(len, lines)) <= 80


def test_no_finding_is_said_too():
    assert listed() == "Nothing found.\n"


def test_a_column_is_named_though_its_name_is_part_of_a_word():
    assert "id: named as an identifier" in listed(
        Finding("identifier", "info", ("id",), "named as an identifier")
    )


def test_several_openings_are_listed_and_what_is_not_known_is_said():
    earlier = (Opened(0.21, "mass-run", "2026-01-31T12:00:00Z"),)
    found = (Finding("post_hoc", "warning", (), "seed changed since", "report every opening"),)
    history = History(is_opened=True, earlier=earlier, ledger="off", findings=found)
    stream = io.StringIO()
    show(regression(), Console(file=stream, width=200, highlight=False), history)
    text = stream.getvalue()
    assert "sealed test 236 rows, RMSE, 98.3% intervals\n" in text
    assert (
        "  opened 2 times on this table, here and elsewhere: 'mass-run' on 2026-01-31 "
        "(21% of these rows); now\n"
    ) in text
    assert "  the ledger was switched off: openings elsewhere are not known\n" in text
    assert "warning seed changed since" in noted(regression(), history=history)


def stood(family: str, so_far: str, left: float | None = 3.0) -> Event:
    score = Score(0.30912, 0.29432, 0.32391)
    return Event(
        "scored", family, family.title(), standing=Standing("rmse", score, 0.26, so_far, left)
    )


def test_in_a_pipe_there_is_a_line_a_family_and_one_for_each_change_of_the_verdict():
    stream = io.StringIO()
    with Progress(Console(file=stream)) as listener:
        listener(stood("constant", "", None))
        listener(stood("linear", "linear leads"))
        listener(stood("tree", "linear leads", 0.0))
        listener(Event("skipped", "bayes", "a reason that is longer than any line " * 4))
    lines = stream.getvalue().splitlines()
    assert lines[:5] == [
        "Family                                    RMSE     time",
        "Constant                         0.309 ± 0.015    0.3 s",
        "Linear                           0.309 ± 0.015    0.3 s  left: about 3 s",
        "  so far: linear leads",
        "Tree                             0.309 ± 0.015    0.3 s",
    ]
    assert len(lines) == 6
    assert not any(line.endswith(" ") for line in lines)


def test_at_a_terminal_lines_of_families_stand_above_what_goes_on():
    stream = io.StringIO()
    with Progress(Console(file=stream, force_terminal=True, width=80)) as listener:
        listener(Event("family", family="linear", text="Linear"))
        listener(stood("linear", "linear leads"))
        listener(Event("family", family="tree", text="Tree"))
        shown = [task for task in listener._bars.tasks if task.visible]
        assert [task.description.strip() for task in shown] == ["so far: linear leads", "Tree"]
    assert "Linear                           0.309 ± 0.015    0.3 s" in stream.getvalue()


def test_a_reason_is_said_once_for_all_that_it_holds_for():
    def lines(*titles):
        skipped = [{"title": title, "reason": "does not do regression"} for title in titles]
        return [line.plain for line in _skipped_lines({"skipped": skipped})]

    assert lines("Naive Bayes", "Perceptron") == [
        "skipped Naive Bayes, Perceptron: does not do regression"
    ]
    assert lines("Pixels, SVM", "Small CNN") == [
        "skipped Pixels, SVM; Small CNN: does not do regression"
    ]

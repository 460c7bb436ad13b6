from rung.core.events import Event, Standing
from rung.core.result import Score
from rung.report.standing import heading, score_line


def standing(mean=56.1, half=5.5, left=None):
    return Standing("rmse", Score(mean, mean - half, mean + half), 0.24, "", left)


def test_heading_score_and_time_stand_under_one_another():
    line = score_line(Event("scored", "linear", "Linear", standing=standing()))
    head = heading(standing())
    assert head.index("RMSE") + 4 == line.index("5.5") + 3
    assert head.index("time") + 4 == line.index("0.2 s") + 5


def test_no_line_is_longer_than_80_columns_though_title_score_and_estimate_are_long():
    long = standing(123456789.1, 12345.6, 7200.0)
    line = score_line(Event("scored", "x", "A very long title of a family " * 3, standing=long))
    assert len(line) <= 80


def test_without_an_interval_the_score_stands_alone():
    bare = Standing("rmse", Score(0.5, 0.5, 0.5), 1.0, "")
    assert score_line(Event("scored", "x", "X", standing=bare)).split() == [
        "X",
        "0.5000",
        "1.0",
        "s",
    ]


def test_commands_to_the_terminal_in_names_are_shown_not_obeyed():
    assert "\x1b" not in score_line(Event("skipped", "\x1b[2J", "\x1b[31m"))

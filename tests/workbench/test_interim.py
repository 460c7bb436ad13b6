from rung.core.events import Event
from rung.families import find
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.workbench.climb import climb
from tests.workbench.frames import frame

OPTIONS = FitOptions("mass", families=("one_feature", "linear", "tree", "boosting"), folds=3)


def told() -> tuple[list[Event], object]:
    events: list[Event] = []
    found = climb(prepare(frame(150), OPTIONS), OPTIONS, events.append, {})
    return [event for event in events if event.kind == "scored"], found


def test_a_strong_answer_comes_early_and_the_ladder_keeps_its_order() -> None:
    events, found = told()
    assert [event.family for event in events] == [
        "constant",
        "linear",
        "boosting",
        "one_feature",
        "tree",
    ]
    assert [entry.family for entry in found.ladder] == [
        "constant",
        "one_feature",
        "linear",
        "tree",
        "boosting",
    ]


def test_the_score_told_at_once_is_that_of_the_result_and_the_last_verdict_is_the_verdict() -> None:
    events, found = told()
    scores = {entry.family: entry.scores["rmse"] for entry in found.ladder}
    assert {event.family: event.standing.score for event in events} == scores
    assert events[0].standing.so_far == ""
    choice = found.decision.choice
    assert events[-1].standing.so_far.startswith(choice.family)


def test_what_is_left_is_estimated_once_a_twentieth_is_done_and_nothing_is_left_at_the_end() -> (
    None
):
    left = [event.standing.seconds_left for event in told()[0]]
    assert left[0] is None
    assert left[2] > 0
    assert left[-1] == 0


def test_where_nobody_listens_nothing_is_judged_before_the_end(monkeypatch) -> None:
    from rung.core.events import ignore
    from rung.workbench import interim

    def never(*asked: object, **options: object) -> None:
        raise AssertionError

    monkeypatch.setattr(interim, "decide", never)
    options = FitOptions("mass", families=("linear",), folds=3)
    assert climb(prepare(frame(150), options), options, ignore, {}).choice == "linear"


def test_every_family_with_a_usual_share_exists() -> None:
    from rung.families.pace import EARLY, SHARES

    named = {name for name in (*SHARES, *EARLY) if find(name) is None}
    assert [name for name in named if find(name, "density") is None] == []

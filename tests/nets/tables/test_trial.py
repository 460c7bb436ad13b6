"""Which pass of a trial was best, and whether more would help."""

from rung.nets.tables.trial import Trial, wants_more


def test_of_passes_that_a_judge_cannot_tell_from_the_best_the_latest_counts():
    def passes(n_held, *held):
        return Trial({}, 8, (1.0,) * 8, held, n_held).latest_good

    flat = (3.0, 1.0, 1.0, 1.0, 1.04, 1.03, 1.04, 1.04)
    assert [passes(n, *flat) for n in (0, 100, 1_000_000)] == [3, 8, 3]
    assert passes(400, 3.0, 1.0, 1.0, 1.0, 1.3, 1.6, 1.9, 2.2) == 3
    assert passes(100, *([1.0] + [float("nan")] * 7)) >= 1


def test_short_trainings_that_are_best_at_their_ends_ask_for_more():
    falling = Trial({}, 10, (), tuple(range(10, 0, -1)))
    rising = Trial({}, 10, (), tuple(range(1, 11)))
    assert wants_more([falling, falling])
    assert not wants_more([falling, rising])
    assert not wants_more([Trial({}, 10, (), ())])
    cut = Trial({}, 10, (), (9.0, 8.0, 7.0), is_given_up=True)
    assert wants_more([falling, cut])
    assert not wants_more([cut])

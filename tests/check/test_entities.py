import numpy as np
import pytest

from rung.check.entities import find_entities, look_like_codes, pairs_of, stems_of
from rung.core.dataset import Dataset
from tests.check.drawn import problem


def design(**columns: np.ndarray) -> Dataset:
    made = problem(np.zeros(len(next(iter(columns.values())))), **columns).design
    assert isinstance(made, Dataset)
    return made


def possible(**columns: np.ndarray) -> list[tuple[str, ...]]:
    return [one.columns for one in find_entities(design(**columns), "y") if one.is_possible]


GROUP = np.repeat(np.arange(20), 5)


def test_what_repeats_may_be_a_thing() -> None:
    assert possible(a=GROUP, b=GROUP + 0.5, c=np.arange(100)) == [("a",)]


def test_one_value_on_most_rows_is_no_thing() -> None:
    mostly = np.where(np.arange(100) < 60, 0, GROUP)
    assert possible(a=mostly) == []


def test_rounded_quantities_and_parts_of_time_are_no_things() -> None:
    assert possible(speed=4000 + 50 * GROUP, day=GROUP, year=GROUP) == []
    assert possible(plate=50 * GROUP) == [("plate",)]


@pytest.mark.parametrize(
    "levels",
    [
        [f"{h}:00:00" for h in range(24)],
        [f"2021-03-{d:02d}" for d in range(1, 30)],
        ["<10", "10-19", "20-29", "30-39", "40+"],
        ["A1", "A2", "A3"],
    ],
)
def test_times_dates_ranges_and_few_levels_are_no_codes(levels: list[str]) -> None:
    assert not look_like_codes(levels)
    assert list(stems_of(levels)) == []


def test_stems_come_from_the_coarsest_to_the_finest() -> None:
    names = [f"phon_R01_S{s:02d}_{r}" for s in range(8) for r in range(6)]
    assert [(how, len(set(stems))) for how, stems in stems_of(names)] == [
        ("the first 3 of 4 parts", 8)
    ]
    glued = [f"P{s:02d}R{r}" for s in range(8) for r in range(6)]
    assert [len(set(stems)) for _, stems in stems_of(glued)] == [8]


def test_a_pair_is_finer_than_both() -> None:
    made = find_entities(design(site=GROUP % 4, subject=GROUP // 4, whole=GROUP), "y")
    pairs = {together.columns: together.n_groups for _, _, together in pairs_of(made)}
    assert pairs == {("site", "subject"): 20}

"""Files of every habit are read exactly, refused with a remedy, or their oddity is said."""

import numpy as np
import pytest

from benchmarks.readers.messy import judge
from benchmarks.readers.messy_habits import HABITS
from benchmarks.readers.messy_mixed import mixed
from benchmarks.readers.messy_tables import clean_tables

TABLES = clean_tables(3)
ASKED = {"two_tables"}


@pytest.mark.parametrize("name", ["catalogue", "river"])
def test_a_table_in_any_habit_is_read_exactly(name):
    made = {habit: write(TABLES[name]) for habit, write in HABITS.items()}
    found = {habit: judge(one) for habit, one in made.items() if one is not None}
    assert len(found) > 100
    assert {habit for habit, (outcome, _) in found.items() if outcome != "exact"} == ASKED


def test_habits_together_hide_no_cell_in_silence():
    rng = np.random.default_rng(7)
    names = [name for name in TABLES if name not in ("one", "messages", "few")]
    outcomes = [judge(mixed(TABLES[name], rng)) for name in names for _ in range(3)]
    assert [said for outcome, said in outcomes if outcome == "wrong"] == []

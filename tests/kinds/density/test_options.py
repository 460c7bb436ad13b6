"""Options of a run without a target are those of a table that need none."""

from rung.kinds.declaration import declared
from rung.kinds.density.options import DensityOptions, make_density_options
from rung.kinds.table.options import FitOptions


def test_every_option_is_one_of_tables():
    ours, theirs = ({one.name for one in declared(each)} for each in (DensityOptions, FitOptions))
    assert ours < theirs
    assert {"target", "positive", "weight", "time"} <= theirs - ours


def test_group_names_and_reading_are_what_was_given():
    found = make_density_options({"groups": "id", "delimiter": ";"})
    assert found.group_names == ("id",)
    assert found.read.delimiter == ";"
    assert make_density_options({"metric": "odds_share"}).metric == "odds_share"


def test_a_quick_run_leaves_out_what_takes_long_unless_families_are_named():
    found = make_density_options({"quick": True})
    assert found.families == ("independent", "gaussian", "dependence_tree")
    assert found.folds == 5
    assert make_density_options({"quick": True, "families": ("kernel",)}).families == ("kernel",)

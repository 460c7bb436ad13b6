import pytest

from rung.cli.asked import default_folder, fit_options, refuse_idle_options, refuse_swapped
from rung.errors import UsageError
from rung.kinds.density.options import DensityOptions
from rung.kinds.table.options import FitOptions
from rung.kinds.text.options import TextOptions


@pytest.mark.parametrize(
    ("target", "folder"),
    [
        ("lgGF", "rung-run-lgGF"),
        ("../../etc/passwd", "rung-run-etc-passwd"),
        ("a b/c", "rung-run-a-b-c"),
        ("***", "rung-run-target"),
        ("x" * 300, "rung-run-" + "x" * 60),
        ("größe", "rung-run-größe"),
    ],
)
def test_the_default_folder_is_one_safe_name(target, folder):
    assert default_folder(target) == folder


def test_what_was_not_given_is_left_to_the_defaults():
    given = {"target": "y", "seed": 3, "ledger": False}
    assert fit_options("table.csv", given) == FitOptions("y", seed=3, ledger=False)
    assert fit_options("names.txt", {"margin": 0.1}) == TextOptions(margin=0.1)
    assert fit_options("table.csv", {"margin": 0.1}) == DensityOptions(margin=0.1)


@pytest.mark.parametrize(
    ("data", "given", "said"),
    [
        ("d.csv", {"positive": "yes"}, "positive is for images and tables with a target"),
        ("d.csv", {"target": "y", "reading": "text"}, "names a column of a table"),
        ("names.txt", {"header": False}, "option header=False is for tables"),
        (
            "d.csv",
            {"reading": "lines", "memory": "7GB"},
            "option memory is for images and tables",
        ),
    ],
)
def test_a_table_and_a_text_are_not_mixed_up(data, given, said):
    with pytest.raises(UsageError, match=said):
        fit_options(data, given)


def test_an_option_that_changes_nothing_is_refused_where_a_text_is_checked():
    refuse_idle_options({"reading": "lines", "encoding": "latin-1"})
    with pytest.raises(UsageError, match="option test_fraction changes nothing"):
        refuse_idle_options({"test_fraction": 0.3})


def test_a_swapped_model_and_table_are_recognised(tmp_path):
    with pytest.raises(UsageError, match=r"swap them: rung predict model.rung new.csv"):
        refuse_swapped("new.csv", "model.rung")
    (tmp_path / "model.rung").touch()
    with pytest.raises(UsageError, match=r"'new.parquet' stands where the model should"):
        refuse_swapped("new.parquet", str(tmp_path))
    refuse_swapped("model.rung", "new.csv")

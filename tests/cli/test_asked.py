import pytest

from rung.cli.arguments import FitArguments
from rung.cli.asked import default_folder, fit_options


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
    options = fit_options(FitArguments(data="table.csv", target="y", seed=3, no_ledger=True))
    assert (options.seed, options.ledger, options.folds) == (3, False, None)

"""The ladder and the training of networks on axes of matplotlib."""

from rung.report.drawing import score_picture
from rung.report.figures import new_axes
from rung.report.plots_ladder import draw_ladder, draw_training
from rung.report.summary import summarise
from rung.report.wording import TABLE
from tests.report.example import regression


def test_the_test_lies_below_its_family_and_axes_end_where_the_page_ends():
    axes, picture = new_axes(), score_picture(summarise(regression()))
    draw_ladder(axes, picture)
    (diamond,) = [line for line in axes.lines if line.get_marker() == "D"]
    assert diamond.get_xdata()[0] == 0.314
    assert axes.get_xlim() == picture["ends"]


def test_losses_are_written_as_numbers_on_both_sides_of_a_power_of_ten():
    axes = new_axes()
    losses = [0.2, 0.15, 0.09]
    rows = [
        {"split": 0, "kind": "final_loss", "pass": k, "loss": loss}
        for k, loss in enumerate(losses, 1)
    ]
    draw_training(axes, rows, TABLE)
    assert axes.lines[0].get_ydata().tolist() == losses
    assert axes.yaxis.get_major_formatter()(0.1) == "0.1"
    assert axes.yaxis.get_minor_formatter()(0.2) == "0.2"

"""Curves of training for the report."""

from rung.nets.characters.curve_record import curves, shown_settings


def test_every_check_gives_a_point_to_both_curves():
    points = [{"step": step, "loss": 3.0 - step, "judged": 4.0 - step} for step in range(3)]
    found = curves(points)
    assert found["final_loss"] == [3.0, 2.0, 1.0]
    assert found["inner_held_loss"] == [4.0, 3.0, 2.0]


def test_settings_shown_are_taken_from_sizes_and_plan_and_nothing_else():
    found = {"shape": {"width": 8, "symbols": 27}, "plan": {"rate": 0.1, "checks": 20}}
    assert shown_settings(found, ("rate", "width")) == {"rate": 0.1, "width": 8}

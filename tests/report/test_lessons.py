from xml.etree import ElementTree as ET

from rung.nets import DescentPace, fit_curve, lecture_descents, lecture_points
from rung.report import lessons


def test_a_panel_a_fit_shows_points_curve_and_error():
    fits = [
        fit_curve(*lecture_points(300), n, pace=DescentPace(steps=10), starts=1)
        for n in (1, 2, 5, 6)
    ]
    figure = lessons.curves(fits)
    ET.fromstring(figure.svg)
    assert figure == lessons.curves(fits)
    assert [row["relus"] for row in figure.numbers] == [1, 2, 5, 6]
    assert figure.svg.count("MSE") == 4
    for row, fit in zip(figure.numbers, fits, strict=True):
        assert row["mean_squared_error"] == fit.mean_squared_error
        assert row["kinks"] == sorted(k for k in fit.curve.kinks if abs(k) < 3.14159)


def test_descents_share_an_axis_of_plain_numbers():
    figure = lessons.descents(lecture_descents(passes=1, pace=DescentPace(batch_rows=250)))
    ET.fromstring(figure.svg)
    assert "mathdefault" not in figure.svg
    assert [row["name"] for row in figure.numbers] == ["full batch", "mini-batch"]
    assert figure.numbers[1]["rows_read"] == 1000

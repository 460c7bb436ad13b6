from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from rung.errors import DataError, UsageError
from rung.workbench.lessons import draw_curves, draw_descents


def test_the_lecture_is_drawn_by_number_of_relus(tmp_path: Path) -> None:
    out = tmp_path / "curve.svg"
    numbers = draw_curves(out, relus="1, 3", steps=20)
    assert [row["relus"] for row in numbers] == [1, 3]
    assert numbers[1]["mean_squared_error"] < numbers[0]["mean_squared_error"]
    text = out.read_text("utf-8")
    ET.fromstring(text)
    assert f"3 ReLUs: MSE {numbers[1]['mean_squared_error']:.4f}" in text
    draw_curves(tmp_path / "again.svg", relus="1,3", steps=20)
    assert (tmp_path / "again.svg").read_bytes() == out.read_bytes()


def test_points_of_my_own_are_drawn_without_the_missing_ones(tmp_path: Path) -> None:
    x = np.linspace(0, 1, 30)
    x[3] = np.nan
    table = {"t": x, "height": np.abs(x - 0.5), "label": ["u", "v"] * 15}
    points = (table, "t", "height")
    numbers = draw_curves(tmp_path / "c.svg", points=points, relus="2", steps=30)
    assert np.isfinite(numbers[0]["mean_squared_error"])
    with pytest.raises(DataError, match="column 'label' holds no numbers"):
        draw_curves(tmp_path / "d.svg", points=(table, "t", "label"))
    with pytest.raises(DataError, match="did you mean 'height'"):
        draw_curves(tmp_path / "d.svg", points=(table, "t", "heigt"))
    with pytest.raises(UsageError, match="without the columns to draw"):
        draw_curves(tmp_path / "d.svg", points=(table, None, None))


def test_both_descents_are_drawn_with_what_they_hold(tmp_path: Path) -> None:
    full, small = draw_descents(tmp_path / "d.svg", passes=2, batch_rows=100)
    assert (full["steps"], small["steps"]) == (20, 20)
    assert full["bytes_held"] == 10 * small["bytes_held"]
    text = (tmp_path / "d.svg").read_text("utf-8")
    assert "full batch: 101.6 KiB a step" in text
    assert "mathdefault" not in text


@pytest.mark.parametrize("relus", ["", "0", "2,x", "1.5", "1,,2"])
def test_numbers_of_relus_are_whole(tmp_path: Path, relus: str) -> None:
    with pytest.raises(UsageError, match="no whole numbers"):
        draw_curves(tmp_path / "c.svg", relus=relus)


def test_an_existing_picture_is_kept(tmp_path: Path) -> None:
    (tmp_path / "c.svg").write_text("mine")
    with pytest.raises(UsageError, match="exists"):
        draw_curves(tmp_path / "c.svg")
    with pytest.raises(UsageError, match="exists"):
        draw_descents(tmp_path / "c.svg")
    with pytest.raises(UsageError, match="passes=0"):
        draw_descents(tmp_path / "d.svg", passes=0)

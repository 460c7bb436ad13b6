"""Scales, angles and statistics are shuffled as groups, on held-out images."""

import pytest

from rung.explain.image_columns import groups_of_columns
from rung.images.scattering import Scattering
from tests.explain.image_runs import beside_run, run_of

BOTH = ("pixel_linear", "scattering_linear")


def named(symmetry: str, plane: str = "") -> list[str]:
    return [f"scattering {plane}{name}" for name in Scattering(16, 16, symmetry).names]


@pytest.mark.parametrize("symmetry", ["none", "shift", "rotation", "dihedral"])
def test_every_column_is_in_one_group_of_each_way(symmetry: str) -> None:
    names = named(symmetry)
    for groups in groups_of_columns(names).values():
        assert sorted(name for own in groups.values() for name in own) == sorted(names)
        assert len(groups) > 1


def test_channels_and_cells_are_ways_where_there_are_several() -> None:
    names = [*named("none", "x ray "), *named("none", "radio ")]
    found = groups_of_columns(names)
    assert set(found) == {"scale", "angle", "cell", "channel"}
    assert list(found["channel"]) == ["channel x ray", "channel radio"]
    assert len(found["cell"]) == 16
    assert set(groups_of_columns(named("rotation"))) == {"scale", "angle"}


def test_statistics_are_put_together_by_what_they_measure() -> None:
    names = ["pixel mean red", "pixel quantile 0.5 red", "pixel ring 1", "pixel gini", "column z"]
    found = groups_of_columns(names)["measure"]
    assert found["brightness"] == ("pixel mean red", "pixel quantile 0.5 red")
    assert found["shape"] == ("pixel gini",)
    assert found["column z"] == ("column z",)


def test_the_angle_of_stripes_is_what_matters_to_scattering() -> None:
    found = run_of(*BOTH).result.sections["image_columns"]
    by_way = {one["way"]: one for one in found}
    angles = {row["columns"][0]: row for row in by_way["angle"]["columns"]}
    best = by_way["angle"]["columns"][0]
    assert best["columns"][0] in ("angle 0°", "angle 90°")
    assert best["verdict"] == "matters"
    assert best["loss"]["mean"] > 10 * angles["angle 45°"]["loss"]["mean"]
    assert best["n_columns"] == 48
    assert best["low"] <= best["metric"] <= best["high"]


def test_the_table_of_one_family_has_a_row_a_group() -> None:
    view = run_of(*BOTH).explain.scales("pixel_linear")
    assert {row["way"] for row in view.rows} == {"measure"}
    assert sum(row["n_columns"] for row in view.rows) == 22
    assert view.frame().columns[:2] == ["way", "group"]


def test_a_column_beside_the_images_stands_against_what_they_show() -> None:
    ways = {one["way"]: one for one in beside_run().explain.scales("fusion_linear").data["each"]}
    groups = {row["columns"][0]: row for row in ways["measure"]["columns"]}
    assert next(iter(groups)) == "column z"
    assert groups["column z"]["verdict"] == "matters"
    assert groups["wavelet scattering"]["n_columns"] > 100
    assert groups["wavelet scattering"]["verdict"] != "matters"

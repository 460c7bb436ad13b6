"""Surfaces that are asked of a run: frames, pictures, and what is refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError

RNG = np.random.default_rng(8)
N = 160
A, B = RNG.normal(size=(2, N))
NOISE = RNG.normal(size=N) / 4


@cache
def fit(kind: str = "values") -> rung.Run:
    y = pl.Series(3 * A * B + NOISE)
    target = y if kind == "values" else pl.Series(np.where(y > 0, "up", "down"))
    table = pl.DataFrame({"a": A, "b": B, "kind": RNG.choice(["u", "v"], N), "y": target})
    families = ["linear", "tree", "forest"]
    return rung.fit(table, "y", families=families, explain=False, ledger=False, folds=4)


def test_families_stand_side_by_side_on_one_scale_with_the_rows_of_a_fold() -> None:
    run = fit()
    axes = run.plot.surface("a", "b", families=["linear", "tree", "forest"])
    assert axes.shape == (3,)
    meshes = [ax.collections[0] for ax in axes]
    assert len({mesh.get_clim() for mesh in meshes}) == 1
    found = run.explain.surface("a", "b", families=["linear", "tree", "forest"])
    for mesh, one in zip(meshes, found.data["surfaces"], strict=True):
        assert np.array(mesh.get_array()) == pytest.approx(np.array(one["mean"]).T)
    assert found.frame().height == 3 * 20 * 20
    assert found.frame()["family"].unique(maintain_order=True).to_list() == [
        "linear",
        "tree",
        "forest",
    ]
    n_training, n_held = (len(ax.get_offsets()) for ax in axes[0].collections[1:3])
    points = found.data["surfaces"][0]["points"]["is_training"]
    assert (n_training, n_held) == (sum(points), len(points) - sum(points))
    assert n_training > 2 * n_held > 0
    assert "held-out rows" in repr(found)
    assert found._repr_html_().count("class=&quot;plot-title&quot;") == 3


def test_the_scores_in_the_title_are_those_of_the_fold() -> None:
    run = fit()
    found = run.explain.surface("a", "b", "forest", fold=2).data["surfaces"][0]
    own = next(entry for entry in run.result.ladder if entry.family == "forest")
    assert found["held_out"] == pytest.approx(own.scores["rmse"].per_fold[2], rel=1e-5)
    assert found["training"] < found["held_out"]


def test_of_classes_the_probability_of_one_is_drawn() -> None:
    run = fit("classes")
    up, down = (
        run.explain.surface("a", "kind", "tree", of=one).data["surfaces"][0]
        for one in ("up", "down")
    )
    assert up["places"][1] == ["u", "v"]
    assert np.array(up["mean"]) + np.array(down["mean"]) == pytest.approx(1.0, abs=1e-5)
    axes = run.plot.surface("a", "kind", "tree")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["u", "v"]
    assert run.plot.surface("a", "b", "tree", ax=axes) is axes


def test_what_is_no_surface_is_refused() -> None:
    run = fit()
    for match, call in (
        ("column 'z' is none that linear uses", lambda: run.explain.surface("z", "a", "linear")),
        ("'a' was given twice", lambda: run.explain.surface("a", "a", "linear")),
        ("class 'up' is none", lambda: run.explain.surface("a", "b", "linear", of="up")),
        ("1 axes were given for 2", lambda: run.plot.surface("a", "b", ["linear", "tree"], ax=1)),
    ):
        with pytest.raises(UsageError, match=match):
            call()

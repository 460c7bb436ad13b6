"""A map stands beside the map of nothing, and new rows are placed on it."""

import base64

import numpy as np
import pytest

from rung.errors import UsageError
from rung.workbench.maps import embed


def _line(n=120):
    rng = np.random.default_rng(0)
    base = rng.normal(size=n)
    return {name: base + 0.3 * rng.normal(size=n) for name in ("a", "b", "c")}


def test_the_map_of_rows_is_trusted_more_than_that_of_shuffled_columns():
    found = embed(_line())
    assert found.components.n_real == 1
    assert found.trust > found.trust_shuffled + 0.05
    assert found.to_dict()["components"][0]["words"].count("+") == 3


def test_rows_that_are_placed_again_stand_where_they_stood():
    table = _line()
    found = embed(table)
    np.testing.assert_allclose(found.place(table), found.placed, atol=1e-9)


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(UsageError, match="'umap' is not known; accepted: components, tsne"):
        embed(_line(), method="umap")


def test_t_sne_places_new_rows_beside_those_that_are_like_them():
    pytest.importorskip("openTSNE", reason="pip install 'rung[embed]' adds t-SNE")
    rng = np.random.default_rng(1)
    far = np.repeat([0.0, 20.0], 30)
    table = {name: far + rng.normal(size=60) for name in ("a", "b", "c")}
    found, again = embed(table, method="tsne"), embed(table, method="tsne")
    np.testing.assert_array_equal(found.placed, again.placed)
    assert found.placed.shape == found.shuffled.shape == (60, 2)
    assert found.trust > 0.85
    centres = [found.placed[:30].mean(axis=0), found.placed[30:].mean(axis=0)]
    new = found.place({name: np.array([0.0, 20.0]) for name in ("a", "b", "c")})
    distances = np.linalg.norm(new[:, None] - centres, axis=2)
    assert distances.argmin(axis=1).tolist() == [0, 1]


def test_a_colour_that_is_no_column_is_refused():
    with pytest.raises(UsageError, match="'kind'"):
        embed(_line()).plot("kind")


def test_rows_keep_their_colours_whatever_the_order_of_the_file():
    base = np.repeat([0.0, 9.0], 30)
    rng = np.random.default_rng(4)
    table = {name: base + rng.normal(size=60) for name in ("a", "b")}
    axes = embed(table | {"kind": np.where(base > 0, "far", "near")}, drop=["kind"]).plot("kind")
    far, near = (part.get_offsets()[:, 0] for part in axes[0].collections[:2])
    assert len(far) == len(near) == 30
    assert max(far.min(), near.min()) > min(far.max(), near.max())


def test_a_page_holds_both_maps_and_says_what_not_to_read_from_them():
    found = embed(_line() | {"<b>": ["x", "y", "z"] * 40}, drop=["<b>"])
    page = found.page("<script>", "<b>")
    picture = base64.b64decode(page.partition("base64,")[2].partition('"')[0]).decode("utf-8")
    assert picture.count("trustworthiness ") == 2
    assert "&lt;b&gt;" in picture
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "each column is shuffled" in page
    assert "Trustworthiness is 1 if the 12 nearest rows" in page
    assert all(f"<code><bdi>{name}</bdi></code>" in page for name in "abc")
    assert "+ 0" not in page  # no line ends between a sign and its number
    assert len(found.plot()) == 2


def test_shares_of_a_mixed_table_stand_beside_those_of_its_own_shuffled_columns():
    rng = np.random.default_rng(0)
    alone = {"a": rng.normal(size=200), "b": rng.normal(size=200), "c": list("xyzu") * 50}
    joined = {**alone, "b": alone["a"] + 0.1 * rng.normal(size=200)}
    joined["c"] = np.array(list("xyzu"))[np.digitize(alone["a"], [-0.7, 0.0, 0.7])].tolist()
    without, found = embed(alone), embed(joined)
    nothing, something = without.components, found.components
    assert nothing.n_real == 0 < something.n_real
    # axes of distances are no cells that could be reconstructed
    assert found.to_dict()["n_predicting"] is None
    assert "reconstructed" not in found.page()
    assert something.shares[0] > 1.5 * something.by_chance[0]


def test_columns_that_no_map_has_are_named_unless_they_were_left_out_by_name():
    days = (np.datetime64("2024-01-01") + np.arange(120)).astype(str)
    table = _line() | {"day": days, "id": [f"row {i}" for i in range(120)]}
    assert "no place on the map: day, id" in embed(table).to_dict()["notes"][0]
    assert embed(table, drop=["day", "id"]).notes == embed(_line()).notes == ()
    with pytest.raises(UsageError, match="'kind' of drop, label or color"):
        embed(table, drop=["kind"])

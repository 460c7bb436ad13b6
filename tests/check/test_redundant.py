import numpy as np

from rung.check.redundant import CHECK
from tests.check.made import looked, seen

RNG = np.random.default_rng(0)
X = RNG.normal(size=(1_000, 4))
BASE = {f"x{j}": X[:, j] for j in range(4)}
SITE = RNG.integers(0, 6, 1_000)
NAMES = np.array(["north", "east", "west", "south", "core", "rim"])


def test_an_angle_from_an_axis_ratio_is_a_curve_of_it() -> None:
    ratio = RNG.uniform(0.2, 1, 1_000).round(4)
    angle = np.degrees(np.arccos(np.sqrt((ratio**2 - 0.04) / 0.96 * (ratio > 0.2)))).round(2)
    (found,) = looked(CHECK, seen(**BASE, ratio=ratio, angle=angle))
    assert set(found.columns) == {"ratio", "angle"}
    assert "is a curve of" in found.message


def test_one_set_of_kinds_under_two_sets_of_names_is_found_and_a_coarser_one() -> None:
    (found,) = looked(CHECK, seen(**BASE, site=NAMES[SITE], code=SITE.astype(float)))
    assert found.columns == ("code", "site")
    assert "name the same 6 kinds under two sets of names" in found.message
    (coarse,) = looked(CHECK, seen(**BASE, site=NAMES[SITE], half=np.array(["a", "b"])[SITE // 3]))
    assert (
        coarse.message == "column 'half' is settled by 'site': each of its 6 values has one 'half'"
    )


def test_a_difference_of_two_columns_is_found_once() -> None:
    (found,) = looked(CHECK, seen(**BASE, gap=X[:, 1] - 2 * X[:, 2]))
    assert found.columns == ("gap", "x1", "x2")
    assert found.message == "gap = x1 - 2·x2 in 100.0% of the rows"


def test_columns_that_are_only_alike_are_not_redundant() -> None:
    alike = X[:, 0] + 0.05 * RNG.normal(size=1_000)
    mostly = np.where(RNG.random(1_000) < 0.97, SITE, RNG.integers(0, 6, 1_000))
    nearer = X[:, 1] + 0.04 * RNG.normal(size=1_000)
    shown = seen(**BASE, alike=alike, nearer=nearer, site=NAMES[SITE], mostly=NAMES[mostly])
    assert looked(CHECK, shown) == ()


def test_no_finding_depends_on_the_order_of_rows_or_on_units() -> None:
    order = RNG.permutation(1_000)
    table = {**BASE, "gap": X[:, 1] - 2 * X[:, 2], "site": NAMES[SITE], "code": SITE * 1.0}
    plain = [one.columns for one in looked(CHECK, seen(**table))]
    shuffled = {name: one[order] for name, one in table.items()}
    scaled = {name: one * 1e6 if one.dtype.kind == "f" else one for name, one in table.items()}
    assert [one.columns for one in looked(CHECK, seen(**shuffled))] == plain
    assert [one.columns for one in looked(CHECK, seen(**scaled))] == plain
    assert len(plain) == 2

"""A verdict worked by hand."""

import math

import numpy as np
import pytest

from rung.core.losses import FEWEST_GROUPS, FLOOR, Losses
from rung.core.result import Difference
from rung.core.verdict import decide, find_leader, loss_margin
from tests.core.verdict_twice import independent_quantile

STEPS = {"constant": 0, "line": 20, "deep": 90}
# Losses of four rows. Means 5, 2, 1.5; k = 5, so that standard errors are widened by 1.5.
ROWS = np.array([[4.0, 1.0, 1.0], [6.0, 3.0, 2.0], [5.0, 2.0, 2.0], [5.0, 2.0, 1.0]])


def losses(rows, names=tuple(STEPS), k=5, **more):
    means = rows.mean(axis=0)
    return Losses(names, means, rows - means, k, len(rows), len(rows), **more)


def by_hand(**options):
    return decide(losses(ROWS), steps=STEPS, metric="mae", **options)


def test_margins_are_those_of_their_branches():
    """deep: 10 % of 1.5; line: 5 % of its gain 3; constant: 1 % of 5."""
    found = {name: item.margin for name, item in by_hand().families.items()}
    assert found == pytest.approx({"deep": 0.15, "line": 0.15, "constant": 0.05})


def test_the_difference_and_its_interval():
    """line - deep = 0, 1, 0, 1: mean .5, s = √(1/3), SE = s/2 · 1.5, t(.975, 3) = 3.182446."""
    found = by_hand().families["line"].difference
    half = 3.182446 * math.sqrt(1 / 3) / 2 * 1.5
    assert (found.mean, found.low, found.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half))
    leader = by_hand().families["deep"].difference
    assert (leader.mean, leader.low) == pytest.approx((-0.5, -0.5 - half))


def test_the_bound_is_the_margin_and_the_upper_end_of_the_contrast():
    """line - 1.1 deep = -.1, .8, -.2, .9: mean .35, s² = 1.01/3, t(.95, 3) = 2.353363."""
    found = by_hand().families["line"].bound
    assert found == pytest.approx(0.15 + 0.35 + 2.353363 * math.sqrt(1.01 / 3) / 2 * 1.5)
    assert by_hand().families["deep"].bound == 0.0


def test_the_rows_that_would_settle_it_are_those_of_the_contrast_named():
    """(critical · SE / .35)² times the four rows; critical: the larger of two t of 3 units."""
    family = by_hand().families["line"]
    error = math.sqrt(1.01 / 3) / 2 * 1.5
    contrasts = np.column_stack([ROWS @ [-1.01, 1, 0], ROWS @ [0, 1, -1.1]])
    critical = independent_quantile(np.corrcoef(contrasts.T), 3)
    assert family.verdict == "undecided"
    assert family.open_rival == "deep"
    assert family.settle_units == pytest.approx(4 * (critical * error / 0.35) ** 2, rel=0.05)


def test_the_choice_stays_with_the_leader_where_the_gap_is_beyond_the_reach():
    """The gap .5 is beyond the plain standard error √(1/3)/2 = .289 and the margin .15."""
    assert by_hand().choice.family == "deep"
    nearer = ROWS.copy()
    nearer[1, 1] = 2.0  # line - deep = 0, 0, 0, 1: gap .25, plain error .25
    decision = decide(losses(nearer), steps=STEPS, metric="mae")
    assert decision.choice.family == "line"


def test_of_leader_and_a_later_step_that_is_near_the_leader_is_taken():
    """deep - line = 0, 0, 0, 1: gap .25 within its plain standard error .25."""
    rows = ROWS[:, [0, 2, 1]]
    rows[1, 2] = 2.0
    decision = decide(losses(rows), steps=STEPS, metric="mae")
    assert decision.families["deep"].verdict == "undecided"
    assert decision.choice.family == decision.leader == "line"


def with_wild_line(last, scale=1.0):
    """Losses where constant is always 3 above deep, and line 1 below it but for one row."""
    deep = np.array([2.0, 3.0, 3.0, 2.0])
    line = deep + np.array([-1.0, -1.0, -1.0, last])
    return np.column_stack([deep + 3.0, line, deep]) * scale


@pytest.mark.parametrize(
    ("last", "scale", "choice"),
    [
        (20.0, 1.0, "deep"),  # line is 4.25 above deep, within its plain error 5.25
        (15.0, 1.0, "line"),  # 3 above deep, as constant is, within 4
        (15.004, 1e-7, "deep"),  # .001 more than constant
    ],
)
def test_what_loses_more_than_the_constant_is_passed_by_however_near(last, scale, choice):
    decision = decide(losses(with_wild_line(last, scale)), steps=STEPS, metric="mae")
    found = {name: item.verdict for name, item in decision.families.items()}
    assert found == {"constant": "worse", "line": "undecided", "deep": "undecided"}
    assert decision.choice.family == choice


def test_without_a_constant_any_family_may_be_near():
    steps = {"line": 20, "deep": 90}
    rows = with_wild_line(20.0)[:, 1:]
    assert decide(losses(rows, tuple(steps)), steps=steps, metric="mae").choice.family == "line"


def test_a_claim_counts_the_simpler_families_that_are_worse():
    noise = np.random.default_rng(3).normal(scale=0.01, size=(50, 3))
    far = decide(losses(2 + noise + np.array([3.0, 1.0, 0.0])), steps=STEPS, metric="mae")
    assert far.choice.sentence.endswith(", and all 2 simpler families are worse by more than that")
    near = losses(2 + noise + np.array([3.0, 0.005, 0.0]))
    simple = decide(near, steps=STEPS, metric="mae").choice
    assert (simple.family, simple.is_claim) == ("line", True)
    leader = decide(near, steps=STEPS, metric="mae", choose="leader").choice
    assert (leader.family, leader.is_claim) == ("deep", True)
    assert leader.sentence.endswith("no rival is better by the margin 0.15")


def test_a_near_family_taken_is_open_against_its_own_rival_and_not_the_first():
    """constant lies 1.5 plain errors behind deep and is passed; line 1, and is taken."""
    deep = np.array([2.0, 3.0, 3.0, 2.0])
    more = np.array([[0.5, 0.0, 0.0], [0.5, 0.0, 0.0], [0.5, 0.0, 0.0], [4.5, 1.0, 0.0]])
    rows = deep[:, None] + more
    decision = decide(losses(rows), steps=STEPS, metric="mae")
    line = decision.families["line"]
    assert {item.verdict for item in decision.families.values()} == {"undecided"}
    assert (decision.choice.family, line.open_rival) == ("line", "deep")
    assert "line (mae 2.750) cannot be told from the best, deep (2.500)" in decision.choice.sentence
    assert decision.choice.sentence.endswith("about 120 rows would settle it")
    assert line.settle_units == pytest.approx(120, abs=5)


def test_the_whole_sentence():
    settle = by_hand().families["line"].settle_units
    digits = -math.floor(math.log10(settle)) + 1
    assert by_hand().choice.sentence == (
        "undecided: deep (mae 1.50) leads, but the data do not settle it against line (mae 2.00) "
        f"at the margin 0.15; about {round(settle, digits):,.0f} rows would settle it"
    )


def test_rows_to_settle_are_of_the_family_named_and_of_no_other():
    """The choice is as good; the simpler family that is open needs its own number of rows."""
    rng = np.random.default_rng(8)
    shared = rng.gamma(2.0, 0.5, size=(900, 1))
    rows = shared + rng.normal(scale=0.2, size=(900, 3)) + np.array([1.0, 0.065, 0.0])
    decision = decide(losses(rows), steps=STEPS, metric="mae")
    assert decision.families["line"].verdict == "undecided"
    assert decision.families["deep"].verdict == "as good"
    settle = decision.families["line"].settle_units
    digits = -math.floor(math.log10(settle)) + 1
    assert "whether the simpler line (mae 1.046) is too" in decision.choice.sentence
    assert decision.choice.sentence.endswith(
        f"about {round(settle, digits):,.0f} rows would settle it"
    )


def test_a_family_that_is_behind_for_sure_is_not_called_hard_to_tell():
    rng = np.random.default_rng(8)
    shared = rng.gamma(2.0, 0.5, size=(900, 1))
    rows = shared + rng.normal(scale=0.2, size=(900, 3)) + np.array([1.0, 0.045, 0.0])
    decision = decide(losses(rows), steps=STEPS, metric="mae")
    low = decision.families["line"].difference.low
    assert decision.choice.family == "line"
    assert low > 0
    assert "is behind the best, deep" in decision.choice.sentence
    assert "cannot be told" not in decision.choice.sentence


def test_the_default_margin_is_never_smaller_than_a_reader_sees():
    """A nearly perfect family: 10 % of its loss is 1e-5, a thousandth of the constant's is 5e-3."""
    rows = ROWS * np.array([1.0, 1e-4, 1e-5])
    found = decide(losses(rows), steps=STEPS, metric="mae")
    assert found.families["deep"].margin == pytest.approx(FLOOR * 5.0)
    assert found.families["line"].verdict == "as good"
    assert found.choice.family == "line"


def test_few_groups_claim_nothing_and_say_so():
    rng = np.random.default_rng(2)
    rows = 1 + 0.01 * rng.random((FEWEST_GROUPS - 1, 3)) + np.array([3.0, 0.0, 0.0])
    few = losses(rows, are_groups=True, counted="groups")
    decision = decide(few, steps=STEPS, metric="mae")
    assert {item.verdict for item in decision.families.values()} == {"undecided"}
    assert f"; {FEWEST_GROUPS - 1} groups are too few to claim anything" in decision.choice.sentence
    assert all(item.settle_units >= FEWEST_GROUPS for item in decision.families.values())
    enough = losses(np.vstack([rows, rows[:1]]), are_groups=True, counted="groups")
    assert decide(enough, steps=STEPS, metric="mae").choice.is_claim


def pair(mean, n=9, seed=5):
    """Losses of two families whose difference has this mean and a standard deviation of 1."""
    noise = np.random.default_rng(seed).normal(size=n)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    return np.column_stack([10 + noise + mean, np.full(n, 10.0)])


def of_pair(mean, n=9, **options):
    steps = {"constant": 0, "line": 20}
    return decide(losses(pair(mean, n), tuple(steps)), steps=steps, metric="mae", **options)


def test_the_units_that_would_settle_are_those_of_the_side_of_the_mean():
    """Nine units, error 1.5 / 3 = .5; worse beyond t = 1.86 errors, as good if 1.86 lie within."""
    t = 1.859548  # 95 % of Student's t with 8 degrees of freedom
    found = of_pair(0.1, margin=0.0).families
    assert found["constant"].settle_units == pytest.approx(9 * (t * 0.5 / 0.1) ** 2, rel=0.05)
    assert found["line"].settle_units == pytest.approx(9 * (t * 0.5 / 0.1) ** 2)
    # with the margin .3 the first is .2 on the side of as good, and the second .4
    found = of_pair(0.1, margin=0.3).families
    assert found["constant"].settle_units == pytest.approx(9 * (t * 0.5 / 0.2) ** 2)
    assert found["line"].settle_units == pytest.approx(9 * (t * 0.5 / 0.4) ** 2)
    assert {item.open_rival for item in found.values()} == {"constant", "line"}


def test_what_needs_more_than_a_hundred_times_the_units_is_out_of_reach():
    t = 1.859548
    near, far = (
        of_pair(t * 0.5 / math.sqrt(growth), margin=0.0).families["line"].settle_units
        for growth in (99.0, 101.0)
    )
    assert near == pytest.approx(9 * 99.0)
    assert far == math.inf


def test_losses_that_differ_by_a_billionth_are_equal_and_the_simpler_one_leads():
    still = np.zeros((3, 2))
    for gap, leader in ((0.9e-9, 0), (1.1e-9, 1), (1e-7, 1)):
        for least in (2.0, -2.0):
            means = np.array([least + 2.0 * gap, least])
            assert find_leader(Losses(("a", "b"), means, still, 5, 3, 3)) == leader


def test_a_difference_within_a_billionth_is_shown_as_none():
    assert of_same(1e-10) == Difference(0.0, 0.0, 0.0)
    assert of_same(1e-8).mean == pytest.approx(1e-7, rel=1e-4)


def of_same(gap):
    """Return the difference of two families that lose the same but for a share."""
    rows = 10 + np.column_stack([np.full(9, 10 * gap), np.zeros(9)])
    steps = {"line": 0, "deep": 20}
    return decide(losses(rows, tuple(steps)), steps=steps, metric="mae").families["line"].difference


def test_a_difference_that_never_varies_has_its_own_value_as_interval():
    rows = ROWS.copy()
    rows[:, 1] = rows[:, 2] + 0.5
    found = decide(losses(rows), steps=STEPS, metric="mae").families["line"].difference
    assert (found.mean, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))


def test_a_family_alone_differs_from_none():
    decision = decide(losses(ROWS[:, :1], ("constant",)), steps=STEPS, metric="mae")
    only = decision.families["constant"]
    assert only.difference == Difference(0.0, 0.0, 0.0)
    assert (only.verdict, only.bound, only.settle_units) == ("undecided", 0.0, None)
    assert only.open_rival == ""
    assert decision.choice.margin == pytest.approx(0.05)


def test_families_that_lose_the_same_on_average_are_out_of_reach():
    """Losses 9, 11, 9, 11 and 10 throughout: no number of rows settles a difference of zero."""
    rows = np.array([[9.0, 10.0], [11.0, 10.0]] * 2)
    steps = {"constant": 0, "line": 20}
    found = decide(losses(rows, tuple(steps)), steps=steps, metric="mae", margin=0.0).families
    assert [item.settle_units for item in found.values()] == [math.inf, math.inf]
    half = 3.182446 * math.sqrt(4 / 3) / 2 * 1.5
    assert found["line"].difference.high == pytest.approx(half)
    assert found["line"].difference.low == pytest.approx(-half)


def test_a_copy_leaves_nothing_open():
    """Three groups: line is far ahead of constant and the same as deep, so ten groups suffice."""
    rows = np.array([[50.0, 1.0, 1.0], [51.0, 2.0, 2.0], [52.0, 3.5, 3.5]])
    few = losses(rows, are_groups=True, counted="groups")
    found = decide(few, steps=STEPS, metric="mae", margin=0.0).families
    assert [item.settle_units for item in found.values()] == [10.0, 10.0, 10.0]
    assert (found["line"].open_rival, found["deep"].open_rival) == ("constant", "constant")
    two = losses(rows[:, 1:], ("line", "deep"), are_groups=True, counted="groups")
    found = decide(two, steps=STEPS, metric="mae", margin=0.0).families
    assert [item.settle_units for item in found.values()] == [10.0, 10.0]


def test_one_unit_cannot_say_how_many_would_settle():
    one = Losses(tuple(STEPS), ROWS[0], np.zeros((1, 3)), 5, 1, 1)
    found = decide(one, steps=STEPS, metric="mae").families
    assert [item.settle_units for item in found.values()] == [None, None, None]
    assert [item.open_rival for item in found.values()] == ["", "", ""]
    assert (found["line"].difference.low, found["line"].difference.high) == (-math.inf, math.inf)


def test_a_margin_of_zero_may_be_given_and_the_seed_is_zero_unless_given():
    assert loss_margin(losses(ROWS), "mae", 0.0, 2) == 0.0
    assert by_hand(margin=0.0).choice.margin == 0.0
    assert by_hand(seed=0).families == by_hand().families
    assert by_hand(seed=1).families != by_hand().families


def test_a_given_margin_is_that_of_every_rival_and_of_the_bound():
    """line - deep - .2: mean .3; its own upper end is 2.353363 errors above, and .2 comes back."""
    found = by_hand(margin=0.2)
    assert {item.margin for item in found.families.values()} == {0.2}
    error = math.sqrt(1 / 3) / 2 * 1.5
    assert found.families["line"].bound == pytest.approx(0.5 + 2.353363 * error)
    assert (found.choice.margin_loss, found.choice.margin_source) == (0.2, "given")
    assert by_hand().choice.margin_source == "default"


# One row out of 400 is absurd.


def exploding(height, seed=0, n=400):
    """Losses of constant, line, deep; line explodes on one row and is as good as deep elsewhere."""
    rng = np.random.default_rng(seed)
    shared = rng.chisquare(1, size=(n, 1))
    rows = shared * np.array([5.0, 1.0, 1.0]) + 0.02 * rng.random((n, 3))
    rows[:, 1] += 0.02
    rows[7, 1] += height
    return rows


@pytest.mark.parametrize("scale", [1.0, 1e-10])
@pytest.mark.parametrize("height", [1e7, 1e12, 1e38, 1e150])
def test_a_model_that_explodes_on_one_row_is_worse_and_hides_nothing(height, scale):
    decision = decide(losses(exploding(height) * scale), steps=STEPS, metric="mse")
    whole = decide(losses(exploding(0.0) * scale), steps=STEPS, metric="mse")
    found = {name: item.verdict for name, item in decision.families.items()}
    assert found == {"constant": "worse", "line": "worse", "deep": "as good"}
    assert decision.choice.family == "deep"
    assert decision.choice.is_claim
    assert decision.families["line"].difference.low > 0
    assert decision.families["constant"].difference == whole.families["constant"].difference


def test_what_loses_more_than_the_constant_guess_is_never_chosen():
    rows = exploding(4e3)  # undecided: one such row among 400 may be chance
    rows = rows[:, [0, 1, 1]] + np.array([0.0, 0.0, 1e-9])
    rows[:, 0] = rows[:, 1].min()
    rows[:3, 0] += 50
    for choose in ("simplest", "leader"):
        decision = decide(losses(rows), steps=STEPS, metric="mse", choose=choose)
        means = dict(zip(STEPS, rows.mean(axis=0), strict=True))
        assert means[decision.choice.family] <= means["constant"]


def test_the_reach_is_the_plain_error_where_too_few_units_allow_no_interval():
    """line - deep = 0, 0, 0, 1: gap .25, plain error .25, though the widened one is infinite."""
    nearer = ROWS.copy()
    nearer[1, 1] = 2.0
    decision = decide(losses(nearer, factor=math.inf), steps=STEPS, metric="mae")
    assert decision.choice.family == "line"

"""Curves as formulas: knots and heights in text, LaTeX and a program, and heights of folds there."""

from __future__ import annotations

import pytest

from rung.families.table.additive import additive_family
from rung.prep.curve_formula import at_knots_of
from rung.prep.formula import BrokenLine, Formula
from rung.prep.formula_python import formula_python
from rung.prep.formula_text import formula_latex, formula_text

BENT = BrokenLine("x_1", (0.0, 1.0, 3.0), ((1.0,), (-1.0,), (2.0,)))
FORMULA = Formula(intercept=(10.0,), pieces=(BENT,))


def test_a_curve_is_a_list_of_knots_with_straight_lines_between() -> None:
    head, curve = formula_text(FORMULA, "y", ())
    assert head == "y = 10 + f(x_1)"
    assert curve == "f(x_1) joins by straight lines: 1 at 0, −1 at 1, 2 at 3"
    latex = formula_latex(FORMULA, "y", ())[1]
    assert r"\begin{array}{rr} 0 & 1 \\ 1 & -1 \\ 3 & 2 \end{array}" in latex


def test_the_program_is_straight_between_knots_level_outside_and_nothing_where_missing() -> None:
    names: dict = {}
    exec(formula_python(FORMULA, "y", ()), names)
    for x, expected in ((-5, 11.0), (0.5, 10.0), (1, 9.0), (2, 10.5), (9, 12.0), (None, 10.0)):
        assert names["predict"]({"x_1": x}) == pytest.approx(expected, abs=1e-6)


def test_curves_of_folds_are_compared_at_the_same_knots() -> None:
    other = Formula(intercept=(9.0,), pieces=(BrokenLine("x_1", (0.0, 2.0), ((0.0,), (4.0,))),))
    (moved,) = at_knots_of(FORMULA, [other])
    assert moved.pieces[0].knots == (0.0, 1.0, 3.0)
    assert moved.pieces[0].weights == ((0.0,), (2.0,), (4.0,))
    assert moved.intercept == (9.0,)


def test_surfaces_of_pairs_are_no_formula() -> None:
    assert additive_family(pairs=2).formula is None
    assert additive_family().formula is not None

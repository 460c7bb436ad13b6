"""Formulas as people read them."""

from __future__ import annotations

from rung.prep.formula import Bell, Formula, Levels, Missing, Product, Steps
from rung.prep.formula_text import formula_latex, formula_text

NUMBER = Product(("mass_kg",), (0.5,))


def test_a_line_is_written_in_the_units_of_the_table() -> None:
    levels = Levels("kind", {"red": (-2.0,)}, (0.0,), (0.25,))
    line = Formula(
        intercept=(4.0,),
        pieces=(NUMBER, Missing("mass_kg", (1.0,)), levels),
        centres={"mass_kg": 2.0},
    )
    (text,) = formula_text(line, "y", ())
    assert text == (
        "y = 3 + 0.5 × mass_kg − 2 × [kind = red] + 1 × [mass_kg is missing]"
        " + 0.25 × [kind is another level]"
    )
    (latex,) = formula_latex(line, "y", ())
    assert r"0.5 \, \mathrm{mass\_kg}" in latex


def test_products_stand_around_their_centres() -> None:
    square = Formula(
        intercept=(1.0,),
        pieces=(Product(("x", "x"), (3e-7,)), Product(("x", "z"), (-1.0,))),
        centres={"x": -2.0, "z": 0.5},
    )
    assert formula_text(square, "y", ()) == ["y = 1 + 3e−7 × (x + 2)² − 1 × (x + 2) × (z − 0.5)"]
    assert r"3 \times 10^{-7} \, (\mathrm{x} + 2)^{2}" in formula_latex(square, "y", ())[0]


def test_two_classes_have_log_odds_and_more_have_scores() -> None:
    binary = Formula(
        intercept=(0.0, 1.0),
        pieces=(Product(("x",), (-1.0, 1.0)),),
        centres={"x": 0.0},
        link="softmax",
        classes=(0, 1),
    )
    assert formula_text(binary, "y", ("no", "yes")) == ["log odds of yes against no = 1 + 2 × x"]
    bell = Formula(
        intercept=(-0.7, -0.7),
        pieces=(Bell("x", (1.0, 2.0), (0.5, 0.25)),),
        link="softmax",
        classes=(0, 1),
    )
    assert formula_text(bell, "y", ("no", "yes"))[1] == "score of yes = −0.7 + log N(x; 2, 0.25)"


def test_steps_are_written_by_their_intervals() -> None:
    split = Formula(intercept=(0.0,), pieces=(Steps("x", (3.0,), ((1.0,), (2.0,)), (1.5,)),))
    assert formula_text(split, "y", ()) == [
        "y = 0 + 1 × [x ≤ 3] + 2 × [x > 3] + 1.5 × [x is missing]"
    ]


def test_names_and_levels_cannot_leave_their_place_in_latex() -> None:
    wild = Formula(
        intercept=(0.0,),
        pieces=(Product(("a_b%$",), (1.0,)), Levels("k", {"}$\\x": (1.0,)}, (0.0,), (0.0,))),
        centres={"a_b%$": 0.0},
    )
    (latex,) = formula_latex(wild, "t", ())
    assert r"a\_b\%\$" in latex
    assert r"\}\$\backslash x" in latex

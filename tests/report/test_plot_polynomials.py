"""Polynomials as a file: the scores in words, and hostile names as text."""

from __future__ import annotations

from xml.dom import minidom

import numpy as np

from rung.core.polynomial_curves import polynomial_curves, shuffled_splits
from rung.report.plot_polynomials import (
    polynomial_figure,
    polynomial_lines,
    polynomials_data,
    polynomials_html,
)

X = np.linspace(0, 1, 2_500)
CURVES = polynomial_curves(X, X**2, (1, 2), splits=shuffled_splits(2_500, seed=0))
FOUND = polynomials_data(CURVES, X, X**2, column="<b>x", target="$y$", n_missing=2)


def test_the_picture_is_xml_with_names_as_they_are_and_few_points() -> None:
    figure = polynomial_figure(FOUND)
    text = "".join(
        node.firstChild.data
        for node in minidom.parseString(figure.svg).getElementsByTagName("text")
        if node.firstChild
    )
    assert "<b>x" in text
    assert "$y$" in text
    assert len(FOUND["points"]["x"]) <= 1_000
    assert figure.numbers[0]["degree"] == 1
    assert "<b>x" not in polynomials_html(FOUND)


def test_the_best_degree_on_held_out_rows_is_named() -> None:
    head, line, curve = polynomial_lines(FOUND)
    assert head == "$y$ by <b>x, 2500 rows, 5 folds; 2 rows without a value are left out"
    assert not line.endswith("the best")
    assert curve.endswith("the best")

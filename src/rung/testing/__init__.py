"""Prove that a family keeps the laws of the ladder: for authors of new rungs.

>>> from rung.families import find
>>> from rung.testing import check_family, example_problem
>>> check_family(find("constant"), example_problem("regression", n_rows=40))
"""

from rung.testing.contract import check_family
from rung.testing.problems import example_folds, example_problem

__all__ = ["check_family", "example_folds", "example_problem"]

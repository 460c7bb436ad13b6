"""Held-out log densities of rung's ladder beside scikit-learn's and pgmpy's."""

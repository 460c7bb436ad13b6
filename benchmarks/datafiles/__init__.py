"""Damage data files of every kind that rung reads, and watch what happens to whoever reads them."""

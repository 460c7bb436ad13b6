"""Measure what an honest comparison costs, in units of single plain fits."""

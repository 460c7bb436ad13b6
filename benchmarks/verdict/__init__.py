"""Measure how often the verdict's rule and its alternatives choose wrongly."""

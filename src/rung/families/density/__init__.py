"""Rungs for tables without a target, one file each: densities."""

BASELINE = "independent"

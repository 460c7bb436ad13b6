"""Rungs for tables, one file each."""

BASELINE = "constant"

"""Rungs for tables, one file each."""

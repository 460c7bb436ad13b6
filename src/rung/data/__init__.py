"""Read tables, and find what each column is."""

from rung.data.conforming import conform
from rung.data.reading import read_table
from rung.data.table import ReadOptions, Table

__all__ = ["ReadOptions", "Table", "conform", "read_table"]

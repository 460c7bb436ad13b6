"""Read tables, and find what each column is."""

from rung.data.conforming import conform, conform_rows
from rung.data.reading import read_table
from rung.data.recomputing import Expressions
from rung.data.table import ReadOptions, Table

__all__ = ["Expressions", "ReadOptions", "Table", "conform", "conform_rows", "read_table"]

"""Densities of tables: what is learned from rows alone, and how probable it makes new rows."""

"""Columns of running text as numbers: words, pairs of words, pieces of characters, components."""

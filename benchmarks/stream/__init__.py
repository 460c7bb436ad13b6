"""Measure how much memory training on a stream needs as the table grows."""

"""Recompute numbers that others have published, and say where they come from if they differ."""

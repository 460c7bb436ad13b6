"""Models in formats of other programs."""

"""Computations of a network recorded, and what they cost."""

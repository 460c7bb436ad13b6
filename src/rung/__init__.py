"""rung: climb from a straight line to a deep network, and stop where your data stops."""

__version__ = "0.1.0"

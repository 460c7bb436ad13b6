"""Rungs for images, one file each.

An image becomes named numbers (`rung.images`), computed once a run as they are fixed functions of
one image. A rung names the numbers that it takes and the rung of tables that learns from them.
"""

BASELINE = "constant"

"""Rungs of images on real sets: scores, and what they cost."""

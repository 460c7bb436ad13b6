"""Measure how often 95 % intervals of a stream's loss hold its true value."""

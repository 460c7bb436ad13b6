"""Measure what adding up products once saves over fitting every fold and penalty anew."""

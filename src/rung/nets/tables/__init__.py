"""Populations of networks on tables."""

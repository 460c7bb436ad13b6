"""Texts: characters, one after another."""

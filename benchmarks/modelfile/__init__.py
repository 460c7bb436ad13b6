"""Damage and forge model files of every family, and watch what happens to whoever loads them."""

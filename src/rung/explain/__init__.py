"""Explanations of models: numbers and pictures of why."""

"""Run other tools beside rung: their environments, their rows, their cost and their scores."""

"""Hold explanations against other tools, and against tables of which the truth is known."""

"""Every rung of text on a list of names, beside what a well-known course prints."""

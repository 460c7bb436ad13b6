"""How many ugly files are read exactly, beside other readers; and what damaged files do to ours."""

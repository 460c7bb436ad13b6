"""Show a result: as a page, in a terminal, and as figures for papers."""

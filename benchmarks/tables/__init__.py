"""Hold rung against other tools on twelve real tables."""

"""Change the code by one line at a time, and see whether a test says so."""

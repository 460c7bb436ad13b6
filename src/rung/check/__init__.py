"""Look for what is wrong with a table, one check a file; training rows only where a target is used."""

"""Tables: rows of columns with a target."""

"""How often is the number of groups right, where it is known."""

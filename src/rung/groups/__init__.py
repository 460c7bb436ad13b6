"""Groups of rows: whether there are any, how many, and what makes them."""

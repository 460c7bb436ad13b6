"""Maps of rows: principal components and what may be read from them."""

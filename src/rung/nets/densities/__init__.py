"""Networks that are densities."""

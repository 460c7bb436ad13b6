"""Time predictions of many rows and of one, beside the libraries that train such models."""

"""The kind of data that is a set of images."""

"""Kinds of data: how each is read, divided, judged, saved and shown."""

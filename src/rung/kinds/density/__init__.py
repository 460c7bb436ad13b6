"""Tables without a target: how probable rows are."""

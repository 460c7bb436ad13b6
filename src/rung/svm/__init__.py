"""Support vector machines, one training set or the nested folds of a run."""

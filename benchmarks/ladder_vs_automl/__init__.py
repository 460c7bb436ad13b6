"""Hold the whole ladder against AutoGluon, FLAML and three others, and their word against scores."""

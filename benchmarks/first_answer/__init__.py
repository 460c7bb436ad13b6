"""How soon there is an answer, and what it costs beside scikit-learn alone."""

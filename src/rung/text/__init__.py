"""Hold what all families of text share: characters, passages, counts, samples; numpy only."""

"""Compare the additive rung with interpret's EBM: same rows, same folds."""

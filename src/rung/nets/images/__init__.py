"""Networks that read images: two convolutions, and a residual network."""

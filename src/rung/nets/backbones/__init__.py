"""Networks that were trained elsewhere and are kept as they are, such as those of timm."""

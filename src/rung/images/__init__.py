"""Turn images into named numbers: fixed functions of one image, by numpy alone."""

"""Hold one script a tool: a folder with `train.csv` and `test.csv` in, predictions out."""

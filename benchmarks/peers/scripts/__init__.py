"""Hold one script a tool: a folder with `train.csv` and `test.csv` in, predictions out.

Each is called with that folder, the file for its answer, and how many cores it may use. Its answer
gives, for each model, `predictions`, what it `promised`, on how many rows that was `validated`
(0 where nothing was), and `what` the model is.
"""

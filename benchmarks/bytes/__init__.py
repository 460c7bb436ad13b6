"""Whether a change of the code leaves every file of a run equal to the byte."""

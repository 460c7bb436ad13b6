"""Set what all tests share."""

from hypothesis import settings

# No test is timed, as machines differ; and the same examples are tried on every run.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

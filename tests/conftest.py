"""Set what all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rung.compute import one_thread_each

# No test is timed, as machines differ; and the same examples are tried on every run.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Parts that a run calls while it holds libraries to one thread. Their tests call them directly,
# side by side on few cores. Whatever is above them must hold for itself, and the environment is
# left as a user's is: with the variables of OpenBLAS and OpenMP set here, nobody would see that
# a limit leaks.
BELOW_A_RUN = ("byhand", "check", "core", "gram", "nets", "prep", "text", "trees")


@pytest.fixture(autouse=True)
def _held_as_in_a_run(request: pytest.FixtureRequest) -> Iterator[None]:
    if Path(request.path).parent.name not in BELOW_A_RUN:
        yield
        return
    with one_thread_each():
        yield

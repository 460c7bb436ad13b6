"""Set what all tests share."""

import atexit
import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rung.compute import one_thread_each

# No test is timed, as machines differ; and the same examples are tried on every run.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# No test writes into the ledger of whoever runs it, nor does a process that a test starts. Folders
# are named here and made by rung, so most never are.
STATE = tempfile.TemporaryDirectory(prefix="rung-tests-")
atexit.register(STATE.cleanup)
NUMBERS = itertools.count()
os.environ["RUNG_STATE"] = STATE.name


@pytest.fixture(autouse=True, scope="module")
def ledger_of_the_module() -> Iterator[Path]:
    """Begin every module without any opening, for what its own fixtures run."""
    yield from _new_state()


@pytest.fixture(autouse=True)
def ledger(ledger_of_the_module: Path) -> Iterator[Path]:
    """Begin every test without any opening; return the folder of the ledger."""
    yield from _new_state()


def _new_state() -> Iterator[Path]:
    before = os.environ["RUNG_STATE"]
    folder = Path(STATE.name, str(next(NUMBERS)))
    os.environ["RUNG_STATE"] = str(folder)
    yield folder
    os.environ["RUNG_STATE"] = before


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

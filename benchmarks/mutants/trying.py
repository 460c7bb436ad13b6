"""Run the tests beside a module against its mutants, each in a child of one warm process."""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

from benchmarks.mutants.making import Module, Mutant

ROOT = Path(__file__).parents[2]
# What is imported once, before all children. Not polars: a fork after it can hang.
WARM = (
    "pytest",
    "hypothesis",
    "hypothesis.extra.numpy",
    "scipy.special",
    "scipy.stats",
    "sklearn.metrics",
)
MEMORY = 8 << 30
NOT_IMPORTED = 77
SHORTEST_LIMIT = 20.0
PATIENCE = 5.0


class _Mutated(SourceFileLoader):
    """Load code that was compiled here in place of a file's."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        return self.code


class Finder(importlib.abc.MetaPathFinder):
    """Find one module, and remember whether it was asked for."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, str(path), code
        self.is_used = False

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        self.is_used = True
        loader = _Mutated(fullname, self.path, self.code)
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


@dataclass(frozen=True)
class Subject:
    """A module, the name it is imported by, and the tests that should see its faults."""

    name: str
    path: Path
    tests: tuple[Path, ...]
    root: Path = ROOT


@dataclass
class _Child:
    index: int
    ends: float


def warm(names: Sequence[str] = WARM) -> None:
    """Import what every child needs, and set how hypothesis goes about."""
    # children run side by side: one thread each, set before numpy is imported
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    for name in names:
        importlib.import_module(name)
    from hypothesis import Phase, settings

    # The same examples each time; a failing one need not be made small.
    settings.register_profile(
        "mutants",
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
    )


class TestsFail(Exception):
    """The tests of an unchanged module do not pass."""

    __test__ = False


def survivors(
    subject: Subject,
    module: Module,
    mutants: Sequence[Mutant],
    *,
    workers: int = 2,
    tell: Callable[[int, Mutant, str], None] = lambda *_: None,
) -> list[Mutant]:
    """Return the mutants that no test notices.

    A mutant whose tests take longer than five times as long as without it, and at least twenty
    seconds, hangs, and counts as noticed.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        start = time.perf_counter()
        (first,) = _outcomes(subject, [module.code()], 600.0, 1, scratch)
        if first[1] != 0:
            says = "never import it" if first[1] == NOT_IMPORTED else "fail without a change"
            said = Path(scratch, "0.txt").read_text("utf-8", errors="replace")[-2000:]
            raise TestsFail(f"{subject.name}: the tests beside it {says}\n{said}")
        limit = max(SHORTEST_LIMIT, PATIENCE * (time.perf_counter() - start))
        left = []
        # compiled one by one, as a tree holds one fault at a time
        codes = (module.code(mutant) for mutant in mutants)
        for index, code in _outcomes(subject, codes, limit, workers, scratch):
            tell(index, mutants[index], "survived" if code == 0 else "killed")
            if code == 0:
                left.append(index)
    return [mutants[index] for index in sorted(left)]


def _outcomes(
    subject: Subject,
    codes: Iterator[CodeType] | Sequence[CodeType],
    limit: float,
    workers: int,
    scratch: str,
) -> Iterator[tuple[int, int]]:
    """Yield position and exit status of each, in the order in which they end."""
    waiting = enumerate(codes)
    running: dict[int, _Child] = {}
    while True:
        while len(running) < workers and (given := next(waiting, None)) is not None:
            index, code = given
            pid = _start(subject, code, f"{scratch}/{index}")
            running[pid] = _Child(index, time.perf_counter() + limit)
        if not running:
            return
        for pid, child in list(running.items()):
            status = _ended(pid, child)
            if status is not None:
                del running[pid]
                yield child.index, status
        time.sleep(0.005)


def _ended(pid: int, child: _Child) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        _end_group(pid)
        return os.waitstatus_to_exitcode(status)
    if time.perf_counter() < child.ends:
        return None
    _end_group(pid)
    os.waitpid(pid, 0)
    return -1


def _end_group(pid: int) -> None:
    """End a child's group: what its tests started may outlive it."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _start(subject: Subject, code: CodeType, scratch: str) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = _run_tests(subject, code, scratch)
        except BaseException:  # noqa: BLE001 - a child must end here, whatever happened
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return pid


def _run_tests(subject: Subject, code: CodeType, scratch: str) -> int:
    """Run the tests in this child and return pytest's exit status."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    said = os.open(f"{scratch}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.chdir(subject.root)
    finder = Finder(subject.name, subject.path, code)
    sys.meta_path.insert(0, finder)
    import pytest

    options = ["-x", "-q", "--tb=no", "--no-header", "--no-summary", f"--basetemp={scratch}"]
    options += ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=mutants"]
    # hypothesis is imported before pytest could prepare it; it holds no assertions of tests
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    status = int(pytest.main([*options, *map(str, subject.tests)]))
    return status if status or finder.is_used else NOT_IMPORTED

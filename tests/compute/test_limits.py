"""Numerical libraries keep to one thread while jobs run, and get back what they had."""

import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np  # noqa: F401  brings an OpenBLAS
import pytest
import scipy.linalg  # noqa: F401  brings another
import sklearn.utils  # noqa: F401  brings OpenMP
import threadpoolctl

from rung.compute import call_held, limits, one_thread_each, run_jobs


class Library:
    """Stands for a library of which the process, or each thread, has a number of threads."""

    def __init__(self, name: str, *, is_shared: bool, number: int = 4) -> None:
        self.store: Any = type("Process", (), {})() if is_shared else threading.local()
        self.number = number
        self.pool = limits._Pool(name, is_shared, self.read, self.write)

    def read(self) -> int:
        return int(getattr(self.store, "number", self.number))

    def write(self, number: int) -> None:
        self.store.number = number


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[Library]:
    """Return the libraries that are found, one of each kind; a test may load more."""
    found = [Library("blas", is_shared=True), Library("openmp", is_shared=False)]
    monkeypatch.setattr(limits, "_pools", lambda _: tuple(each.pool for each in found))
    return found


@pytest.fixture
def two_threads() -> Iterator[None]:
    """Give every real library two threads, however many this machine has."""
    with threadpoolctl.threadpool_limits(2):
        yield


def counts() -> set[int]:
    return {library["num_threads"] for library in threadpoolctl.threadpool_info()}


def in_a_thread(work: Callable[[], Any]) -> Any:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.usefixtures("two_threads")
def test_libraries_have_one_thread_inside_and_as_many_as_before_after() -> None:
    assert counts() == {2}
    with one_thread_each():
        assert counts() == {1}
    assert counts() == {2}


@pytest.mark.usefixtures("two_threads")
def test_jobs_have_one_thread_whichever_worker_does_them() -> None:
    started = threading.Barrier(2)

    def job(number: int) -> set[int]:
        started.wait()
        return counts()

    assert run_jobs(job, [0, 1], threads=2) == [{1}, {1}]
    assert counts() == {2}


@pytest.mark.usefixtures("two_threads")
def test_a_thread_that_held_libraries_before_keeps_no_other_from_it() -> None:
    held, done = threading.Event(), threading.Event()

    def hold_and_stay() -> None:
        with one_thread_each():
            pass
        held.set()
        done.wait()

    other = threading.Thread(target=hold_and_stay)
    other.start()
    held.wait()
    try:
        with one_thread_each():
            assert counts() == {1}
        assert counts() == {2}
    finally:
        done.set()
        other.join()


def test_a_job_that_ends_leaves_those_at_work_held(loaded: list[Library]) -> None:
    blas, openmp = loaded
    entered, left = threading.Event(), threading.Event()

    def short() -> None:
        with one_thread_each():
            entered.set()
            left.wait()

    first = threading.Thread(target=short)
    first.start()
    entered.wait()
    with one_thread_each():
        left.set()
        first.join()
        assert (blas.read(), openmp.read()) == (1, 1)
    assert (blas.read(), openmp.read()) == (4, 4)


def test_what_is_held_twice_is_given_back_once(loaded: list[Library]) -> None:
    blas, openmp = loaded
    with one_thread_each():
        with one_thread_each():
            assert (blas.read(), openmp.read()) == (1, 1)
        assert (blas.read(), openmp.read()) == (1, 1)
    assert (blas.read(), openmp.read()) == (4, 4)


def test_a_failure_inside_gives_back_too(loaded: list[Library]) -> None:
    with pytest.raises(ValueError, match="inside"), one_thread_each():
        raise ValueError("inside")
    assert [library.read() for library in loaded] == [4, 4]


def test_a_library_that_came_since_is_held_until_the_outermost_ends(loaded: list[Library]) -> None:
    late = Library("late", is_shared=False, number=8)
    with one_thread_each():
        loaded.append(late)
        assert late.read() == 8
        with one_thread_each():
            assert late.read() == 1
        assert late.read() == 1
    assert late.read() == 8


def test_a_job_that_raised_the_number_does_not_raise_it_for_the_next(loaded: list[Library]) -> None:
    def job(number: int) -> list[int]:
        before = [library.read() for library in loaded]
        for library in loaded:
            library.write(3)
        return before

    assert run_jobs(job, range(3), threads=1) == [[1, 1]] * 3
    with one_thread_each():
        assert run_jobs(job, range(3), threads=1) == [[1, 1]] * 3
    assert [library.read() for library in loaded] == [4, 4]


def test_a_number_set_by_setting_another_comes_back(loaded: list[Library]) -> None:
    openmp = loaded[1]
    torch = limits._Pool("torch", is_shared=False, read=openmp.read, write=openmp.write)
    loaded.append(type("Torch", (), {"pool": torch, "read": openmp.read}))  # type: ignore[arg-type]
    with one_thread_each():
        assert openmp.read() == 1
    assert openmp.read() == 4


def test_work_that_loads_a_library_is_done_again_while_it_is_held(loaded: list[Library]) -> None:
    late = Library("late", is_shared=True)
    seen: list[int] = []

    def work() -> int:
        if late not in loaded:
            loaded.append(late)
        seen.append(late.read())
        return len(seen)

    assert call_held(work) == 2
    assert seen == [4, 1]
    assert call_held(work) == 3
    assert late.read() == 4


def test_torch_has_the_number_of_before_in_this_thread_and_in_new_ones() -> None:
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with one_thread_each():
            torch.set_num_threads(1)  # as networks do while they train
            assert (torch.get_num_threads(), in_a_thread(torch.get_num_threads)) == (1, 1)
            assert run_jobs(lambda _: torch.get_num_threads(), [0, 1], threads=2) == [1, 1]
        assert (torch.get_num_threads(), in_a_thread(torch.get_num_threads)) == (3, 3)
    finally:
        torch.set_num_threads(before)


def test_libraries_are_looked_for_once_and_again_when_a_module_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys

    with one_thread_each():
        pass
    looked: list[int] = []
    look = threadpoolctl.ThreadpoolController
    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", lambda: looked.append(1) or look())
    with one_thread_each():
        pass
    assert looked == []
    monkeypatch.setitem(sys.modules, "brings_a_library", ModuleType("brings_a_library"))
    with one_thread_each():
        pass
    assert looked == [1]

"""Hold every numerical library to one thread: two threads can change the bits of a sum."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from rung.typing import Untyped

T = TypeVar("T")


@dataclass(frozen=True)
class _Pool:
    """The threads of one library.

    Attributes
    ----------
    name : str
        Path of the library.
    is_shared : bool
        Whether the number is one of the whole process; of others each thread has its own.
    read, write : callable
        Return the number of threads; set it.
    """

    name: str
    is_shared: bool
    read: Callable[[], int]
    write: Callable[[int], object]


@dataclass
class _Hold:
    """Pools that are held, with the number that each had before the first holder came."""

    holders: int = 0
    before: dict[str, tuple[_Pool, int]] = field(default_factory=dict)

    def leave(self) -> None:
        """Give all back what they had if this was the last holder."""
        self.holders -= 1
        if not self.holders:
            for pool, number in self.before.values():
                pool.write(number)
            self.before.clear()


class _Own(threading.local):
    """What is held in this thread alone."""

    def __init__(self) -> None:
        self.hold = _Hold()


_SHARED, _OWN, _LOCK = _Hold(), _Own(), threading.Lock()


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Hold every library to one thread; the last that leaves gives back what was set before.

    It can be entered again inside, and by jobs that run side by side, which is how it is meant:
    a library that was loaded since is held from then on, and a library that counts its threads
    anew in every thread is held in each. What is loaded inside is not: load it before, or see
    `call_held`.

    Examples
    --------
    >>> from threadpoolctl import threadpool_info
    >>> with one_thread_each():
    ...     {library["num_threads"] for library in threadpool_info()}
    {1}
    """
    own = _OWN.hold
    with _LOCK:
        _enter(own)
    try:
        yield
    finally:
        with _LOCK:
            own.leave()
            _SHARED.leave()


def call_held(work: Callable[[], T]) -> T:
    """Call `work` with every library held to one thread; again if it loaded one, which was not.

    Parameters
    ----------
    work : callable
        Gives the same whenever it is called.
    """
    while True:
        known = _names()
        with one_thread_each():
            value = work()
        if _names() == known:
            return value


def _names() -> set[str]:
    return {pool.name for pool in _pools(len(sys.modules))}


def _enter(own: _Hold) -> None:
    # Read all before any is set, as one may set another: torch sets its library of OpenMP.
    found = [(pool, pool.read()) for pool in _pools(len(sys.modules))]
    own.holders += 1
    _SHARED.holders += 1
    for pool, number in found:
        hold = _SHARED if pool.is_shared else own
        hold.before.setdefault(pool.name, (pool, number))
        if number > 1:
            pool.write(1)


@lru_cache(maxsize=1)
def _pools(n_modules: int) -> tuple[_Pool, ...]:
    """Find the libraries that are loaded; again when a module more may have brought one along.

    To look for them takes one to twenty milliseconds, more than a prediction of one row.
    """
    from threadpoolctl import ThreadpoolController

    libraries = ThreadpoolController().lib_controllers
    found = tuple(_pool_of(one) for one in libraries if one.num_threads is not None)
    # Torch keeps a number of its own, which new threads begin with, and its MKL is out of sight.
    torch: Untyped = sys.modules.get("torch")
    if not hasattr(torch, "set_num_threads"):  # not there, or not whole yet
        return found
    return (*found, _Pool("torch", False, torch.get_num_threads, torch.set_num_threads))


def _pool_of(library: Untyped) -> _Pool:
    layer = getattr(library, "threading_layer", "")
    counts_by_thread = library.internal_api in {"openmp", "mkl"} or (
        library.internal_api == "openblas" and layer == "openmp"
    )

    def write(number: int) -> None:
        # Else the first thread that sets OpenBLAS keeps all others from it, without a word.
        release = getattr(library, "clear_controlling_thread", lambda force: None)
        release(force=True)
        library.set_num_threads(number)
        release(force=True)

    return _Pool(library.filepath, not counts_by_thread, library.get_num_threads, write)

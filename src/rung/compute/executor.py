"""Run jobs side by side, each on one thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any

from rung.compute.limits import one_thread_each


def default_threads() -> int:
    """Return the number of processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


def run_jobs(
    work: Callable[..., Any],
    jobs: Sequence[Any],
    *,
    threads: int,
    on_done: Callable[[], None] = lambda: None,
) -> list[Any]:
    """Call `work(job)` for every job, with every library held to one thread.

    Parameters
    ----------
    work : callable
        Takes one job. It must not depend on other jobs: they run in any order.
    jobs : sequence
        One argument each.
    threads : int
        Jobs at a time; 1 runs them in this thread.
    on_done : callable
        Called once after each job.

    Returns
    -------
    list
        Results in the order of the jobs. The first failure (in that order) is raised. An
        interrupt is raised at once: jobs at work come to their end unheard.

    Examples
    --------
    >>> run_jobs(abs, [-1, 2, -3], threads=2)
    [1, 2, 3]
    """

    def one(job: Any) -> Any:
        with one_thread_each():  # in the job: some libraries count anew in every thread
            value = work(job)
        on_done()
        return value

    if threads == 1 or len(jobs) < 2:
        return [one(job) for job in jobs]
    pool = ThreadPoolExecutor(max_workers=min(threads, len(jobs)))
    is_interrupted = False
    try:
        futures = [pool.submit(one, job) for job in jobs]
        wait(futures, return_when=FIRST_EXCEPTION)
        return [future.result() for future in futures]
    except KeyboardInterrupt:
        is_interrupted = True
        raise
    finally:
        pool.shutdown(wait=not is_interrupted, cancel_futures=True)

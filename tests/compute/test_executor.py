import threading

import pytest

from rung.compute.executor import one_thread_each, run_jobs


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_results_come_in_the_order_of_the_jobs(threads: int) -> None:
    assert run_jobs(lambda i: i * i, list(range(20)), threads=threads) == [i * i for i in range(20)]


@pytest.mark.parametrize("threads", [1, 4])
def test_a_failure_is_raised_not_lost(threads: int) -> None:
    def work(i: int) -> int:
        if i == 3:
            raise ValueError("job three")
        return i

    with pytest.raises(ValueError, match="job three"):
        run_jobs(work, list(range(8)), threads=threads)


def test_every_job_is_reported_once() -> None:
    done: list[int] = []
    lock = threading.Lock()

    def tell() -> None:
        with lock:
            done.append(1)

    run_jobs(abs, list(range(10)), threads=4, on_done=tell)
    assert len(done) == 10


def test_libraries_are_held_to_one_thread() -> None:
    import numpy as np  # noqa: F401  loads the library that is held
    from threadpoolctl import threadpool_info

    with one_thread_each():
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}


def test_libraries_that_come_later_are_held_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    import threadpoolctl

    with one_thread_each():
        pass
    looked: list[int] = []
    look = threadpoolctl.ThreadpoolController
    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", lambda: looked.append(1) or look())
    with one_thread_each():
        pass
    assert looked == []
    monkeypatch.setitem(sys.modules, "brings_a_library", types.ModuleType("brings_a_library"))
    with one_thread_each():
        pass
    assert looked == [1]

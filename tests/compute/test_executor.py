import threading

import pytest

from rung.compute.executor import run_jobs


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

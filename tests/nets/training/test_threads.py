"""How many threads torch works with while jobs run side by side."""

import threading

import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.training.threads import torch_threads


def test_what_was_set_comes_back_when_the_last_job_ends():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with torch_threads(1):
            with torch_threads(1):
                assert torch.get_num_threads() == 1
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_job_that_fails_lets_go():
    before = torch.get_num_threads()
    with pytest.raises(ValueError, match="no"), torch_threads(before + 1):
        raise ValueError("no")
    assert torch.get_num_threads() == before


def test_a_job_that_wants_another_number_waits():
    began, order = threading.Event(), []

    def other():
        began.set()
        with torch_threads(2):
            order.append(torch.get_num_threads())

    with torch_threads(1):
        waiting = threading.Thread(target=other)
        waiting.start()
        assert began.wait(10)
        waiting.join(0.05)
        assert waiting.is_alive()
        order.append(torch.get_num_threads())
    waiting.join(10)
    assert order == [1, 2]

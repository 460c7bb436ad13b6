"""Choose where networks are trained, and hold torch to what is repeatable there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from rung.errors import ResourceError

DEVICES = ("auto", "cpu", "cuda")


def choose_device(asked: str) -> torch.device:
    """Return the device asked for; `auto` takes an accelerator where there is one.

    Raises
    ------
    ResourceError
        If `cuda` is asked for and there is none.

    Examples
    --------
    >>> choose_device("cpu").type
    'cpu'
    """
    has_cuda = torch.cuda.is_available()
    if asked == "cuda" and not has_cuda:
        raise ResourceError(
            "device 'cuda' is asked for, and torch finds none here", "use --device cpu"
        )
    return torch.device("cuda" if has_cuda and asked != "cpu" else "cpu")


def cpu_capability() -> str:
    """Return the kernels that torch chose for this processor, such as `AVX2`."""
    return torch.backends.cpu.get_cpu_capability()


@contextmanager
def repeatable(device: torch.device) -> Iterator[None]:
    """Allow deterministic algorithms only, one thread, no reduced precision; then as before."""
    before = (
        torch.get_deterministic_debug_mode(),
        torch.get_num_threads(),
        torch.get_float32_matmul_precision(),
    )
    if device.type == "cuda":
        # The library of matrix products repeats itself only with a workspace of fixed size.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # The same as `use_deterministic_algorithms`, which would load torch's compiler for seconds.
    torch.set_deterministic_debug_mode("error")
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_deterministic_debug_mode(before[0])
        torch.set_num_threads(before[1])
        torch.set_float32_matmul_precision(before[2])

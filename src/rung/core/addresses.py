"""See how much memory a process may address, before a library ends it for want of some."""

from __future__ import annotations

import mmap


def address_limit() -> int | None:
    """Return how many bytes of addresses this process may have, None if that is not limited."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def can_take(n_bytes: int) -> bool:
    """Tell whether so many bytes of addresses can be had; none is written to, and all go back.

    Examples
    --------
    >>> can_take(0), can_take(1_000_000), can_take(2**60)
    (True, True, False)
    """
    try:
        mmap.mmap(-1, max(n_bytes, 1)).close()
    except (OSError, OverflowError, ValueError):
        return False
    return True


def ensure_room(n_bytes: int) -> None:
    """Raise MemoryError where the address space is limited and lacks so many bytes.

    Where it is not limited, only the attempt tells: a system may promise more than it has.
    """
    if address_limit() is not None and not can_take(n_bytes):
        raise MemoryError(f"{n_bytes} bytes cannot be had")

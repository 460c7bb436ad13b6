"""What cannot be addressed is known before a library ends the process."""

import subprocess
import sys

import pytest

from rung.core.addresses import address_limit, can_take, ensure_room

LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (300_000_000, resource.RLIM_INFINITY))
from rung.core.addresses import address_limit, can_take, ensure_room
assert address_limit() == 300_000_000
assert can_take(10_000_000) and not can_take(300_000_000)
ensure_room(10_000_000)
try:
    ensure_room(300_000_000)
except MemoryError as error:
    print(error)
"""


def test_where_addresses_are_limited_more_is_refused_at_once():
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True
    )
    assert done.stdout == "300000000 bytes cannot be had\n"


def test_where_they_are_not_nothing_is_refused_in_advance():
    if address_limit() is not None:
        pytest.skip("the tests themselves run in limited addresses")
    ensure_room(2**60)
    assert not can_take(2**60)

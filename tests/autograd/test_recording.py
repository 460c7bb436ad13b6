"""Know that a recording is under way, and when it has ended."""

from __future__ import annotations

import pytest

from rung.autograd.recording import recording, refuse_while_recording
from rung.errors import UsageError


def test_comparisons_are_refused_inside_the_block_only():
    refuse_while_recording("<")
    with recording(), pytest.raises(UsageError, match="compared Values with '<'"):
        refuse_while_recording("<")
    refuse_while_recording("<")


def test_an_error_inside_ends_the_recording():
    with pytest.raises(ValueError, match="inside"), recording():
        raise ValueError("inside")
    refuse_while_recording("<")

from __future__ import annotations

import time

import pytest

from rung.clock import stopwatch, utc


def test_times_of_one_name_add_up_and_names_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 1.5, 10.0, 12.0, 20.0, 20.25])
    monkeypatch.setattr("rung.clock.time.perf_counter", lambda: next(ticks))
    seconds: dict[str, float] = {}
    for name in ("fit", "fit", "read"):
        with stopwatch(seconds, name):
            pass
    assert seconds == {"fit": 3.5, "read": 0.25}


def test_time_is_noted_even_if_the_work_fails() -> None:
    seconds: dict[str, float] = {}

    def fail() -> None:
        with stopwatch(seconds, "fit"):
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert "fit" in seconds


def test_the_hour_is_that_of_greenwich(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time.gmtime(1_800_000_000)
    monkeypatch.setattr("rung.clock.time.gmtime", lambda: moment)
    assert utc() == "2027-01-15T08:00:00Z"

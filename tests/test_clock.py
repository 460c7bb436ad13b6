from __future__ import annotations

import pytest

from rung.clock import stopwatch


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

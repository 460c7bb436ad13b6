"""Draw tables whose rows are not independent: subjects, series, fields, grids."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.dependence.table import Table, standard, words

Rng = np.random.Generator
MARKS = ("name", "number", "code", "stem", "pair")


def draw(number: int) -> Table:
    """Draw the table of this number: forms come round in turn, everything else is random."""
    rng = np.random.default_rng([0xDE9, number])
    names = tuple(FORMS)
    name = names[number % len(names)]
    return FORMS[name](rng, name)


def _mix(
    rng: Rng, parts: np.ndarray, effect: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return features and a target of them, of what is shared, and of noise; classes at times."""
    X = {f"x{j}": column for j, column in enumerate(parts.T)}
    signal = parts[:, 0] * rng.uniform(0, 1) + np.sin(parts[:, 1]) + rng.uniform(0.3, 1.5) * effect
    y = standard(signal) + rng.uniform(0.1, 1) * rng.normal(size=len(parts))
    if rng.random() < 0.25:
        y = words(y > np.median(y), ["no", "yes"])
    return X, y


def _groups(rng: Rng, form: str, mark: str) -> Table:
    """Rows of subjects: features and target share what is the subject's own."""
    n_groups = int(rng.choice([5, 8, 12, 20, 40, 100]))
    n_rows = int(max(rng.choice([200, 600, 2_000]), 4 * n_groups))
    group = np.sort(rng.integers(0, n_groups, n_rows))
    if rng.random() < 0.5:
        group = rng.permutation(group)
    n_features = int(rng.integers(2, 9))
    own = rng.normal(size=(n_groups, n_features))[group] * rng.uniform(0.5, 2)
    X, y = _mix(rng, own + rng.normal(size=(n_rows, n_features)), rng.normal(size=n_groups)[group])
    names = _mark(rng, mark, group, n_rows)
    return Table(form, names | X | {"y": y}, "groups", group, tuple(names))


def _mark(rng: Rng, mark: str, group: np.ndarray, n_rows: int) -> dict[str, np.ndarray]:
    """Return the columns that say the group."""
    numbers = rng.permutation(int(group.max()) + 1) + int(rng.choice([1, 101]))
    if mark == "name":
        return {str(rng.choice(["subject", "PatientID", "plate", "station"])): numbers[group] * 1.0}
    if mark == "number":
        return {"c": numbers[group].astype(float)}
    if mark == "code":
        return {"c": words(group, [f"P{i:03d}" for i in numbers])}
    if mark == "stem":
        turn = rng.permutation(n_rows)
        return {
            "file": np.array(
                [f"S{numbers[g]:03d}_rec{i}" for g, i in zip(group, turn, strict=True)]
            )
        }
    sites = max(int(np.sqrt(group.max() + 1)) // 2, 2)
    return {
        "site": words(group % sites, [f"site {chr(65 + i)}" for i in range(sites)]),
        "subject": (group // sites + 1).astype(float),
    }


def _series(rng: Rng, form: str, clock: str) -> Table:
    """Rows in order of time: features and noise of the target remember."""
    n_rows = int(rng.choice([200, 600, 2_000, 5_000]))
    memory = rng.uniform(0.7, 0.98)
    parts = _remember(rng.normal(size=(n_rows, int(rng.integers(2, 7)) + 1)), memory)
    X, y = _mix(rng, parts[:, 1:], parts[:, 0])
    hours = np.arange(n_rows)
    own: dict[str, np.ndarray] = {}
    if clock == "date":
        own = {"date": np.datetime_as_string(np.datetime64("2021-03-01T00:00") + 60 * hours)}
    if clock == "hour":
        own = {"hour": hours % 24.0}
    if clock == "t":
        own = {"time": hours * 0.1}
    return Table(form, own | X | {"y": y}, "time", hours * 10 // n_rows)


def _remember(steps: np.ndarray, memory: float) -> np.ndarray:
    for i in range(1, len(steps)):
        steps[i] = memory * steps[i - 1] + np.sqrt(1 - memory**2) * steps[i]
    return steps


def _field(rng: Rng, points: np.ndarray, reach: float) -> np.ndarray:
    """Return a Gaussian field at points, by two hundred random waves."""
    waves = rng.normal(size=(points.shape[1], 200)) / reach
    return (
        np.sqrt(2 / 200) * np.cos(points @ waves + rng.uniform(0, 6.3, 200)) @ rng.normal(size=200)
    )


def _map(rng: Rng, form: str, names: tuple[str, str]) -> Table:
    """Rows of places, on a plane or on a sphere, anywhere or on a grid."""
    n_rows = int(rng.choice([300, 800, 2_000]))
    is_grid = "grid" in form
    if is_grid:
        side = int(np.sqrt(n_rows))
        u, v = (one.ravel() for one in np.meshgrid(np.arange(side) / side, np.arange(side) / side))
    else:
        u, v = rng.uniform(size=(2, n_rows))
    reach = rng.uniform(0.05, 0.3)
    points = np.stack([u, v], axis=1)
    parts = np.stack(
        [_field(rng, points, reach) for _ in range(int(rng.integers(2, 6)) + 1)], axis=1
    )
    X, y = _mix(rng, parts[:, 1:], parts[:, 0])
    low = rng.uniform(-40, 20, 2)
    width = rng.uniform(5, 40) if names[0] != "easting" else 1000.0
    own = {names[0]: low[0] + width * u, names[1]: low[1] + width * v}
    if is_grid:
        own = {names[0]: np.round(u * side), names[1]: np.round(v * side)}
    cell = (u * 5).astype(int) * 5 + (v * 5).astype(int)
    return Table(form, own | X | {"y": y}, "space", cell)


FORMS: dict[str, Callable[[Rng, str], Table]] = {
    "groups, a named number": lambda rng, form: _groups(rng, form, "name"),
    "groups, a nameless number": lambda rng, form: _groups(rng, form, "number"),
    "groups, a code": lambda rng, form: _groups(rng, form, "code"),
    "groups, the stem of an identifier": lambda rng, form: _groups(rng, form, "stem"),
    "groups, two columns": lambda rng, form: _groups(rng, form, "pair"),
    "series with dates": lambda rng, form: _series(rng, form, "date"),
    "series with hours of the day": lambda rng, form: _series(rng, form, "hour"),
    "series with a time": lambda rng, form: _series(rng, form, "t"),
    "series without a clock": lambda rng, form: _series(rng, form, ""),
    "places by longitude and latitude": lambda rng, form: _map(rng, form, ("lon", "lat")),
    "places by ra and dec": lambda rng, form: _map(rng, form, ("ra", "dec")),
    "places by easting and northing": lambda rng, form: _map(rng, form, ("easting", "northing")),
    "a grid with names": lambda rng, form: _map(rng, form, ("longitude", "latitude")),
    "a grid without names": lambda rng, form: _map(rng, form, ("a", "b")),
}

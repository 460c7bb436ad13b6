"""Find positions on a sphere or a plane, where near rows are alike."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote

import numpy as np

from rung.check import Check, Seen
from rung.check.maps import FEWEST_ROWS, Map, grids, named_maps
from rung.check.price import Price, Sheet, deal_units, make_sheet, measure, share, thin
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.findings import Finding, Severity
from rung.core.lag import Likeness
from rung.core.likeness import least_squares_residual, standard_ranks
from rung.core.variogram import nearest_likeness, variogram
from rung.typing import Array

MOST_LOOKED_AT = 4_000
CERTAIN, ALIKE = 4.5, 0.1
# Cells along the longer side of the map.
SIDES = (4, 6, 8, 12, 16)
FEWEST_CELLS = 8


@dataclass(frozen=True)
class MapEvidence:
    """What near rows show: likeness of residuals, how far it reaches, and its price."""

    place: Map
    likeness: Likeness
    reach: float
    n_cells: int
    price: Price

    @property
    def is_alike(self) -> bool:
        """Whether near rows are alike beyond doubt."""
        return self.likeness.z > CERTAIN and self.likeness.share > ALIKE

    @property
    def is_alarm(self) -> bool:
        """Whether random folds flatter by more than matters."""
        return self.is_alike and self.price.matters


def find_positions(problem: Problem, target: str, seed: int = 0) -> tuple[Finding, ...]:
    """Find columns of positions where near rows are alike, and the price of not respecting it.

    Parameters
    ----------
    problem : Problem
        Training rows.
    target : str
        Name of the target.
    seed : int
        Of samples and folds.

    Returns
    -------
    tuple of Finding
        Code `space`: at most one, the dearest.
    """
    design = problem.design
    assert isinstance(design, Dataset)
    if design.n_rows < FEWEST_ROWS:
        return ()
    maps = list(named_maps(design, target)) or list(grids(design, target))
    if not maps:
        return ()
    sheet = make_sheet(problem)
    found = [one for place in maps[:2] if (one := _look(place, sheet, seed)) is not None]
    alike = [one for one in found if one.is_alike]
    best = max(alike, key=lambda one: (one.is_alarm, one.price.difference), default=None)
    return () if best is None else (_finding(best, design),)


def _look(place: Map, sheet: Sheet, seed: int) -> MapEvidence | None:
    rng = np.random.default_rng([0x5ACE, seed])
    chosen = np.sort(rng.permutation(len(place.rows))[:MOST_LOOKED_AT])
    rows, points = place.rows[chosen], place.points[chosen]
    own = sheet.without(place.columns)
    ranks = standard_ranks(own.X)[rows]
    residuals = [least_squares_residual(y, ranks) for y in sheet.y[rows].T]
    residuals.extend(sheet.y[rows].T)
    likeness = [nearest_likeness(points, one) for one in residuals]
    most = int(np.argmax([one.z for one in likeness]))
    if likeness[most].z <= CERTAIN:
        return None
    reach = variogram(points, residuals[most], seed).reach
    cell = cells_of(place.points, reach)
    if len(np.unique(cell)) < FEWEST_CELLS:
        return None
    kept = thin(cell, seed)
    unit = cell[kept]
    price = measure(
        sheet.take(place.rows[kept]), lambda again: deal_units(unit, again), unit, seed=seed
    )
    return MapEvidence(place, likeness[most], reach, len(np.unique(cell)), price)


def cells_of(points: Array, reach: float) -> Array:
    """Divide a map into square cells at least as wide as likeness reaches, if the map allows.

    Parameters
    ----------
    points : ndarray, shape (n_rows, n_dimensions)
        Positions.
    reach : float
        Range of the variogram.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        Cell of each row. On a sphere cells are cubes that it is cut by.

    Examples
    --------
    >>> points = np.random.default_rng(0).uniform(size=(500, 2))
    >>> [len(np.unique(cells_of(points, reach))) for reach in (0.1, 0.9)]
    [64, 16]
    """
    low = points.min(axis=0)
    longest = float((points.max(axis=0) - low).max()) or 1.0
    fitting = [side for side in SIDES if longest / side >= reach]
    size = longest / (fitting[-1] if fitting else SIDES[0])
    place = np.floor((points - low) / size * (1 - 1e-9)).astype(np.int64)
    return np.asarray(np.unique(place, axis=0, return_inverse=True)[1].ravel())


def _finding(best: MapEvidence, design: Dataset) -> Finding:
    first, second = best.place.columns
    what = "a sphere" if best.place.is_sphere else "a plane"
    message = (
        f"columns {first!r} and {second!r} are positions on {what}, and near rows are alike: the "
        f"target, or what a line leaves of it, correlates by {share(best.likeness.share)} with the nearest "
        f"rows'{_reach(best)}; on {best.n_cells} blocks {best.price.weigh()}"
    )
    severity: Severity = "info" if best.price.is_nothing else "warning"
    if best.is_alarm:
        severity = "alarm"
    remedy = f"if new rows will be of other places, use --space {quote(f'{first},{second}')}"
    return Finding("space", severity, best.place.columns, message, remedy)


def _reach(best: MapEvidence) -> str:
    if best.reach <= 0:
        return ""
    if best.place.is_sphere:
        return f", out to {np.degrees(2 * np.arcsin(min(best.reach / 2, 1.0))):.2g}°"
    return f", out to {share(best.reach)} of the longer side"


def _find(seen: Seen) -> tuple[Finding, ...]:
    if seen.problem is None:
        return ()
    return find_positions(seen.problem, seen.target, seen.seed)


CHECK = Check(
    code="space",
    title="positions where near rows are alike",
    severity="alarm",
    source="Ploton et al. (2020), Nature Communications 11; Meyer & Pebesma (2021), MEE 12",
    remedy="hold out whole blocks with --space LON,LAT",
    look=_find,
    needs_target=True,
)

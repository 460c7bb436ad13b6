"""The rule of the verdict written a second time, in loops over pairs."""

import functools
import math

import numpy as np
from scipy import stats

from rung.core.cutting import LARGEST_VALUES
from rung.core.losses import FLOOR

NORMAL = np.random.default_rng(99).normal(size=(10_000, 3))


@functools.cache
def independent_scale(freedom):
    return np.sqrt(np.random.default_rng(98).chisquare(freedom, size=10_000) / freedom)


def independent_quantile(correlation, freedom):
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0))
    largest = (NORMAL[:, : len(root)] @ root.T).max(axis=1)
    return float(np.quantile(largest / independent_scale(freedom), 0.95))


def independent_margin(means, rival):
    constant = means["constant"]
    gain, own = constant - means[rival], means[rival]
    usual = min(max(0.05 * gain, 0.01 * constant), 0.10 * own)
    if usual <= FLOOR * constant:
        return FLOOR * constant, {"constant": FLOOR}
    if usual == 0.10 * own:
        return usual, {rival: 0.10}
    if 0.05 * gain >= 0.01 * constant:
        return usual, {"constant": 0.05, rival: -0.05}
    return usual, {"constant": 0.01}


def independent_contrast(rows, means, family, rival):
    margin = independent_margin(means, rival)[1]
    return rows[family] - rows[rival] - sum(share * rows[name] for name, share in margin.items())


def independent_cut(values, n_rivals):
    """Return mean, error and tail bound of what shows that the mean of values is above zero."""
    m, bound, tail = len(values), math.inf, 0.0
    if m >= 30:
        median = np.median(values)
        away = abs(values - median)
        if away.max() > 0:
            bound = median + 1.4826 * math.sqrt(m) * np.median(away[away > 0])
    risk = 0.002 / n_rivals / 2
    kept = np.minimum(values, bound)
    error = kept.std(ddof=1) / math.sqrt(m) * 1.5
    for k in LARGEST_VALUES if bound < math.inf else ():
        share = stats.beta.ppf(risk / len(LARGEST_VALUES), k, m - k + 1)
        tail = max(tail, share * (np.sort(values)[-k] - bound))
    lower = kept.mean() + tail - stats.t.ppf(1 - risk, m - 1) * error
    return kept, error, lower if tail > 0 else -math.inf


def independent_verdict(rows, means, family):
    """Return the verdict, or None within the Monte Carlo error of the quantile."""
    rivals = [name for name in rows if name != family]
    values = {rival: independent_contrast(rows, means, family, rival) for rival in rivals}
    cut = {rival: independent_cut(values[rival], len(rivals)) for rival in rivals}
    kept = np.array([cut[rival][0] for rival in rivals])
    m = kept.shape[1]
    critical = independent_quantile(np.atleast_2d(np.corrcoef(kept)), m - 1)
    largest = max(cut[rival][0].mean() / cut[rival][1] for rival in rivals)
    if any(cut[rival][2] > 0 for rival in rivals):
        return "worse"
    if abs(largest - critical) < 0.08 * critical:
        return None
    if largest > critical:
        return "worse"
    t = stats.t.ppf(0.95, m - 1)
    for rival in rivals:
        below, error, tail = independent_cut(-values[rival], len(rivals))
        if max(below.mean() - t * error, tail) < 0:
            return "undecided"
    return "as good"

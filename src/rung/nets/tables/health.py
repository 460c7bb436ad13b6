"""Measure whether the units of a trained network live, and how large its steps are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rung.nets.tables.forward import hidden_layers
from rung.typing import Array, Settings

ROWS_LOOKED_AT = 1_024


def measure_health(parameters: Mapping[str, Array], inputs: Array) -> Settings:
    """Return how the units of each hidden layer behave on training rows.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        Of one network.
    inputs : ndarray, shape (n_rows, n_inputs)
        Training rows; the first ones are looked at.

    Returns
    -------
    dict
        One number a layer: `dead_units`, the share that is never on; `saturated_units`, the
        share that is always on, and so is a plain line; `unit_size`, the root of the mean square.
    """
    some = inputs[:ROWS_LOOKED_AT].astype(np.float64)
    with np.errstate(all="ignore"):  # a training may have broken
        layers = hidden_layers(parameters, some)
        on = [np.mean(each > 0.0, axis=1) for each in layers]
        return {
            "dead_units": [_rounded(np.mean(share == 0.0)) for share in on],
            "saturated_units": [_rounded(np.mean(share == 1.0)) for share in on],
            "unit_size": [_rounded(np.sqrt(np.mean(np.square(each)))) for each in layers],
        }


def _rounded(value: np.floating) -> float:
    return float(f"{float(value):.4g}")

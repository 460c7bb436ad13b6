"""Choose what trains a table's networks: numpy on the processor, torch on an accelerator.

Both take the same steps. On the processor numpy takes two thirds of the time for matrices of this
size, and to load torch takes longer than a small table's networks train.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias

from rung.nets.tables.budget import MANY
from rung.nets.tables.plans import TrainingPlan
from rung.nets.tables.shapes import NetworkShape
from rung.nets.tables.single import NetworkRows, SingleNetwork

if TYPE_CHECKING:
    import torch

    from rung.nets.tables.population import Population, PopulationRows

TrainingDevice: TypeAlias = "torch.device | None"


def training_device(asked: str, n_rows: int) -> TrainingDevice:
    """Return the accelerator that is to train, or None for numpy on the processor.

    Parameters
    ----------
    asked : str
        `auto`, `cpu` or `cuda`.
    n_rows : int
        Training rows. For few, `auto` does not look for an accelerator, which takes longer than
        to train.

    Examples
    --------
    >>> training_device("cpu", 20_000) is None, training_device("auto", 150) is None
    (True, True)
    """
    is_needed = asked != "cpu" and (asked != "auto" or n_rows >= MANY)
    if not is_needed or find_spec("torch") is None:
        return None
    from rung.nets.training.devices import choose_device

    device = choose_device(asked)
    return None if device.type == "cpu" else device


def begin(
    shape: NetworkShape, plan: TrainingPlan, lesson: NetworkRows | PopulationRows
) -> SingleNetwork | Population:
    """Return a network that is to be trained."""
    if isinstance(lesson, NetworkRows):
        return SingleNetwork(shape, [plan], lesson)
    from rung.nets.tables.population import Population

    return Population(shape, [plan], lesson)

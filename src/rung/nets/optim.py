"""Step every parameter of a population, each model at its own rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

BETAS = (0.9, 0.999)
EPSILON = 1e-8


@dataclass(frozen=True)
class Pace:
    """State how one model steps now.

    Attributes
    ----------
    learning_rate, weight_decay : float
        Size of the step; share of the weights taken off, in units of the learning rate.
    step : int
        Steps done before this one.
    """

    learning_rate: float
    weight_decay: float
    step: int


class AdamW:
    """Hold the running means of slopes and of their squares.

    Parameters
    ----------
    values, slopes : Tensor, shape (n_models, n_numbers)
        What is stepped, and where its derivatives are written; a row a model.
    n_decaying : int
        So many numbers of each row are weights; shifts, scales and biases do not decay.

    Source
    ------
    Kingma & Ba (2015), ICLR; Loshchilov & Hutter (2019), Decoupled weight decay, ICLR.
    """

    def __init__(self, values: Tensor, slopes: Tensor, n_decaying: int) -> None:
        self.n_decaying = n_decaying
        self._bind(values, slopes, torch.zeros_like(values), torch.zeros_like(values))

    def _bind(self, values: Tensor, slopes: Tensor, first: Tensor, second: Tensor) -> None:
        self.values, self.slopes, self.first, self.second = values, slopes, first, second
        kinds = (slice(self.n_decaying), slice(self.n_decaying, None))
        # Views are made once: making them costs as much as a step of a small network.
        self._rows = [
            [[each[model, kind] for each in (values, slopes, first, second)] for kind in kinds]
            for model in range(len(values))
        ]

    def step(self, paces: Sequence[Pace]) -> None:
        """Step all models, those of the same pace in one call.

        Parameters
        ----------
        paces : sequence of Pace
            One a model.
        """
        together: dict[Pace, list[int]] = {}
        for model, pace in enumerate(paces):
            together.setdefault(pace, []).append(model)
        steps = {
            step: self.values.new_full((), step + 1.0, dtype=torch.float32)
            for step in {pace.step for pace in paces}
        }
        for pace, models in together.items():
            for kind, decay in enumerate((pace.weight_decay, 0.0)):
                rows = [self._rows[model][kind] for model in models]
                values, slopes, first, second = zip(*rows, strict=True)
                torch._fused_adamw_(
                    values,
                    slopes,
                    first,
                    second,
                    [],
                    [steps[pace.step]] * len(models),
                    lr=pace.learning_rate,
                    beta1=BETAS[0],
                    beta2=BETAS[1],
                    weight_decay=decay,
                    eps=EPSILON,
                    amsgrad=False,
                    maximize=False,
                )

    def step_sizes(self, paces: Sequence[Pace]) -> list[float]:
        """Return the length of the last step of each model's weights by their length.

        Steps along the running means alone: what decays is not counted.
        """
        shares = [
            (pace.learning_rate, *(1.0 - beta ** max(pace.step, 1) for beta in BETAS))
            for pace in paces
        ]
        rate, first, second = self.values.new_tensor(shares).T
        weights = slice(self.n_decaying)
        root = (self.second[:, weights] / second.unsqueeze(1)).sqrt() + EPSILON
        step = self.first[:, weights] / first.unsqueeze(1) / root
        moved, length = (
            torch.linalg.vector_norm(each, dim=1) for each in (step, self.values[:, weights])
        )
        sizes: list[float] = (rate * moved / length.clamp_min(EPSILON)).tolist()
        return sizes

    def keep(self, chosen: Tensor, values: Tensor, slopes: Tensor) -> None:
        """Go on with these models only, whose values and slopes lie here from now on."""
        self._bind(values, slopes, self.first[chosen], self.second[chosen])


def clip(slopes: Tensor, longest: float) -> None:
    """Shorten, in place, the slope of each model that is longer than this.

    Parameters
    ----------
    slopes : Tensor, shape (n_models, n_numbers)
        A row a model.
    longest : float
        Length from which on it is shortened.

    Source
    ------
    Pascanu, Mikolov & Bengio (2013), ICML.
    """
    length = torch.linalg.vector_norm(slopes, dim=1, keepdim=True)
    if bool((length > longest).any()):
        slopes.mul_((longest / length.clamp_min(1e-12)).clamp_max(1.0))

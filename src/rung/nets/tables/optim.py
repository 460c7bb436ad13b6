"""Step every parameter of a population, each model at its own rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rung.nets.tables.flat import FlatLayout
from rung.nets.training.orthogonal import orthogonalise

BETAS = (0.9, 0.999)
EPSILON = 1e-8
MOMENTUM = 0.95
# Root of the mean square of a step in units of the rate, about what AdamW's steps have.
SIZE = 0.2


@dataclass(frozen=True)
class StepPace:
    """State how one model steps now.

    Attributes
    ----------
    learning_rate, weight_decay : float
        Size of the step; share of the weights taken off, in units of the learning rate.
    step : int
        Steps done before this one.
    orthogonal : int
        Iterations of Muon by which the matrices between layers are stepped; 0 for AdamW.
    """

    learning_rate: float
    weight_decay: float
    step: int
    orthogonal: int = 0


class Optimiser:
    """Step by AdamW, or by Muon between layers and by AdamW elsewhere.

    Parameters
    ----------
    values, slopes : Tensor, shape (n_models, n_numbers)
        What is stepped, and where its derivatives are written; a row a model.
    layout : FlatLayout
        What lies where. Weights decay; shifts, scales and biases do not.

    Source
    ------
    Kingma & Ba (2015), ICLR; Loshchilov & Hutter (2019), Decoupled weight decay, ICLR; Jordan et
    al. (2024), Muon; Liu et al. (2025), Muon is scalable for LLM training, arXiv:2502.16982: steps
    of the size that AdamW's have.
    """

    def __init__(self, values: Tensor, slopes: Tensor, layout: FlatLayout) -> None:
        self.layout = layout
        self._bind(values, slopes, torch.zeros_like(values), torch.zeros_like(values))

    def _bind(self, values: Tensor, slopes: Tensor, first: Tensor, second: Tensor) -> None:
        self.values, self.slopes, self.first, self.second = values, slopes, first, second
        weights, matrices = self.layout.n_decaying, self.layout.n_matrices
        kinds = (slice(weights), slice(matrices, weights), slice(weights, None))
        # Views are made once: making them costs as much as a step of a small network.
        self._rows = [
            [[each[model, kind] for each in (values, slopes, first, second)] for kind in kinds]
            for model in range(len(values))
        ]

    def step(self, paces: Sequence[StepPace]) -> None:
        """Step all models, those of the same pace in one call.

        Parameters
        ----------
        paces : sequence of StepPace
            One a model.
        """
        for n_iterations in {pace.orthogonal for pace in paces} - {0}:
            turned = [m for m, pace in enumerate(paces) if pace.orthogonal == n_iterations]
            self._turn(turned, [paces[model] for model in turned])
        together: dict[StepPace, list[int]] = {}
        for model, pace in enumerate(paces):
            together.setdefault(pace, []).append(model)
        steps = {
            step: self.values.new_full((), step + 1.0, dtype=torch.float32)
            for step in {pace.step for pace in paces}
        }
        for pace, models in together.items():
            weights = 1 if pace.orthogonal else 0
            for kind, decay in ((weights, pace.weight_decay), (2, 0.0)):
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

    def _turn(self, models: Sequence[int], paces: Sequence[StepPace]) -> None:
        """Step the matrices of models, all by as many iterations, towards the nearest orthogonal."""
        # All of them, as is usual, are stepped where they lie; some are taken out and put back.
        is_all = len(models) == len(self.values)
        chosen = slice(None) if is_all else torch.tensor(models, device=self.values.device)
        rate = self.values.new_tensor([pace.learning_rate for pace in paces]).view(-1, 1, 1)
        kept = 1.0 - rate * rate.new_tensor([pace.weight_decay for pace in paces]).view(-1, 1, 1)
        for place, shape in self.layout.matrices:
            slope, mean, value = (
                each[chosen, place].view(-1, *shape)
                for each in (self.slopes, self.first, self.values)
            )
            mean.lerp_(slope, 1.0 - MOMENTUM)
            ahead = slope.lerp_(mean, MOMENTUM)
            is_tall = shape[0] > shape[1]
            direction = orthogonalise(ahead.mT if is_tall else ahead, paces[0].orthogonal)
            direction = direction.mT if is_tall else direction
            value.mul_(kept).sub_(direction * (rate * SIZE * max(shape) ** 0.5))
            if not is_all:
                self.first[chosen, place] = mean.flatten(1)
                self.values[chosen, place] = value.flatten(1)

    def step_sizes(self, paces: Sequence[StepPace]) -> list[float]:
        """Return the length of the last step of each model's weights by their length.

        Steps along the running means alone: what decays is not counted.
        """
        shares = [
            (pace.learning_rate, *(1.0 - beta ** max(pace.step, 1) for beta in BETAS))
            for pace in paces
        ]
        rate, first, second = self.values.new_tensor(shares).T
        weights = slice(self.layout.n_decaying)
        root = (self.second[:, weights] / second.unsqueeze(1)).sqrt() + EPSILON
        step = self.first[:, weights] / first.unsqueeze(1) / root
        turned = torch.tensor([pace.orthogonal > 0 for pace in paces], device=step.device)
        step[turned, : self.layout.n_matrices] = SIZE
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

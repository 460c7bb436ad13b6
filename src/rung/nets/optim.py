"""Step every parameter of a population, each model at its own rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor

from rung.nets.layers import Parameters

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


@dataclass
class AdamW:
    """Hold the running means of gradients and of their squares, a plain dictionary of tensors.

    Shifts, scales and biases do not decay.

    Source
    ------
    Kingma & Ba (2015), ICLR; Loshchilov & Hutter (2019), Decoupled weight decay, ICLR.
    """

    first: Parameters
    second: Parameters

    @classmethod
    def start(cls, parameters: Mapping[str, Tensor]) -> AdamW:
        """Begin at zero."""
        return cls(
            {name: torch.zeros_like(each) for name, each in parameters.items()},
            {name: torch.zeros_like(each) for name, each in parameters.items()},
        )

    def step(
        self, parameters: Parameters, gradients: Mapping[str, Tensor], paces: Sequence[Pace]
    ) -> None:
        """Step all models; neighbours with the same pace in one call.

        Parameters
        ----------
        parameters, gradients : dict of str to Tensor
            Each with the leading axis of models.
        paces : sequence of Pace
            One a model.
        """
        start = 0
        for pace, group in groupby(paces):
            stop = start + sum(1 for _ in group)
            for decays in (True, False):
                names = [name for name in parameters if name.endswith("weight") == decays]
                self._step_slice(names, (parameters, gradients), slice(start, stop), pace)
            start = stop

    def _step_slice(
        self,
        names: Sequence[str],
        values: tuple[Parameters, Mapping[str, Tensor]],
        models: slice,
        pace: Pace,
    ) -> None:
        parameters, gradients = values
        some = parameters[names[0]]
        step = torch.full((), float(pace.step), device=some.device)
        torch._fused_adamw_(
            [parameters[name][models] for name in names],
            [gradients[name][models] for name in names],
            [self.first[name][models] for name in names],
            [self.second[name][models] for name in names],
            [],
            [step + 1.0 for _ in names],
            lr=pace.learning_rate,
            beta1=BETAS[0],
            beta2=BETAS[1],
            weight_decay=pace.weight_decay if names[0].endswith("weight") else 0.0,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )

    def step_sizes(self, parameters: Mapping[str, Tensor], paces: Sequence[Pace]) -> list[float]:
        """Return the length of the last step of each model by the length of its weights.

        Steps along the running means alone: what decays is not counted.
        """
        names = [name for name in parameters if name.endswith("weight")]
        some = parameters[names[0]]
        shares = [
            (pace.learning_rate, *(1.0 - beta ** max(pace.step, 1) for beta in BETAS))
            for pace in paces
        ]
        rate, first, second = some.new_tensor(shares).T
        moved, length = torch.zeros_like(rate), torch.zeros_like(rate)
        for name in names:
            shape = (-1, *[1] * (parameters[name].dim() - 1))
            root = (self.second[name] / second.view(shape)).sqrt() + EPSILON
            moved += (self.first[name] / first.view(shape) / root).square().flatten(1).sum(1)
            length += parameters[name].detach().square().flatten(1).sum(1)
        sizes: list[float] = (rate * (moved / length.clamp_min(EPSILON)).sqrt()).tolist()
        return sizes

    def keep(self, chosen: Tensor) -> None:
        """Go on with these models only."""
        for held in (self.first, self.second):
            for name in held:
                held[name] = held[name][chosen].contiguous()


def clip(gradients: Mapping[str, Tensor], longest: float) -> None:
    """Shorten, in place, the gradient of each model that is longer than this.

    Source
    ------
    Pascanu, Mikolov & Bengio (2013), ICML.
    """
    squares = [torch.linalg.vector_norm(each.flatten(1), dim=1) for each in gradients.values()]
    length = torch.linalg.vector_norm(torch.stack(squares), dim=0)
    factor = (longest / length.clamp_min(1e-12)).clamp_max(1.0)
    for each in gradients.values():
        each.mul_(factor.view(-1, *[1] * (each.dim() - 1)))

"""Put neurons together from Values: neuron, layer, network.

The names are those of micrograd (A. Karpathy, 2020), so that what was written for it runs here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from rung.autograd.value import Operand, Value
from rung.errors import UsageError


class Module:
    """Know the numbers that training changes."""

    def parameters(self) -> list[Value]:
        """Return every Value that training changes."""
        return []

    def zero_grad(self) -> None:
        """Forget the derivatives of the last step."""
        for parameter in self.parameters():
            parameter.grad = 0.0


class Neuron(Module):
    """Weigh the inputs, add a bias, and cut off below zero.

    Parameters
    ----------
    nin : int
        Number of inputs.
    nonlin : bool
        Whether to cut off below zero.
    generator : random.Random, optional
        Where the weights come from; without it the stream that `random.seed` starts.

    Examples
    --------
    >>> neuron = Neuron(2, generator=random.Random(0))
    >>> round(neuron([1.0, -1.0]).data, 4)
    0.1729
    """

    def __init__(
        self, nin: int, nonlin: bool = True, *, generator: random.Random | None = None
    ) -> None:
        draw = random.uniform if generator is None else generator.uniform
        self.w = [Value(draw(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin

    def __call__(self, x: Sequence[Operand]) -> Value:
        if len(x) != len(self.w):
            raise UsageError(
                f"a neuron received {len(x)} inputs; accepted: {len(self.w)}, one a weight",
                "make nin the number of inputs",
            )
        total = self.b
        for weight, one in zip(self.w, x, strict=True):
            total = total + weight * one
        return total.relu() if self.nonlin else total

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """Give the same inputs to several neurons."""

    def __init__(
        self,
        nin: int,
        nout: int,
        *,
        nonlin: bool = True,
        generator: random.Random | None = None,
    ) -> None:
        self.neurons = [Neuron(nin, nonlin, generator=generator) for _ in range(nout)]

    def __call__(self, x: Sequence[Operand]) -> Value | list[Value]:
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        return [one for neuron in self.neurons for one in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """Stack layers: each takes what the one before gives; the last one is not cut off.

    Parameters
    ----------
    nin : int
        Number of inputs.
    nouts : sequence of int
        Number of neurons in each layer.
    generator : random.Random, optional
        Where the weights come from; without it the stream that `random.seed` starts.

    Examples
    --------
    >>> model = MLP(2, [4, 1], generator=random.Random(0))
    >>> len(model.parameters()), round(model([1.0, 2.0]).data, 4)
    (17, -0.0805)
    """

    def __init__(
        self, nin: int, nouts: Sequence[int], *, generator: random.Random | None = None
    ) -> None:
        sizes = [nin, *nouts]
        last = len(nouts) - 1
        self.layers = [
            Layer(sizes[i], sizes[i + 1], nonlin=i != last, generator=generator)
            for i in range(len(nouts))
        ]

    def __call__(self, x: Sequence[Operand]) -> Value | list[Value]:
        for layer in self.layers[:-1]:
            out = layer(x)
            x = out if isinstance(out, list) else [out]
        return self.layers[-1](x)

    def parameters(self) -> list[Value]:
        return [one for layer in self.layers for one in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"

"""Make a module anew, and refuse one that is not new: then each fold would train what others did."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from rung.errors import UsageError

MAKE_ALL = (
    "make all of it inside make_module, drawing by torch alone; copy.deepcopy a part that was "
    "trained on other data"
)
# Rows that a new module is tried on, at most, and how much of them it explains by chance.
MOST_TRIED, MOST_EXPLAINED = 2_000, 0.5


def make_fresh(make: Callable[[], nn.Module], seed: int) -> tuple[nn.Module, nn.Module]:
    """Return two modules from the same random numbers; torch goes on as after the first.

    Raises
    ------
    UsageError
        If they share a part, or do not begin alike: then it is not made anew at each call.

    Examples
    --------
    >>> one, other = make_fresh(lambda: nn.Linear(2, 1), seed=0)
    >>> bool((one.weight == other.weight).all())
    True
    """
    torch.default_generator.manual_seed(seed)
    module = _made(make)
    state = torch.get_rng_state()
    torch.default_generator.manual_seed(seed)
    other = _made(make)
    torch.set_rng_state(state)
    shared = _places(module) & _places(other)
    if module is other or shared:
        what = "the same module" if module is other else f"{len(shared)} of the same tensors"
        raise UsageError(
            f"make_module gave {what} at two calls, so that folds would go on training what others "
            "have trained; a new module is wanted each time",
            MAKE_ALL,
        )
    if not _are_alike(module, other):
        raise UsageError(
            "make_module gave other weights at two calls with the same seed; a module that was "
            "trained before, or draws by something other than torch, is no new one",
            MAKE_ALL,
        )
    return module, other


def refuse_trained(make: Callable[[], nn.Module], module: nn.Module, seed: int) -> None:
    """Stop if a module that knows its target begins with the same weights whatever the seed.

    Raises
    ------
    UsageError
        Then it was made elsewhere, and trained there.
    """
    state = torch.get_rng_state()
    torch.default_generator.manual_seed(seed ^ 1)
    other = _made(make)
    torch.set_rng_state(state)
    if _are_alike(module, other):
        raise UsageError(
            "make_module gave a module that was trained before: it begins with the same weights "
            f"whatever the seed, and without a step explains more than {MOST_EXPLAINED:.0%} of the "
            "training rows",
            "let it begin with new weights: what it has seen of these rows makes its score too good",
        )


def explains_much(outputs: Tensor, target: Tensor, weight: Tensor) -> bool:
    """Tell whether what a new module gives explains much of the target.

    Parameters
    ----------
    outputs : Tensor, shape (n_rows, n_outputs)
        What the module gives as it was made.
    target, weight : Tensor, shape (n_rows,)
        Values or class numbers; weights of rows.

    Examples
    --------
    >>> explains_much(torch.zeros(40, 1), torch.arange(40.0), torch.ones(40))
    False
    """
    weight = weight.double() / weight.double().sum()
    if target.is_floating_point():
        loss = (weight * (outputs[:, 0].double() - target) ** 2).sum()
        plain = (weight * (target - (weight * target).sum()) ** 2).sum()
    else:
        rows = nn.functional.cross_entropy(outputs.double(), target, reduction="none")
        shares = torch.bincount(target, weights=weight)
        loss, plain = (weight * rows).sum(), -torch.special.xlogy(shares, shares).sum()
    return float(loss) < (1.0 - MOST_EXPLAINED) * float(plain)


def _made(make: Callable[[], nn.Module]) -> nn.Module:
    module = make()
    if not isinstance(module, nn.Module):
        raise UsageError(
            f"make_module gave {type(module).__name__}, which is no torch.nn.Module",
            "let it return one",
        )
    return module


def _tensors(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Yield parameters and buffers; those whose shape the first row will tell are left out."""
    for name, each in (*module.named_parameters(), *module.named_buffers()):
        if not is_lazy(each):
            yield name, each.detach()


def _places(module: nn.Module) -> set[int]:
    """Return where in memory its numbers lie."""
    return {each.untyped_storage().data_ptr() for _, each in _tensors(module) if each.numel()}


def _are_alike(module: nn.Module, other: nn.Module) -> bool:
    ours, theirs = dict(_tensors(module)), dict(_tensors(other))
    return ours.keys() == theirs.keys() and all(
        each.shape == theirs[name].shape and torch.equal(each, theirs[name])
        for name, each in ours.items()
    )

"""Count the floating-point operations and the bytes of what torch runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten
from torch.utils.flop_counter import flop_registry

# Kernels that read only the rows they are asked for.
GATHERING = ("embedding", "index", "gather", "index_select")
FORMULA = "_scaled_dot_product_flash_attention"
ATTENTION = f"{FORMULA}_for_cpu"


class CostMode(TorchDispatchMode):
    """Add up what every kernel costs while this context is entered.

    FLOPs are two for each multiply-add of matrix products, convolutions, attention and recurrent
    layers, by torch's own formulas; nothing else is counted. Bytes are those that a kernel reads
    and writes; views move none.

    Examples
    --------
    >>> with CostMode() as cost:
    ...     _ = torch.ones(2, 3) @ torch.ones(3, 4)
    >>> cost.flops
    48
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.flops = 0
        self.bytes = 0

    @property
    def total(self) -> tuple[int, int]:
        """FLOPs and bytes so far."""
        return self.flops, self.bytes

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = dict(kwargs or {})
        result = func(*args, **given)
        name = func.overloadpacket.__name__
        self.flops += _flops(func.overloadpacket, name, args, given, result)
        self.bytes += _bytes(name, _tensors((args, given)), _tensors(result))
        return result


def _flops(
    packet: Any, name: str, args: tuple[Any, ...], given: Mapping[str, Any], result: Any
) -> int:
    if name == ATTENTION:  # the formula asks for the query, key and value alone
        packet, args, given = getattr(torch.ops.aten, FORMULA), args[:3], {}
    if packet in flop_registry:
        formula: Callable[..., Any] = flop_registry[packet]
        return int(formula(*args, **given, out_val=result))
    if name == "mkldnn_rnn_layer":
        steps, batch = args[0].shape[:2]
        return int(2 * (args[1].numel() + args[2].numel()) * steps * batch)
    return 0


def _bytes(name: str, read: list[Tensor], written: list[Tensor]) -> int:
    storages = {tensor.untyped_storage().data_ptr() for tensor in read}
    fresh = [t for t in written if t.untyped_storage().data_ptr() not in storages]
    if not fresh and not name.endswith("_"):
        return 0
    out = sum(tensor.nbytes for tensor in written)
    return 2 * out if name in GATHERING else out + sum(tensor.nbytes for tensor in read)


def _tensors(tree: Any) -> list[Tensor]:
    return [leaf for leaf in tree_flatten(tree)[0] if isinstance(leaf, Tensor)]

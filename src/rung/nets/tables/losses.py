"""Compute what training lowers, one number for each model of a population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

KINDS = ("squared", "absolute", "huber", "quantile", "cross_entropy")


@dataclass(frozen=True)
class Loss:
    """Name a loss, with the number that it needs.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    level : float
        `quantile`: the share of targets below; `huber`: where squares turn into lines;
        `cross_entropy`: the share of a target that is spread over all classes.
    """

    kind: str = "squared"
    level: float = 0.0

    def of_rows(self, scores: Tensor, target: Tensor) -> Tensor:
        """Return the loss of each row and member.

        Parameters
        ----------
        scores : Tensor, shape (n_models, n_members, n_rows, n_outputs)
            One output for values, one a class otherwise.
        target : Tensor, shape (n_models, n_rows)
            Values, or class numbers.

        Returns
        -------
        Tensor, shape (n_models, n_members, n_rows)
        """
        import torch

        wanted = target.unsqueeze(1).expand(scores.shape[:3])
        if self.kind == "cross_entropy":
            return self._cross_entropy(scores, wanted)
        off = wanted - scores.squeeze(3)
        if self.kind == "squared":
            return off.square()
        if self.kind == "absolute":
            return off.abs()
        if self.kind == "huber":
            return torch.nn.functional.huber_loss(
                scores.squeeze(3), wanted, reduction="none", delta=self.level or 1.0
            )
        return torch.maximum(self.level * off, (self.level - 1.0) * off)

    def _cross_entropy(self, scores: Tensor, wanted: Tensor) -> Tensor:
        import torch

        surprise = -torch.log_softmax(scores, dim=3)
        own = surprise.gather(3, wanted.long().unsqueeze(3)).squeeze(3)
        if not self.level:
            return own
        return torch.lerp(own, surprise.mean(dim=3), self.level)

    def with_slope(self, scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Return the loss of each row and member, and its derivative by their scores.

        By hand: autograd takes four times as long for so few numbers.

        Parameters
        ----------
        scores, target : Tensor
            As for `of_rows`.

        Returns
        -------
        losses : Tensor, shape (n_models, n_members, n_rows)
        slopes : Tensor, shape (n_models, n_members, n_rows, n_outputs)
        """
        if self.kind == "cross_entropy":
            return self._cross_entropy_with_slope(scores, target)
        above = scores.squeeze(3) - target.unsqueeze(1)
        if self.kind == "squared":
            losses, slopes = above.square(), above * 2.0
        elif self.kind == "absolute":
            losses, slopes = above.abs(), above.sign()
        elif self.kind == "huber":
            slopes = above.clamp(-(self.level or 1.0), self.level or 1.0)
            losses = slopes * (above - 0.5 * slopes)
        else:
            slopes = (above > 0.0).to(above).sub_(self.level)
            losses = above * slopes
        return losses, slopes.unsqueeze(3)

    def _cross_entropy_with_slope(self, scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        import torch

        # A class a row: along the last axis, of few classes, a softmax takes six times as long.
        log_shares = torch.log_softmax(scores.mT.contiguous(), dim=2)
        n_classes = scores.shape[3]
        place = target.long()[:, None, None]
        losses = -log_shares.gather(2, place.expand(*scores.shape[:2], 1, -1)).squeeze(2)
        if self.level:
            losses = torch.lerp(losses, -log_shares.mean(dim=2), self.level)
        is_own = torch.arange(n_classes, device=place.device).unsqueeze(1) == place
        slopes = log_shares.exp_().sub_(is_own.to(log_shares), alpha=1.0 - self.level)
        return losses, (slopes.sub_(self.level / n_classes) if self.level else slopes).mT

    def of_mean(self, scores: Tensor, target: Tensor) -> Tensor:
        """Return the loss of each row when members speak with one voice; (n_models, n_rows).

        Values are averaged; for classes the probabilities are.
        """
        import torch

        if self.kind == "cross_entropy":
            shares = torch.log_softmax(scores, dim=3).exp().mean(dim=1, keepdim=True)
            tiny = torch.finfo(shares.dtype).tiny
            return Loss(self.kind).of_rows(shares.clamp_min(tiny).log(), target).squeeze(1)
        return self.of_rows(scores.mean(dim=1, keepdim=True), target).squeeze(1)

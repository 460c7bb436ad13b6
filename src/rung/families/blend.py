"""The top of the ladder: a convex mean of the families below it.

It is not fitted like a family, as it needs the predictions of the others; the climb makes it. Here
is how it predicts, and how it comes back from a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.folds import Folds
from rung.errors import BadModelFile, NotApplicable
from rung.families import texts
from rung.prep.mean import mean_prediction
from rung.prep.nesting import nest, part
from rung.typing import Array

NAME = "blend"
REMEDY = "save the model again"


@dataclass(frozen=True)
class Member:
    """A family in a blend: its share of the prediction and its final model."""

    family: Family
    share: float
    model: Model


@dataclass(frozen=True)
class BlendModel:
    """Predict the weighted mean of what the members predict."""

    members: tuple[Member, ...]

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values, or probabilities, shape (n_rows, n_outputs)."""
        models = [member.model for member in self.members]
        shares = [member.share for member in self.members]
        return mean_prediction(models, design, rows, shares=shares)

    def to_state(self) -> State:
        """Return the states of all members; raises NotSavable if one of them does."""
        spec = {
            "members": [
                {
                    "family": member.family.name,
                    "state_version": member.family.state_version,
                    "share": member.share,
                }
                for member in self.members
            ]
        }
        states = {str(i): member.model.to_state() for i, member in enumerate(self.members)}
        return nest({"blend": State(spec), **states})


def load(state: State, inputs: str = "table") -> BlendModel:
    """Turn a state back into a blend; every member validates its own part.

    Parameters
    ----------
    state : State
        Of the blend.
    inputs : str
        What its members read.
    """
    listed = part(state, "blend").spec.get("members")
    if not isinstance(listed, list) or not 1 <= len(listed) <= 100:
        raise BadModelFile("the members of the blend are not a list of 1 to 100", REMEDY)
    members = tuple(_load_member(one, part(state, str(i)), inputs) for i, one in enumerate(listed))
    total = sum(member.share for member in members)
    if not abs(total - 1.0) < 1e-9:
        raise BadModelFile(f"the shares of the blend add up to {total}, not to 1", REMEDY)
    return BlendModel(members)


def _load_member(one: Any, state: State, inputs: str) -> Member:
    from rung.families import discover

    known = {family.name: family for family in discover(inputs)}
    family = known.get(one["family"]) if isinstance(one, dict) else None
    if family is None:
        raise BadModelFile(f"a member of the blend is unknown: {one!r}"[:200], REMEDY)
    if one["state_version"] != family.state_version:
        raise BadModelFile(
            f"the state of {family.name!r} has version {one['state_version']!r}, this rung reads "
            f"{family.state_version}",
            "update rung, or train again",
        )
    share = one["share"]
    if not isinstance(share, float) or not 0.0 < share <= 1.0:
        raise BadModelFile(f"{share!r} is no share of a blend", REMEDY)
    return Member(family, share, texts.load(family, state))


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Refuse: the climb makes the blend from the other families' predictions."""
    raise NotApplicable("a blend is made from other families, not fitted alone")


FAMILY = Family(
    name=NAME,
    title="Blend",
    step=1300,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Breiman (1996), Stacked regressions, Machine Learning 24",
        "van der Laan, Polley & Hubbard (2007), Super learner, Stat. Appl. Genet. Mol. Biol. 6",
    ),
    final="average",
    cross_fit=cross_fit,
    load=load,
    weights=True,
)
OF_IMAGES = replace(FAMILY, inputs="image", load=partial(load, inputs="image"))
BLENDS = {family.inputs: family for family in (FAMILY, OF_IMAGES)}

"""Say which families go first, which make a quick ladder, and what they usually take.

None of this changes a result; a family that is not named here goes after those that are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rung.core.family import Family
from rung.families import baseline, blend, discover, known_inputs, missing_needs

EARLY = ("linear", "boosting")
QUICK = ("constant", "one_feature", "linear", "additive", "tree", "boosting")
QUICK_FOLDS = 5
# Usual share of the ladder's processor time, in percent: median of four tables of 150 to 1,338
# rows, one thread. Another family counts as OTHER.
SHARES = {
    "constant": 0.1,
    "one_feature": 1.5,
    "linear": 1.5,
    "naive_bayes": 0.5,
    "tree_bayes": 0.8,
    "perceptron": 2.0,
    "neighbours": 2.5,
    "polynomial": 4.0,
    "mixture_bayes": 1.5,
    "svm": 9.0,
    "tree": 12.0,
    "forest": 16.0,
    "boosting": 10.0,
    "mlp": 40.0,
    blend.NAME: 8.0,
}
OTHER = 5.0
# Below this share of what there is to do, an estimate would be a guess.
LEAST_DONE = 0.05


def early_first(families: Iterable[Family]) -> list[Family]:
    """Return families in the order of training: the baseline, strong ones that are fast, the rest.

    Examples
    --------
    >>> [family.name for family in early_first(discover("table"))][:4]
    ['constant', 'linear', 'boosting', 'one_feature']
    """
    first = (*map(baseline, known_inputs()), *EARLY)
    return sorted(
        families, key=lambda one: first.index(one.name) if one.name in first else len(first)
    )


def quick_families() -> tuple[str, ...]:
    """Return the names of the quick ladder, those that there are.

    Examples
    --------
    >>> "boosting" in quick_families(), "mlp" in quick_families()
    (True, False)
    """
    known = {family.name for family in discover("table")}
    return tuple(name for name in QUICK if name in known)


def seconds_of(names: Collection[str], done: Collection[str], spent: float) -> float | None:
    """Estimate what some families take, from what others took.

    Parameters
    ----------
    names, done : collection of str
        Families to estimate, and families that took `spent` seconds.
    spent : float
        Seconds.

    Returns
    -------
    float or None
        Seconds; None while too little is done to say anything.

    Examples
    --------
    >>> seconds_of(["svm"], ["linear", "boosting"], 2.3)
    1.8
    >>> seconds_of(["svm", "mlp"], ["linear"], 2.3) is None
    True
    """
    there, known = _share(names), _share(done)
    if known < LEAST_DONE * (there + known):
        return None
    return round(spent * there / known, 6)


def whole_ladder_seconds(done: Sequence[str], spent: float, task: str, *, folds: float) -> float:
    """Estimate what the whole ladder takes, from what a quick one took.

    Parameters
    ----------
    done : sequence of str
        Families of the quick ladder.
    spent : float
        Seconds that they took.
    task : str
        Of the run.
    folds : float
        Folds of the whole ladder for one of the quick ladder.
    """
    others = [
        family.name
        for family in discover("table")
        if task in family.tasks and not missing_needs(family) and family.name not in done
        if family.suits is None
    ]
    rest = seconds_of([*others, blend.NAME], done, spent)
    return folds * (spent + (rest or 0.0))


def _share(names: Iterable[str]) -> float:
    return sum(SHARES.get(name, OTHER) for name in names)

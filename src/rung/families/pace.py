"""Say which families go first, which make a quick ladder, and what they usually take.

None of this changes a result; a family that is not named here goes after those that are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rung.core.family import Family
from rung.families import baseline, blend, discover, known_inputs, missing_needs

EARLY = ("linear", "boosting")
QUICK = {
    "table": ("constant", "one_feature", "linear", "additive", "tree", "boosting"),
    "density": ("independent", "gaussian", "dependence_tree"),
}
QUICK_FOLDS = 5
# Usual processor time beside that of the others: median of four tables of 150 to 1,338 rows, one
# thread, all but the network adding up to about 75. Another family counts as OTHER.
SHARES = {
    "constant": 0.1,
    "one_feature": 1.0,
    "linear": 1.5,
    "naive_bayes": 0.5,
    "tree_bayes": 0.8,
    "mixture_bayes": 1.5,
    "perceptron": 4.0,
    "additive": 10.0,
    "neighbours": 2.0,
    "polynomial": 7.0,
    "svm": 6.0,
    "tree": 5.0,
    "forest": 18.0,
    "boosting": 17.0,
    "mlp": 42.0,
    blend.NAME: 1.0,
    # of tables without a target: of a run of 442 rows and one of 8,000
    "independent": 4.0,
    "gaussian": 0.5,
    "dependence_tree": 5.0,
    "mixture": 38.0,
    "kernel": 9.0,
    "flow": 42.0,
}
OTHER = 5.0
# A network takes as many steps as there are rows at first; the share above is that of so many rows
# and more, and of fewer it falls by this power.
NETWORK, NETWORK_ROWS, NETWORK_POWER = "mlp", 1_000, 0.72
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


def quick_families(inputs: str = "table") -> tuple[str, ...]:
    """Return the names of the quick ladder, those that there are.

    Parameters
    ----------
    inputs : str
        `table`, or `density` for tables without a target.

    Examples
    --------
    >>> "boosting" in quick_families(), "mixture" in quick_families("density")
    (True, False)
    """
    known = {family.name for family in discover(inputs)}
    return tuple(name for name in QUICK[inputs] if name in known)


def seconds_of(
    names: Collection[str], done: Collection[str], spent: float, *, n_rows: int = NETWORK_ROWS
) -> float | None:
    """Estimate what some families take, from what others took.

    Parameters
    ----------
    names, done : collection of str
        Families to estimate, and families that took `spent` seconds.
    spent : float
        Seconds.
    n_rows : int
        Rows of the table.

    Returns
    -------
    float or None
        Seconds; None while too little is done to say anything.

    Examples
    --------
    >>> seconds_of(["svm"], ["linear", "boosting"], 3.7)
    1.2
    >>> seconds_of(["svm", "mlp"], ["linear"], 2.3) is None
    True
    """
    there, known = _share(names, n_rows), _share(done, n_rows)
    if known < LEAST_DONE * (there + known):
        return None
    return round(spent * there / known, 6)


def whole_ladder_seconds(
    done: Sequence[str], spent: float, task: str, *, folds: float, n_rows: int = NETWORK_ROWS
) -> float:
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
    n_rows : int
        Rows of the table.
    """
    others = [
        family.name
        for family in discover("density" if task == "density" else "table")
        if task in family.tasks and not missing_needs(family) and family.name not in done
        if family.suits is None
    ]
    rest = seconds_of([*others, blend.NAME], done, spent, n_rows=n_rows)
    return folds * (spent + (rest or 0.0))


def _share(names: Collection[str], n_rows: int) -> float:
    fewer: float = min(n_rows / NETWORK_ROWS, 1.0) ** NETWORK_POWER
    return sum(SHARES.get(name, OTHER) * (fewer if name == NETWORK else 1.0) for name in names)

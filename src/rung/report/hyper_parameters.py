"""Name what the folds chose as a field names hyper-parameters, and leave bookkeeping out."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from rung.typing import Settings

NAMES = MappingProxyType(
    {
        "alpha": "pruning strength (ccp_alpha)",
        "column": "feature",
        "columns": "share of features a split (max_features)",
        "cost": "C",
        "cuts": "splitter",
        "degree": "degree",
        "epochs": "passes (epochs)",
        "feature_share": "share of features a tree",
        "k": "neighbours (k)",
        "landmarks": "Nyström landmarks",
        "leaf_rows": "min samples a leaf",
        "learning_rate": "learning rate",
        "min_rows_in_leaf": "min samples a leaf",
        "penalty": "L2 penalty",
        "rounds": "boosting rounds",
        "row_share": "share of rows a tree",
        "trees": "trees (n_estimators)",
        "votes": "weights of neighbours",
        "weight_decay": "weight decay",
    }
)
# What was counted on the way, follows from the data, or is said in a note.
BOOKKEEPING = ("is_separable", "mistakes", "n_columns", "of_epochs", "shares")


def in_words_of_the_field(settings: Sequence[Settings]) -> tuple[Settings, ...]:
    """Return what each fold chose under the names of the field.

    A switch that no fold turned on is left out.

    Examples
    --------
    >>> in_words_of_the_field([{"penalty": 0.1, "n_columns": 15, "relations": False}])
    ({'L2 penalty': 0.1},)
    """
    keys = {key for chosen in settings for key in chosen}
    off = {key for key in keys if all(chosen.get(key) is False for chosen in settings)}
    return tuple(
        {
            NAMES.get(key, key.replace("_", " ")): value
            for key, value in chosen.items()
            if key not in off and key not in BOOKKEEPING
        }
        for chosen in settings
    )

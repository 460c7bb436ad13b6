from __future__ import annotations

import numpy as np
import pytest

from rung.kinds.table.asked import make_options
from rung.kinds.table.prepare import prepare
from rung.kinds.table.question import say_question

N_ROWS = 60
X = np.sin(np.arange(N_ROWS, dtype=float))


def said(target, **asked):
    table = {"x": X, "z": X**2, "y": target}
    options = make_options("y", asked)
    return say_question(prepare(table, options), options)


@pytest.mark.parametrize(
    ("target", "asked", "expected"),
    [
        (
            np.arange(N_ROWS) % 3,
            {},
            (
                "60 rows, 2 columns; target 'y': 3 classes (0, 1, 2) → classification, compared by "
                "log loss; --task regression decides otherwise"
            ),
        ),
        (
            np.arange(N_ROWS) % 3,
            {"task": "regression", "metric": "mae"},
            "60 rows, 2 columns; target 'y': numbers from 0 to 2 → regression, compared by MAE",
        ),
        (
            np.arange(N_ROWS) % 3 + 4,
            {"drop": ("z",)},
            (
                "60 rows, 1 column; target 'y': numbers from 4 to 6 → regression, compared by RMSE; "
                "--task multiclass decides otherwise"
            ),
        ),
        (
            np.array(list("abcdefgh"))[np.arange(N_ROWS) % 8],
            {"metric": "accuracy"},
            (
                "60 rows, 2 columns; target 'y': 8 classes (a, b, c, d, e and 3 more) → "
                "classification, compared by accuracy"
            ),
        ),
        (
            np.arange(N_ROWS) % 3,
            {"metric": "f1", "task": "multiclass"},
            (
                "60 rows, 2 columns; target 'y': 3 classes (0, 1, 2) → classification, compared by "
                "F1 (macro, the mean over classes)"
            ),
        ),
        (
            np.arange(N_ROWS) % 2,
            {"metric": "recall", "task": "binary", "positive": "0"},
            (
                "60 rows, 2 columns; target 'y': 2 classes (0, 1) → classification, compared by "
                "recall of class '0'"
            ),
        ),
        (
            X / 3,
            {},
            (
                "60 rows, 2 columns; target 'y': numbers from -0.3333 to 0.3333 → regression, "
                "compared by RMSE"
            ),
        ),
    ],
)
def test_the_question_names_rows_columns_task_and_metric(target, asked, expected):
    assert said(target, **asked) == expected


def test_rows_without_a_target_are_counted_before_training():
    target = X / 3
    target[:4] = np.nan
    assert said(target).startswith("56 rows (4 more without a target are left out), 2 columns; ")

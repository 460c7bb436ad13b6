"""Support vector machine: draw the boundary that leaves the widest margin, straight or curved.

Sources: Cortes & Vapnik (1995), Machine Learning 20; Suykens & Vandewalle (1999), Neural
Processing Letters 9; Williams & Seeger (2001), NeurIPS 13; Platt (1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.errors import BadModelFile, NotApplicable
from rung.families.word_sums import (
    WordSumModel,
    cross_fit_word_sums,
    is_of_words,
    load_word_sums,
)
from rung.gram.needs import needed_by_machines
from rung.prep.one_hot import TableEncoder
from rung.prep.outputs import absent_shares, spread_shares, take_outputs
from rung.prep.sigmoid import apply_sigmoids
from rung.prep.states import REMEDY, merge, take_array, take_choice
from rung.svm.machines import Machine
from rung.svm.margins import STEPS
from rung.svm.nested import MachineFit, class_shares, fit_nested_machines
from rung.typing import Array

KERNELS = ("linear", "radial")
LARGEST_GAMMA = 1e300


@dataclass(frozen=True)
class SupportVectorModel:
    """Predict by a linear machine, or by comparing rows with landmarks.

    Attributes
    ----------
    machine : Machine
        Gives one margin for two classes, one a class for more, or a value.
    line : ndarray, shape (2, n_scores)
        Slope and offset of the sigmoid of each margin; zeros for values.
    present : ndarray of int
        Classes that training showed; 0 alone for values.
    absent : ndarray, shape (n_outputs,)
        Probability of classes that were not in training, before all are made to sum to one.
    """

    machine: Machine
    line: Array
    present: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        return self.outputs(self.machine.scores(design, rows))

    def outputs(self, scores: Array) -> Array:
        """Turn margins into probabilities, shape (n_rows, n_outputs); values stay."""
        if len(self.absent) == 1:
            return scores
        shares = class_shares(apply_sigmoids(scores, self.line), self.present)
        return spread_shares(shares, self.present, self.absent)

    def to_state(self) -> State:
        """Return the model as data; a radial machine holds training rows."""
        machine = self.machine
        is_radial = machine.gamma > 0
        own = State(
            {
                "kernel": KERNELS[is_radial],
                "n_outputs": len(self.absent),
                "stores_training_rows": is_radial,
            },
            {
                "gamma": np.array([machine.gamma]),
                "landmarks": machine.landmarks,
                "coefficients": machine.coefficients,
                "intercept": machine.intercept,
                "line": self.line,
                "present": self.present,
                "absent": self.absent,
            },
        )
        return merge(own, machine.encoder.to_state())


def _model(fit: MachineFit, n_outputs: int) -> SupportVectorModel:
    if n_outputs == 1:
        present, absent = np.zeros(1, dtype=np.int64), np.zeros(1)
    else:
        present, absent = fit.present, absent_shares(fit.present, n_outputs, fit.n_train)
    return SupportVectorModel(fit.machine, fit.line, present, absent)


def _settings(fit: MachineFit) -> dict[str, object]:
    kernel = KERNELS[fit.setting.reach > 0]
    settings: dict[str, object] = {"kernel": kernel, "cost": fit.setting.cost}
    if fit.setting.reach:
        settings.update(gamma=fit.machine.gamma, landmarks=len(fit.machine.landmarks))
    return settings


def _notes(fits: Sequence[MachineFit]) -> tuple[str, ...]:
    fit = fits[-1]
    notes = list(fit.machine.encoder.notes)
    n_unsettled = sum(not one.machine.is_settled for one in fits)
    if n_unsettled:
        notes.append(
            f"{n_unsettled} of {len(fits)} machines were stopped after {STEPS} steps, before their "
            "margins stood still: the classes are nearly separable; predictions are sound, and "
            "may not be the best of this kind"
        )
    n_landmarks = len(fit.machine.landmarks)
    if fit.n_used < fit.n_train:
        notes.append(f"fitted on {fit.n_used:,} of {fit.n_train:,} training rows, drawn at random")
    if 0 < n_landmarks < fit.n_used:
        notes.append(
            f"the kernel is approximated by {n_landmarks:,} of {fit.n_used:,} rows as landmarks"
        )
    if n_landmarks:
        notes.append(f"the model file holds {n_landmarks:,} encoded training rows")
    return tuple(notes)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one machine for each split and one for all rows, settings chosen inside each."""
    design = problem.design
    if design.text_columns:
        return cross_fit_word_sums(problem, folds, context, is_margin=bool(problem.classes))
    if not design.number_names and not design.category_columns:
        raise NotApplicable("there are no features to draw a boundary with")
    fits = fit_nested_machines(problem, folds, context)
    models = [_model(fit, problem.n_outputs) for fit in fits]
    return CrossFit(
        predictions=tuple(
            model.outputs(fit.held) for model, fit in zip(models[:-1], fits[:-1], strict=True)
        ),
        settings=tuple(_settings(fit) for fit in fits[:-1]),
        model=models[-1],
        notes=_notes(fits),
        paired=tuple(
            model.outputs(fit.paired) for model, fit in zip(models[:-1], fits[:-1], strict=True)
        ),
    )


def load(state: State) -> SupportVectorModel | WordSumModel:
    """Return the model that a state describes."""
    if is_of_words(state):
        return load_word_sums(state)
    is_radial = take_choice(state, "kernel", KERNELS) == "radial"
    encoder = TableEncoder.from_state(state)
    low = np.finfo(float).tiny if is_radial else 0.0
    high = LARGEST_GAMMA if is_radial else 0.0
    gamma = float(take_array(state, "gamma", (1,), low=low, high=high)[0])
    landmarks = take_array(state, "landmarks", (None, encoder.width))
    intercept = take_array(state, "intercept", (None,))
    n_scores = len(intercept)
    height = len(landmarks) if is_radial else encoder.width
    coefficients = take_array(state, "coefficients", (height, n_scores))
    line = take_array(state, "line", (2, n_scores))
    n_present = len(take_array(state, "present", (None,), whole=True))
    absent, present = take_outputs(state, "present", n_present)
    n_outputs = len(absent)
    if (
        n_scores != (n_outputs if n_outputs > 2 else 1)
        or bool(len(landmarks)) != is_radial
        or state.spec.get("stores_training_rows") is not is_radial
        or not (np.diff(present) > 0).all()
        or (n_outputs == 1 and absent[0] != 0.0)
    ):
        raise BadModelFile("parts of the support vector machine do not fit together", REMEDY)
    machine = Machine(encoder, gamma, landmarks, coefficients, intercept)
    return SupportVectorModel(machine, line, present, absent)


FAMILY = Family(
    name="svm",
    title="Support vector machine",
    step=700,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Cortes & Vapnik (1995), Support-vector networks, Machine Learning 20, 273-297",
        "Suykens & Vandewalle (1999), Least squares support vector machines, Neural Proc. Lett. 9",
        "Groenen, Nalbantov & Bioch (2008), SVM-Maj, Adv. Data Analysis and Classification 2",
        "Williams & Seeger (2001), Using the Nystroem method to speed up kernel machines, NIPS 13",
        "Platt (1999), Probabilistic outputs for support vector machines",
        "Lin, Lin & Weng (2007), A note on Platt's probabilistic outputs, Machine Learning 68",
    ),
    # One machine, whose landmarks can be pointed at, instead of five with five sets of rows.
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    texts="own",
    memory=needed_by_machines,
)

"""Add up products of numbers: polynomial ridge for values, polynomial logistic for classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, NotApplicable, UsageError
from rung.gram.grid import Grid
from rung.gram.needs import needed_by_products, needed_by_terms
from rung.gram.polynomial import HIGHEST, PolynomialFit, fit_nested_polynomials, highest_degree
from rung.gram.polynomial_logistic import (
    PolynomialLogisticFit,
    fit_nested_polynomial_logistic,
    highest_logistic_degree,
)
from rung.gram.ridge import PENALTIES
from rung.gram.terms import add_terms, variables
from rung.prep.formula import Formula, Product, encoded_pieces
from rung.prep.one_hot import TableEncoder
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs
from rung.prep.states import REMEDY, merge, take_array, take_choice
from rung.typing import Array

LINKS = ("identity", "softmax")
# Least squares of columns that agree in more digits than this is hardly determined.
ILL_CONDITIONED = 1e12


@dataclass(frozen=True)
class PolynomialModel:
    """Predict by a weighted sum of encoded columns and of products of numbers.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns of degree 1.
    coefficients : ndarray, shape (width, n_scores)
        Weights of the columns.
    terms : ndarray of int, shape (n_terms, degree)
        Numbers that each product multiplies, ascending; `n_numbers` stands for 1.
    products : ndarray, shape (n_terms, n_scores)
        Weights of the products.
    intercept : ndarray, shape (n_scores,)
        Added to the sums.
    link : str
        `identity` for values, `softmax` for classes.
    bounds : ndarray, shape (2,) or (0,)
        Predicted values are clipped to these; none are where it is empty.
    classes : ndarray of int, shape (n_scores,)
        Class of each score; zeros for values.
    absent : ndarray, shape (n_outputs,)
        Probability of classes not in training, before all are made to sum to one.
    """

    encoder: TableEncoder
    coefficients: Array
    terms: Array
    products: Array
    intercept: Array
    link: str
    bounds: Array
    classes: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        scores = self.encoder.combine(design, rows, self.coefficients, self.intercept)
        add_terms(scores, self.encoder, design.numbers(rows), self.terms, weights=self.products)
        if self.link == "softmax":
            return spread_shares(softmax(scores), self.classes, self.absent)
        return np.clip(scores, *self.bounds) if len(self.bounds) else scores

    def to_state(self) -> State:
        """Return the model as data."""
        own = State(
            {"link": self.link, "n_outputs": len(self.absent), "clip": bool(len(self.bounds))},
            {
                "coefficients": self.coefficients,
                "terms": self.terms,
                "products": self.products,
                "intercept": self.intercept,
                "bounds": self.bounds,
                "classes": self.classes,
                "absent": self.absent,
            },
        )
        return merge(own, self.encoder.to_state())


def load(state: State) -> PolynomialModel:
    """Return the model that a state describes."""
    link = take_choice(state, "link", LINKS)
    encoder = TableEncoder.from_state(state)
    n_numbers = len(encoder.number_names)
    intercept = take_array(state, "intercept", (None,))
    n_scores = len(intercept)
    terms = take_array(state, "terms", (None, None), low=0, high=n_numbers, whole=True)
    clips = state.spec.get("clip")
    bounds = take_array(state, "bounds", (2 if clips else 0,))
    absent, classes = take_outputs(state, "classes", n_scores)
    model = PolynomialModel(
        encoder,
        take_array(state, "coefficients", (encoder.width, n_scores)),
        terms,
        take_array(state, "products", (len(terms), n_scores)),
        intercept,
        link,
        bounds,
        classes,
        absent,
    )
    _check_parts(model, clips=clips)
    return model


def _check_parts(model: PolynomialModel, *, clips: object) -> None:
    is_plain = model.link == "identity"
    sizes = (len(model.intercept), len(model.absent), float(model.absent[0]))
    if (
        (is_plain and sizes != (1, 1, 0.0))
        or not isinstance(clips, bool)
        or (clips and not is_plain)
    ):
        raise BadModelFile("outputs of the polynomial model do not fit together", REMEDY)
    if len(model.bounds) and model.bounds[0] > model.bounds[1]:
        raise BadModelFile("bounds of the polynomial model are in the wrong order", REMEDY)
    terms = model.terms
    if terms.shape[1] > HIGHEST or any((b < a).any() for a, b in pairwise(terms.T)):
        raise BadModelFile("products of the polynomial model are not ascending lists", REMEDY)


@dataclass(frozen=True)
class Settings:
    """Say what is fixed beforehand; None is chosen inside the training rows."""

    degree: int | None = None
    penalty: float | None = None
    clip: bool = True


def _from_ridge(fit: PolynomialFit, *, clip: bool) -> PolynomialModel:
    # The range of the training target, made half as wide again.
    margin = (fit.high - fit.low) / 4
    bounds = np.array([fit.low - margin, fit.high + margin])
    return PolynomialModel(
        fit.encoder,
        fit.coefficients[:, None],
        fit.terms,
        fit.products[:, None],
        np.array([fit.intercept]),
        "identity",
        bounds if clip and np.isfinite(bounds).all() else np.zeros(0),
        np.zeros(1, dtype=np.int64),
        np.zeros(1),
    )


def _from_logistic(fit: PolynomialLogisticFit, n_classes: int) -> PolynomialModel:
    absent = absent_shares(fit.present, n_classes, fit.n_train)
    return PolynomialModel(
        fit.encoder,
        fit.coefficients,
        fit.terms,
        fit.products,
        fit.intercept,
        "softmax",
        np.zeros(0),
        fit.present,
        absent,
    )


def cross_fit(
    problem: Problem, folds: Folds, context: Context, *, settings: Settings | None = None
) -> CrossFit:
    """Fit one model for each split and one for all rows, degree and penalty chosen inside each."""
    settings = settings or Settings()
    if not problem.design.number_names:
        raise NotApplicable("there are no numbers to multiply")
    fit = _fit_values if problem.task == "regression" else _fit_classes
    models, chosen, notes = fit(problem, folds, context, settings)
    return CrossFit(
        predictions=tuple(
            model.predict(problem.design, split.test)
            for model, split in zip(models, folds.splits, strict=False)
        ),
        settings=tuple(chosen[:-1]),
        model=models[-1],
        notes=notes,
        models=tuple(models[:-1]),
    )


Fitted = tuple[list[PolynomialModel], list[dict[str, float]], tuple[str, ...]]


def _describe(fit: PolynomialFit | PolynomialLogisticFit) -> dict[str, float]:
    return {"degree": fit.degree, "penalty": fit.penalty, "n_columns": fit.n_columns}


def _fit_values(problem: Problem, folds: Folds, context: Context, settings: Settings) -> Fitted:
    highest, note = highest_degree(problem, settings.degree or HIGHEST)
    _require_degree(highest, settings, note)
    degrees = (settings.degree,) if settings.degree else tuple(range(1, highest + 1))
    penalties = PENALTIES if settings.penalty is None else (settings.penalty,)
    fits = fit_nested_polynomials(problem, folds, context, Grid(degrees, penalties))
    final = fits[-1]
    notes = [note] if note else []
    if final.condition > ILL_CONDITIONED:
        notes.append(
            f"the columns of degree {final.degree} have condition number {final.condition:.1e}: "
            "single coefficients mean little"
        )
    models = [_from_ridge(fit, clip=settings.clip) for fit in fits]
    return models, [_describe(fit) for fit in fits], (*notes, *final.encoder.notes)


def _fit_classes(problem: Problem, folds: Folds, context: Context, settings: Settings) -> Fitted:
    highest, note = highest_logistic_degree(problem, settings.degree)
    _require_degree(highest, settings, note)
    degrees = (settings.degree,) if settings.degree else tuple(range(1, highest + 1))
    penalties = None if settings.penalty is None else (settings.penalty,)
    fits = fit_nested_polynomial_logistic(
        problem, folds, context, degrees=degrees, penalties=penalties
    )
    final, notes = fits[-1], [note] if note else []
    if final.n_used < final.n_train:
        notes.append(
            f"fitted on {final.n_used:,} of {final.n_train:,} training rows, for want of memory"
        )
    models = [_from_logistic(fit, len(problem.classes)) for fit in fits]
    return models, [_describe(fit) for fit in fits], (*notes, *final.encoder.notes)


def _require_degree(highest: int, settings: Settings, note: str) -> None:
    """Refuse where nothing beyond a straight line, or not the degree asked for, is feasible."""
    if highest < (settings.degree or 2):
        raise NotApplicable(note.split(";", maxsplit=1)[0] + ", too many to fit")


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from blocks of products; for classes from the expanded rows."""
    return needed_by_products(sizes) if sizes.n_outputs > 1 else needed_by_terms(sizes)


def formula(model: PolynomialModel) -> Formula:
    """Return the weighted sum of numbers, levels and products in the units of the table."""
    encoder, names = model.encoder, model.encoder.number_names
    pieces, centres = encoded_pieces(encoder, model.coefficients)
    products = []
    start = model.intercept.copy()
    for term, weights in zip(variables(model.terms, len(names)), model.products, strict=True):
        scale = float(np.prod(encoder.scale[list(term)]))
        if not term:
            start += weights
        elif all(encoder.in_use[j] for j in term):
            own = tuple((weights / scale).tolist())
            products.append(Product(tuple(names[j] for j in term), own))
    is_value = model.link == "identity"
    return Formula(
        intercept=tuple(start.tolist()),
        pieces=(*pieces, *products),
        centres=centres,
        link="value" if is_value else "softmax",
        classes=() if is_value else tuple(model.classes.tolist()),
        absent=() if is_value else tuple(model.absent.tolist()),
        bounds=tuple(model.bounds.tolist()),
    )


FAMILY = Family(
    name="polynomial",
    title="Polynomial",
    step=600,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Hoerl & Kennard (1970), Ridge regression, Technometrics 12, 55-67",
        "Gergonne (1815), Application de la méthode des moindres quarrés, Annales 6, 242-252",
        "le Cessie & van Houwelingen (1992), Ridge estimators in logistic regression, JRSS C 41",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    memory=memory,
    formula=formula,
)


def polynomial_family(
    *, degree: int | None = None, penalty: float | None = None, clip: bool = True
) -> Family:
    """Return the polynomial family with some of its settings fixed.

    Parameters
    ----------
    degree : int, optional
        1 to 4; chosen inside the training rows if not given.
    penalty : float, optional
        Of the ridge, relative to the sum of weights, for columns of unit variance; 0 is least
        squares. Chosen inside if not given.
    clip : bool, default True
        Hold predicted values to the range of the training target, made half as wide again.

    Raises
    ------
    UsageError
        If a setting is out of range.

    Examples
    --------
    >>> polynomial_family(degree=2, penalty=0.0).name
    'polynomial'
    """
    if degree is not None and degree not in range(1, HIGHEST + 1):
        raise UsageError(
            f"degree {degree!r} is not a whole number from 1 to {HIGHEST}", "use degree=2"
        )
    if penalty is not None and not 0.0 <= penalty < np.inf:
        raise UsageError(f"penalty {penalty!r} is not a number of at least 0", "use penalty=0.0")
    settings = Settings(degree, penalty, clip)
    return replace(FAMILY, cross_fit=partial(cross_fit, settings=settings))

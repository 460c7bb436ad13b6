"""Explain the field's terms where they stand on the page, and once more in its appendix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rung.typing import JSON


class GlossaryTerm(NamedTuple):
    """A term of the field, and what it means; `{units}` stands for what is counted."""

    title: str
    says: str


TERMS: Mapping[str, GlossaryTerm] = MappingProxyType(
    {
        "interval": GlossaryTerm(
            "95% interval",
            "A confidence interval: the range that would hold the true value in 95 of 100 repetitions of the whole study. "
            "It is about the mean over {units} like yours, not about single {units}.",
        ),
        "cross_validation": GlossaryTerm(
            "Cross-validation",
            "The {units} are divided into parts (folds). Each part is predicted by a model that "
            "learned from the other parts, so every prediction is for {units} that its model has "
            "not seen: an out-of-fold prediction.",
        ),
        "nested": GlossaryTerm(
            "Hyper-parameters",
            "Settings of a method that are not learned from the data directly, such as a depth. "
            "They are chosen on a division of the training {units} alone, so a family with many of "
            "them is not flattered by its score: nested cross-validation.",
        ),
        "leader": GlossaryTerm(
            "Leader",
            "The family with the best mean score. Being first by a little proves nothing, because "
            "chance also ranks.",
        ),
        "margin": GlossaryTerm(
            "Equivalence margin",
            "The smallest difference that matters: here {margin}, {margin_source}. If a smaller or "
            "larger difference matters to you, say so with --margin before you look.",
        ),
        "verdicts": GlossaryTerm(
            "Verdicts",
            "As good (non-inferior): the data show that the family loses at most the margin against every rival. "
            "Worse (inferior): they show that it loses more than the margin against at least one rival. "
            "Undecided (inconclusive): they show neither, and more {units} would help; the table says roughly how "
            "many.",
        ),
        "choice": GlossaryTerm(
            "Selected model",
            "The choice: the simplest family that is as good. If none can be shown to be, the simplest that "
            "cannot be told from the leader, and then the word undecided stays with it.",
        ),
        "sealed": GlossaryTerm(
            "Held-out test set",
            "The sealed test: a part of the {units} that no family saw, opened once after the choice. Their score is "
            "the one to quote for the saved model.",
        ),
        "leakage": GlossaryTerm(
            "Leakage",
            "What a model learns from that will not be there when it is used: the answer in "
            "another column, {units} that stand both in training and in testing, the future.",
        ),
        "permutation": GlossaryTerm(
            "Permutation importance",
            "How much worse a model predicts held-out {units} when the values of one column are "
            "shuffled among them. It is about what this model uses, not about causes.",
        ),
        "shap": GlossaryTerm(
            "SHAP values",
            "What each column adds to a single prediction, so that all together, from the mean, "
            "give the prediction. They say what the model does, not what causes the target.",
        ),
        "partial_dependence": GlossaryTerm(
            "Partial dependence, accumulated local effects",
            "Partial dependence: the mean prediction if all {units} had one value in a column. "
            "Accumulated local effects: small changes among {units} that do have such values, added "
            "up. Where columns go together, trust the second.",
        ),
        "coefficient": GlossaryTerm(
            "Coefficient",
            "What one unit more of a column adds to the prediction while all other columns stay. "
            "Columns that go together share their effect.",
        ),
        "tree": GlossaryTerm(
            "Node, leaf, pruning",
            "A tree asks one question a node, and predicts in its leaves. Pruning takes away "
            "questions that do not pay on {units} that the tree has not seen.",
        ),
        "residual": GlossaryTerm(
            "Residual",
            "Prediction less truth. A model that is right on average everywhere has residuals "
            "around 0 whatever it predicts.",
        ),
        "calibration": GlossaryTerm(
            "Calibration, expected calibration error",
            "Whether probabilities are what they say: of {units} with a predicted probability of "
            "0.8, 80 of 100 should belong to the class. The error is the mean distance from that.",
        ),
        "curves": GlossaryTerm(
            "ROC curve, precision, recall",
            "Recall (true positive rate): the share of a class that is found. False positive rate: "
            "the share of the others that is taken for it. Precision: the share of what is taken "
            "for the class that belongs to it. A curve goes through all thresholds.",
        ),
        "confusion": GlossaryTerm(
            "Confusion matrix",
            "How often each true class is predicted as each class; the diagonal is right.",
        ),
        "overfitting": GlossaryTerm(
            "Overfitting, underfitting",
            "Overfitting: a model knows the {units} that it learned from better than the rule behind "
            "them. Underfitting: it is too simple for the rule, and poor on all {units} alike.",
        ),
        "epoch": GlossaryTerm(
            "Epoch, early stopping",
            "An epoch is one pass over the training {units}. Training ends where the loss on {units} "
            "held back inside no longer falls.",
        ),
        "perplexity": GlossaryTerm(
            "Bits a character",
            "How surprised a model is: 1 bit is a coin toss, 3 bits a choice among 8 characters "
            "that are equally likely.",
        ),
        "fingerprint": GlossaryTerm(
            "Fingerprint, seed",
            "A fingerprint (a digest) is the same only if the data, or the division, are the same. "
            "The seed fixes every random number of the run.",
        ),
        "crisp": GlossaryTerm(
            "CRISP-DM",
            "The usual order of a project with data: business understanding, data understanding, "
            "data preparation, modelling, evaluation, deployment. The contents name the phase of "
            "each section.",
        ),
    }
)
# What a metric of the comparison says.
METRIC_TERMS: Mapping[str, str] = MappingProxyType(
    {
        "rmse": "The root of the mean squared error: a typical error in the target's unit, in which "
        "large errors count more.",
        "mae": "The mean of the errors without their sign, in the target's unit.",
        "mse": "The mean squared error, in the target's unit squared.",
        "r2": "The share of the target's variance that is explained: 1 is perfect, 0 is no better "
        "than the mean.",
        "mape": "The mean error as a share of the true value.",
        "log_loss": "The mean of minus the logarithm of the probability that was given to the true "
        "class: 0 is perfect, and confident mistakes cost most.",
        "accuracy": "The share of {units} whose class is predicted rightly.",
        "balanced_accuracy": "The share of {units} predicted rightly, averaged over classes, so that "
        "rare classes count as much as frequent ones.",
        "roc_auc": "The probability that one of a class is ranked above one of another: 0.5 is "
        "chance, 1 is perfect.",
        "brier": "The mean squared distance between predicted probabilities and what happened: 0 is "
        "perfect.",
        "nll": "The mean of minus the logarithm of the probability of each character.",
        "bits_per_char": "The mean number of bits that each character costs: the fewer, the better "
        "the text is foreseen.",
        "log_density": "The mean over {units} of the natural logarithm of the density: the probability "
        "of a row in the units of its columns, of numbers for each step of one. One nat a row more "
        "makes {units} e = 2.7 times as probable. Only differences say something: a column in other "
        "units shifts all values alike. A few {units} that are very improbable can rule the mean.",
        "odds_share": "Each row is divided between this density and that of each column alone, as "
        "both say how probable it is; the mean of what this one gets. 0.5 is no better than columns "
        "alone, 1 is most; no row counts for more than 1.",
    }
)
ONE_SPLIT_LACKS = frozenset({"cross_validation"})


def terms_of(summary: JSON) -> dict[str, GlossaryTerm]:
    """Return every term with the words of this run; `metric` is that of the comparison.

    Parameters
    ----------
    summary : dict
        Of `rung.report.summary`.
    """
    choice, metric = summary["choice"], summary["metric"]
    unit = f" {metric['unit']}" if metric["unit"] else ""
    found = dict(TERMS)
    if metric["key"] in METRIC_TERMS:
        found["metric"] = GlossaryTerm(metric["title"], METRIC_TERMS[metric["key"]])
    lacking = ONE_SPLIT_LACKS if summary["folds"]["has_one_split"] else frozenset()
    replaced = {
        "{units}": summary["words"]["units"],
        "{margin}": f"{choice['margin']}{unit}",
        "{margin_source}": choice["margin_source"],
    }
    return {
        key: GlossaryTerm(term.title, _filled(term.says, replaced))
        for key, term in found.items()
        if key not in lacking
    }


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Fill words in at once, so that none is read for braces of its own."""
    return re.sub(r"\{\w+\}", lambda found: words.get(found[0], found[0]), text)

"""Random forest: many deep trees, each grown on rows and columns drawn for it, and their mean.

Sources: Breiman (2001), Machine Learning 45; Geurts, Ernst & Wehenkel (2006), Machine Learning 63.
NOTE[DIFF]: where classes are predicted, the shares of all training rows have the say of one row, so
that no class is ever impossible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.fold_searches import Search, choosing_splits, search_shared
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds, Split
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile
from rung.families.forms import ForestForm
from rung.prep.mean import FoldMean, load_mean
from rung.prep.nesting import nest, part
from rung.prep.ordinal import TreeEncoder
from rung.prep.related import (
    RelatedEncoder,
    encoder_for,
    encoder_from_state,
    finds_relations,
    spares_enough,
)
from rung.prep.relations import most_relations
from rung.prep.states import REMEDY, take_array
from rung.trees.forest import (
    CHOOSING_PAYS,
    FEW_ROWS,
    SPLITS_FOR_FEW,
    Growth,
    candidates,
    count_trees,
    grow,
    held_out_losses,
)
from rung.trees.join import first_trees, join
from rung.trees.needs import AT_ONCE, FINAL_TREES, needed_by_forest, rows_for_forest
from rung.trees.nodes import NodeArrays
from rung.trees.pack import pack, unpack
from rung.trees.sample import Sample, weighted_sample
from rung.trees.shared_rows import (
    AskedRows,
    Question,
    SharedRows,
    questions,
    serving,
    shared_rows,
    whole,
)
from rung.trees.targets import OutputUnits
from rung.trees.walk import walk
from rung.typing import Array

# How a file calls the number of groves.
COUNTED = "n_groves"
# Share of the loss by which another choice must be better than the first.
CLEARLY = 0.01


@dataclass(frozen=True)
class Grove:
    """Hold trees that one training set gave."""

    encoder: TreeEncoder | RelatedEncoder
    nodes: NodeArrays
    units: OutputUnits

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        X = self.encoder.matrix(design, rows)
        return self.units.outputs(walk(self.nodes, X) / self.nodes.n_trees)

    def to_state(self) -> State:
        """Return encoder, trees and outputs as parts."""
        units = self.units
        numbers = np.array([units.offset, units.scale, units.prior_share])
        own = {"present": units.present, "prior": units.prior, "numbers": numbers}
        return nest(
            {
                "own": State({}, own),
                "encoder": self.encoder.to_state(),
                "trees": State({}, pack(self.nodes)),
            }
        )


def load(state: State) -> Model:
    """Rebuild the model, checking every part of it."""
    return load_mean(state, _load_grove, COUNTED)


def _load_grove(state: State, n_outputs: int) -> Grove:
    encoder = encoder_from_state(part(state, "encoder"))
    nodes = unpack(part(state, "trees").arrays, encoder.n_features)
    own = part(state, "own")
    offset, scale, prior_share = take_array(own, "numbers", (3,)).tolist()
    prior = take_array(own, "prior", (n_outputs,), low=0, high=1)
    present = take_array(own, "present", (None,), low=0, high=n_outputs - 1, whole=True)
    is_class = n_outputs > 1
    n_values = len(present) if is_class else 1
    is_sorted = bool((np.diff(present) > 0).all())
    if not is_sorted or (len(present) > 0) != is_class or nodes.value.shape[1] != n_values:
        raise BadModelFile(
            f"the model has classes {present.tolist()} of {n_outputs} and leaves of "
            f"{nodes.value.shape[1]} numbers; each class once, in order, and a number for each is "
            "accepted",
            REMEDY,
        )
    _check_shares(nodes, prior, prior_share, is_class=is_class)
    return Grove(encoder, nodes, OutputUnits(present, prior, offset, scale, prior_share))


def _check_shares(nodes: NodeArrays, prior: Array, prior_share: float, *, is_class: bool) -> None:
    """Refuse leaves or priors that are not shares of classes."""
    if not is_class:
        return
    leaves = nodes.value[nodes.is_leaf]
    sums = np.append(leaves.sum(axis=1), prior.sum())
    if leaves.min() < 0 or np.abs(sums - 1).max() > 1e-5 or not 0 <= prior_share <= 1:
        raise BadModelFile(
            "the model has class shares that are negative or do not sum to one", REMEDY
        )


@dataclass(frozen=True)
class _Job:
    """Trees on one set of shared rows, grown one way, for the splits that chose it."""

    shared: SharedRows
    growth: Growth
    splits: tuple[int, ...]
    start: int
    n_trees: int


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Choose settings in each fold, then grow trees that serve every fold they have not seen."""
    found = shared_rows(folds)
    chosen = _choose(problem, folds, context)
    jobs = _jobs(problem, found, chosen)
    n_groves = sum(job.start == 0 for job in jobs)
    kept = -(-FINAL_TREES // n_groves)
    choosing = choosing_splits(folds)
    asked = [questions(folds, choosing, job.shared, job.splits) for job in jobs]

    def work(number: int) -> tuple[list[Array], NodeArrays | None]:
        job, rows = jobs[number], [each.rows for each in asked[number].values()]
        outputs, nodes = _grow(problem, context, job, rows)
        return outputs, first_trees(nodes, kept - job.start) if job.start < kept else None

    grown = context.map(work, range(len(jobs)))
    said: dict[Question, list[tuple[AskedRows, int, Array]]] = {}
    for job, own, (outputs, _) in zip(jobs, asked, grown, strict=True):
        for (question, each), given in zip(own.items(), outputs, strict=True):
            said.setdefault(question, []).append((each, job.n_trees, given))
    n_outputs = problem.n_outputs
    held = [
        whole(len(split.test), n_outputs, said["held", i]) for i, split in enumerate(folds.splits)
    ]
    paired = []
    for i, pair in enumerate(choosing):
        n_rows = len(pair[0].test) if pair else 0
        mean, n_trees = whole(n_rows, n_outputs, said.get(("choosing", i), ()))
        paired.append(mean if n_trees.all() else np.zeros((0, n_outputs)))
    settings = tuple(
        {**growth, "columns": round(growth["columns"], 3), "trees": int(held[i][1].max())}
        for i, growth in enumerate(chosen)
    )
    groves, served = _groves(problem, context, jobs, [kept for _, kept in grown])
    final = FoldMean(problem.task, problem.n_outputs, groves, COUNTED)
    models = tuple(
        replace(final, models=tuple(g for g, own in zip(groves, served, strict=True) if i in own))
        for i in range(len(folds.splits))
    )
    is_whole = all(model.models for model in models)
    return CrossFit(
        tuple(mean for mean, _ in held),
        settings,
        final,
        paired=tuple(paired),
        models=models if is_whole else (),
    )


def _jobs(problem: Problem, found: Sequence[SharedRows], chosen: Sequence[Growth]) -> list[_Job]:
    """List what is to be grown: each set of shared rows in every way that a split it serves has chosen."""
    jobs = []
    for shared in found:
        sample = weighted_sample(problem, shared.train, np.empty((len(shared.train), 0)))
        n_classes = len(np.unique(sample.y)) if problem.classes else 0
        ways: dict[str, list[int]] = {}
        for split in shared.serves:
            ways.setdefault(repr(chosen[split]), []).append(split)
        for splits in ways.values():
            growth = chosen[splits[0]]
            n_serving = len(serving(found, splits[0]))
            n_trees = -(-count_trees(len(sample.y), n_classes, growth) // n_serving)
            jobs += [
                _Job(shared, growth, tuple(splits), start, min(AT_ONCE, n_trees - start))
                for start in range(0, n_trees, AT_ONCE)
            ]
    return jobs


def _output_units(problem: Problem, sample: Sample) -> OutputUnits:
    units = OutputUnits.of(problem, sample)
    return replace(units, prior_share=1.0 / (len(sample.y) + 1.0)) if problem.classes else units


def _grow(
    problem: Problem, context: Context, job: _Job, asked: Sequence[Array]
) -> tuple[list[Array], NodeArrays]:
    """Grow the trees of a job; return what they say of each set of rows, and them."""
    # Splits served and first tree tell jobs apart; all that the seed depends on is indices.
    key = (*job.shared.serves, job.start)
    seed = int(context.rng("forest", *key).integers(2**31))
    train = job.shared.train
    encoder = encoder_for(context, train, relations=job.growth["relations"])
    sample = weighted_sample(problem, train, encoder.training_matrix(problem.design, train))
    units = _output_units(problem, sample)
    nodes = grow(
        units.learned(sample), job.growth, n_trees=job.n_trees, seed=seed, share=job.shared.share
    )
    means = (walk(nodes, encoder.matrix(problem.design, rows)) / job.n_trees for rows in asked)
    return [units.outputs(each) for each in means], nodes


def _groves(
    problem: Problem, context: Context, jobs: Sequence[_Job], grown: Sequence[NodeArrays | None]
) -> tuple[tuple[Grove, ...], tuple[frozenset[int], ...]]:
    """Put the trees on each set of shared rows that are kept together, with what turns them to outputs.

    Beside them stand the splits that each serves: those whose held-out rows it has not seen.
    """
    parts: dict[tuple[bytes, str], list[NodeArrays]] = {}
    first: dict[tuple[bytes, str], _Job] = {}
    for job, nodes in zip(jobs, grown, strict=True):
        if nodes is not None:
            key = job.shared.train.tobytes(), repr(job.growth)
            parts.setdefault(key, []).append(nodes)
            first[key] = job
    groves, served = [], []
    for key, nodes_of in parts.items():
        rows = first[key].shared.train
        encoder = encoder_for(context, rows, relations=first[key].growth["relations"])
        sample = weighted_sample(problem, rows, np.empty((len(rows), 0)))
        groves.append(Grove(encoder, join(nodes_of), _output_units(problem, sample)))
        served.append(frozenset(first[key].splits))
    return tuple(groves), tuple(served)


def _choose(problem: Problem, folds: Folds, context: Context) -> tuple[Growth, ...]:
    """Return the settings of least loss over each split's inner splits."""
    inner = [_inner(own) for own in judging_splits(folds)]

    def score(search: Search, number: int) -> list[Array]:
        return _try(problem, context, search, number)

    losses = search_shared(inner, score, context.map)
    chosen = []
    for split, own, lost in zip(folds.splits, inner, losses, strict=True):
        n_rows = len(own[0].train if own else split.train)
        tried = candidates(n_rows, len(problem.classes))
        total = np.zeros(len(tried))
        for each in lost:
            total += each
        chosen.append(tried[_best(total, tried, sum(len(pair.test) for pair in own))])
    return tuple(chosen)


def _best(losses: Array, tried: Sequence[Growth], n_rows: int) -> int:
    """Return the place of the settings to take, by what they lose on so many rows.

    The first unless another is clearly better, as folds that agree share their trees; and none on
    relations that do not spare enough.
    """
    related = np.array([growth["relations"] for growth in tried])
    plain = np.where(related, np.inf, losses)
    plain[0] *= 1.0 - CLEARLY
    best, other = int(plain.argmin()), int(np.where(related, losses, np.inf).argmin())
    return other if n_rows and spares_enough(losses[other], plain[best], n_rows) else best


def _inner(inner: tuple[Split, ...]) -> tuple[Split, ...]:
    """Return which of a split's inner splits choose for it; none where choosing would be luck."""
    n_rows = len(inner[0].train) if inner else 0
    if n_rows < CHOOSING_PAYS:
        return ()
    return inner[: 1 if n_rows > FEW_ROWS else SPLITS_FOR_FEW]


def _try(problem: Problem, context: Context, search: Search, number: int) -> list[Array]:
    """Return the losses of all settings on the rows of each judge; zeros if none."""
    tried = candidates(len(search.train), len(problem.classes))
    losses = np.full((len(search.tests), len(tried)), np.inf)
    for relations in (False, True):
        if relations and not finds_relations(context, search.train):
            continue
        own = [i for i, growth in enumerate(tried) if growth["relations"] == relations]
        encoder = encoder_for(context, search.train, relations=relations)
        # One seed for all: candidates differ by settings, not by the luck of rows.
        rng = context.rng("forest", "choose", number)
        losses[:, own] = _losses(problem, encoder, search, [tried[i] for i in own], rng)
    return list(losses)


def _losses(
    problem: Problem,
    encoder: TreeEncoder | RelatedEncoder,
    search: Search,
    tried: Sequence[Growth],
    rng: np.random.Generator,
) -> Array:
    """Return what settings of one encoding lose on the rows of each judge, (n_judges, n_tried)."""
    train, design = search.train, problem.design
    learning = weighted_sample(problem, train, encoder.training_matrix(design, train))
    units = OutputUnits.of(problem, learning)
    watching = [
        weighted_sample(problem, rows, encoder.matrix(design, rows)) for rows in search.tests
    ]
    if len(units.present) == 1:
        return np.zeros((len(search.tests), len(tried)))
    if problem.classes:
        watching = [w.take(np.flatnonzero(np.isin(w.y, units.present))) for w in watching]
    return held_out_losses(
        units.learned(learning),
        [units.learned(watched) for watched in watching],
        loss=problem.loss,
        rng=rng,
        tried=tried,
    )


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate what a job needs, relations of numbers in it, and what is held between jobs."""
    return needed_by_forest(sizes, most_relations(sizes.n_numbers))


FAMILY = Family(
    name="forest",
    title="Random forest",
    step=900,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Breiman (2001), Random forests, Machine Learning 45",
        "Geurts, Ernst & Wehenkel (2006), Extremely randomized trees, Machine Learning 63",
    ),
    final="average",
    cross_fit=cross_fit,
    load=load,
    needs=("sklearn",),
    weights=True,
    order_only=True,
    most_rows=rows_for_forest,
    memory=memory,
    form=ForestForm,
    state_version=2,
)

"""Let a network that reads pixels be a rung: one a fold, their mean the final model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rung.core.family import Context, CrossFit, Family, Model, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MB, MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, MissingExtra, NotApplicable
from rung.images.rows import PixelRows
from rung.nets.images.shape import ARCHITECTURES, SMALL_SIDE, ImageNetShape
from rung.prep.mean import FoldMean, load_mean
from rung.prep.outputs import absent_shares, softmax, spread_shares
from rung.prep.states import REMEDY, take_array, take_choice, take_count, take_weights
from rung.typing import Array, Settings, Task

if TYPE_CHECKING:
    from rung.nets.images.train import Recipe, TrainingImages

# Part of the training rows that chooses the pass, where the inner split holds back more.
MOST_JUDGED = 0.125
FEWEST_JUDGED = 20
TASKS: tuple[Task, ...] = ("regression", "binary", "multiclass")
# Numbers held while a batch is learned from, a pixel of the first layer's output.
ACTIVATIONS = {"small": 300, "residual": 1_000}
LARGEST_BATCH = 64
# Memory of torch itself, and of the weights with what the optimiser remembers of them.
TORCH = 350 * MB
# Pixels of one pass over the training images that is made within minutes.
MOST_PIXELS, FEWEST_ROWS = 50_000_000, 5_000
SIZES = {"n_channels": 100, "width": 4_096, "n_stages": 8, "n_blocks": 64}


@dataclass(frozen=True)
class ImageNetFold:
    """Predict with the network of one training set.

    Attributes
    ----------
    shape : ImageNetShape
        Of the network.
    weights : dict of str to ndarray
        By name, float32; empty where the target has one value.
    shift, scale : ndarray, float32, shape (channels,)
        Means and standard deviations of the training pixels.
    present : ndarray of int, shape (n_present,)
        Classes of the training rows; empty for regression.
    absent : ndarray, shape (n_outputs,)
        Probability of the other classes, before all are made to sum to one.
    units : ndarray, shape (3,)
        Regression: what the target was shifted and divided by; classes: by what scores are
        multiplied.
    """

    shape: ImageNetShape
    weights: dict[str, Array]
    shift: Array
    scale: Array
    present: Array
    absent: Array
    units: Array

    def predict(self, design: Any, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        images = pixels_of(design)
        found = self.scores(images if rows is None else images.take(rows))
        offset, scale, sharpness = self.units
        if not len(self.present):
            return np.asarray(offset + scale * found)
        return spread_shares(softmax(found * sharpness), self.present, self.absent)

    def scores(self, images: PixelRows) -> Array:
        """Return what the network says, averaged over the poses of the symmetry."""
        if not self.weights:
            return np.zeros((len(images), max(len(self.present), 1)))
        try:
            from rung.nets.images.predict import image_scores
        except ModuleNotFoundError as error:
            if error.name != "torch":
                raise
            raise MissingExtra(
                "a network of images needs torch to predict, which is not installed",
                "pip install 'rung[deep]'",
            ) from error
        if images.pixels.shape[1] != self.shape.n_channels:
            raise BadModelFile(
                f"the network reads {self.shape.n_channels} channels; images have "
                f"{images.pixels.shape[1]}",
                REMEDY,
            )
        return image_scores(self.shape, self.weights, images, self.shift, self.scale)

    def to_state(self) -> State:
        """Return sizes and arrays."""
        own = {
            "shift": self.shift,
            "scale": self.scale,
            "present": self.present,
            "absent": self.absent,
            "units": self.units,
        }
        weights = {f"net.{name}": array for name, array in self.weights.items()}
        return State(dict(self.shape.settings()), {**own, **weights})


def pixels_of(design: Any) -> PixelRows:
    """Return the images of a design.

    Raises
    ------
    NotApplicable
        If it is a table without any.
    """
    if not isinstance(getattr(design, "items", None), PixelRows):
        raise NotApplicable("there are no pixels to learn from")
    found: PixelRows = design.items
    return found


def on_pixels(
    architecture: str, make_recipe: Any, *, title: str, step: int, sources: tuple[str, ...]
) -> Family:
    """Return a family that trains networks on pixels.

    Parameters
    ----------
    architecture : str
        `small` or `residual`.
    make_recipe : callable
        Returns the `rung.nets.images.train.Recipe`; it is called when there is torch.
    title, step, sources : str, int, tuple of str
        As `Family` has them.
    """
    name = f"{architecture}_cnn"

    def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        return _cross_fit(name, make_recipe(), problem, folds, context)

    def memory(sizes: ProblemSizes) -> MemoryEstimate:
        n_out = sizes.n_pixels // (4 if sizes.n_pixels > SMALL_SIDE**2 else 1)
        return MemoryEstimate(job=4 * LARGEST_BATCH * ACTIVATIONS[architecture] * n_out, held=TORCH)

    def load(state: State) -> Model:
        return load_mean(state, lambda part, n: _load_fold(part, n, architecture))

    return Family(
        name=name,
        title=title,
        step=step,
        inputs="image",
        tasks=TASKS,
        sources=sources,
        final="average",
        cross_fit=cross_fit,
        load=load,
        needs=("torch",),
        memory=memory,
        most_rows=most_rows,
    )


def most_rows(sizes: ProblemSizes) -> int:
    """Return the training images that a network can pass over often enough within minutes.

    Examples
    --------
    >>> most_rows(ProblemSizes(1, 1, 1, 1, 1, 1, 1, 1, 1, n_pixels=64 * 64))
    12207
    """
    return max(MOST_PIXELS // max(sizes.n_pixels, 1), FEWEST_ROWS)


def _cross_fit(
    name: str, recipe: Recipe, problem: Problem, folds: Folds, context: Context
) -> CrossFit:
    from rung.nets.training.devices import choose_device, cpu_capability, repeatable

    pixels_of(problem.design)
    device = choose_device(context.device)

    def fit(split: int) -> tuple[ImageNetFold, Settings, Settings]:
        return _fit_split(name, recipe, problem, folds, split, context)

    with repeatable(device):
        fits = context.map(fit, range(len(folds.splits)))
        models, settings, training = zip(*fits, strict=True)
        predictions = tuple(
            context.map(
                lambda split: models[split].predict(problem.design, folds.splits[split].test),
                range(len(folds.splits)),
            )
        )
    final = FoldMean(problem.task, problem.n_outputs, models)
    note = f"{_count(models[0])} weights a fold, trained on {device.type}"
    precision = settings[0].get("precision")
    kernels = f" in {precision} ({cpu_capability()} kernels)" if device.type == "cpu" else ""
    return CrossFit(
        predictions,
        settings,
        final,
        notes=(note + kernels,) if precision else (),
        training=training,
        models=final.of_each_fold(),
    )


def _count(model: ImageNetFold) -> str:
    return f"{sum(array.size for array in model.weights.values()):,}"


def _fit_split(
    name: str, recipe: Recipe, problem: Problem, folds: Folds, split: int, context: Context
) -> tuple[ImageNetFold, Settings, Settings]:
    from rung.nets.images.train import TrainingImages, train_images
    from rung.nets.training.devices import choose_device

    learn, judged = inner_rows(folds, split)
    images, y = pixels_of(problem.design), problem.y
    present = np.unique(y[learn]) if problem.classes else np.zeros(0, dtype=np.int64)
    absent = absent_shares(present, len(problem.classes), len(folds.splits[split].train))
    offset, scale = _units(y[learn]) if not problem.classes else (0.0, 1.0)
    target: Array = np.searchsorted(present, y)
    if problem.classes:
        judged = judged[np.isin(y[judged], present)]
    else:
        target = (y - offset) / (scale or 1.0)
    given = TrainingImages(images, learn, judged, target, max(len(present), 1), _loss(problem))
    units = np.array([offset, scale, 1.0])
    if len(present) == 1 or scale == 0.0:
        return _constant(recipe, given, present, absent, units), {"passes": 0}, {}
    found = train_images(
        recipe,
        given,
        generator=context.rng(name, split),
        device=choose_device(context.device),
        store=context.shelf("train", split),
        tries_rates=split == 0,
    )
    model = ImageNetFold(
        ImageNetShape(**found["shape"]),
        found["weights"],
        found["shift"],
        found["scale"],
        present,
        absent,
        units,
    )
    return _judged(model, given), _settings(found), _record(found)


def inner_rows(folds: Folds, split: int) -> tuple[Array, Array]:
    """Return rows to learn from, and those by which the pass is chosen: all in the training set.

    The first inner split holds them back; what it holds back beyond an eighth is learned from.
    """
    train, inner = folds.splits[split].train, folds.inner(split)[:1]
    if not inner or len(inner[0].test) < FEWEST_JUDGED:
        return train, np.zeros(0, dtype=np.int64)
    most = max(int(MOST_JUDGED * len(train)), FEWEST_JUDGED)
    judged = inner[0].test[:most]
    return np.setdiff1d(train, judged), judged


def _units(y: Array) -> tuple[float, float]:
    """Return what is taken off a target, and by what it is divided; 0 where it does not vary."""
    size = float(np.abs(y - y[0]).max())
    if not size > 0.0:
        return float(y[0]), 0.0
    near = (y - y[0]) / size
    return float(y[0] + size * near.mean()), size * float(near.std())


def _loss(problem: Problem) -> str:
    if problem.classes:
        return "cross_entropy"
    return "absolute" if problem.loss in ("absolute_error", "relative_error") else "squared"


def _constant(
    recipe: Recipe, given: TrainingImages, present: Array, absent: Array, units: Array
) -> ImageNetFold:
    n_channels = given.images.pixels.shape[1]
    shape = recipe.shape(given.images.pixels.shape[1:], max(len(present), 1))
    none, one = np.zeros(n_channels, np.float32), np.ones(n_channels, np.float32)
    return ImageNetFold(shape, {}, none, one, present, absent, units)


def _judged(model: ImageNetFold, given: TrainingImages) -> ImageNetFold:
    """Multiply scores so that the images which chose the pass find them as sharp as they are."""
    if given.loss != "cross_entropy" or len(given.judged) < FEWEST_JUDGED:
        return model
    found = model.scores(given.images.take(given.judged))
    sharpness = best_sharpness(found, given.target[given.judged])
    return ImageNetFold(**{**vars(model), "units": np.array([0.0, 1.0, sharpness])})


def best_sharpness(scores: Array, labels: Array) -> float:
    """Return by what to multiply scores for the least log loss, between a third and three.

    Source
    ------
    Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks, ICML.

    Examples
    --------
    >>> best_sharpness(np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([1, 1]))
    3.0
    """
    tried = np.geomspace(1 / 3, 3, 81)
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(scores * each)[rows, labels] + 1e-300).mean() for each in tried]
    return float(tried[int(np.argmin(losses))])


def _settings(found: dict[str, Any]) -> Settings:
    judged = [point["judged"] for point in found["curve"]]
    plan = found["plan"]
    return {
        "best_pass": 1 + judged.index(min(judged)),
        **{name: plan[name] for name in ("passes", "batch_images", "learning_rate", "precision")},
        "width": found["shape"]["width"],
    }


def _record(found: dict[str, Any]) -> Settings:
    curve = found["curve"]
    record: Settings = {"inner_loss": [point["loss"] for point in curve]}
    if "range_test" in found:
        record = {**record, "range_test": found["range_test"]}
    held = [point["judged"] for point in curve]
    return {**record, "inner_held_loss": held} if max(held) > 0 else record


def _load_fold(state: State, n_outputs: int, architecture: str) -> ImageNetFold:
    """Rebuild the network of a fold, checking the shape of each array against its layer."""
    take_choice(state, "architecture", tuple(a for a in ARCHITECTURES if a == architecture))
    sizes = {name: take_count(state, name, low=1, high=high) for name, high in SIZES.items()}
    halves = _take_truth(state, "halves")
    if n_outputs == 1:
        present = take_array(state, "present", (0,), whole=True)
        absent = take_array(state, "absent", (0,))
    else:
        present = take_array(state, "present", (None,), low=0, high=n_outputs - 1, whole=True)
        absent = take_array(state, "absent", (n_outputs,), low=0, high=1)
        if not len(present) or (np.diff(present) <= 0).any() or absent[present].any():
            raise BadModelFile("outputs of the model do not fit together", REMEDY)
    scores = take_count(state, "n_outputs", low=max(len(present), 1), high=max(len(present), 1))
    shape = ImageNetShape(architecture, n_outputs=scores, halves=halves, **sizes)
    has_weights = any(name.startswith("net.") for name in state.arrays)
    if not has_weights and len(present) > 1:
        raise BadModelFile("a network of the model has no weights", REMEDY)
    named = {f"net.{name}": size for name, size in shape.sizes().items()} if has_weights else {}
    left = {name for name in state.arrays if name.startswith("net.")} - set(named)
    if left:
        raise BadModelFile(f"array {min(left)!r} belongs to no layer of the network", REMEDY)
    channels = (sizes["n_channels"],)
    return ImageNetFold(
        shape,
        {name[4:]: take_weights(state, name, size) for name, size in named.items()},
        take_weights(state, "shift", channels),
        take_weights(state, "scale", channels, low=float(np.finfo(np.float32).tiny)),
        present,
        absent,
        take_array(state, "units", (3,)),
    )


def _take_truth(state: State, name: str) -> bool:
    """Return one truth value of a state's spec."""
    value = state.spec.get(name)
    if type(value) is not bool:
        raise BadModelFile(
            f"entry {name!r} of the model is {value!r}, neither true nor false", REMEDY
        )
    return value

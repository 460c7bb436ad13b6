"""Train many networks of one shape at once, each as if it were alone.

Every model has rows, order of rows, learning rate, decay, dropped units and end of its own; a
model that has stopped leaves the batch, so that the others go on faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rung.nets.tables.flat import FlatLayout
from rung.nets.tables.layers import Parameters, forward
from rung.nets.tables.losses import Loss
from rung.nets.tables.optim import Optimiser, StepPace, clip
from rung.nets.tables.plans import Course, Held, TrainingPlan, is_over, is_watched
from rung.nets.tables.shapes import NetworkShape, initial
from rung.nets.tables.slope import Batch, Buffers, Slope, parts
from rung.typing import Array

CELLS_AT_ONCE = 1 << 19


@dataclass(frozen=True)
class PopulationRows:
    """Hold what all models learn from.

    Attributes
    ----------
    inputs : Tensor, shape (n_rows, n_inputs)
        float32, or float64 in tests.
    target, weight : Tensor, shape (n_rows,)
        Values or class numbers; weights of mean one, or None where all are one.
    loss : Loss
        What is lowered.
    judge : Loss
        What the watched rows are judged by.
    batch_rows : int
        Rows of a step.
    longest : float
        Longest gradient; 0 for any.
    """

    inputs: Tensor
    target: Tensor
    weight: Tensor | None
    loss: Loss
    judge: Loss
    batch_rows: int
    longest: float = 0.0


class Population:
    """Train models side by side.

    Attributes
    ----------
    courses : tuple of Course
        One for each plan, in order.
    alive : list of int
        Plans that still train, in order; the leading axis of all tensors.
    lost : Tensor, shape (n_alive,)
        Losses of the steps of this pass, summed.
    """

    def __init__(
        self, shape: NetworkShape, plans: Sequence[TrainingPlan], lesson: PopulationRows
    ) -> None:
        self.plans, self.lesson = tuple(plans), lesson
        self.courses = tuple(Course(tuple(Held() for _ in plan.watched)) for plan in plans)
        self.alive = list(range(len(plans)))
        some = lesson.inputs
        self.shape, self.layout = shape, FlatLayout.of(shape)
        drawn = initial(shape, [plan.generator for plan in plans])
        empty = some.new_empty(len(plans), self.layout.size)
        self.values = self.layout.fill(empty, drawn)
        self.slopes = torch.zeros_like(self.values)
        self.optimiser = Optimiser(self.values, self.slopes, self.layout)
        self.batch_rows = lesson.batch_rows
        self._steps = [len(plan.rows) // self.batch_rows for plan in plans]
        self._done = [0] * len(plans)
        self._orders: list[Tensor] = [torch.zeros(0, dtype=torch.int64)] * len(plans)
        self.lost = some.new_zeros(len(plans))
        self._masker = [_masker(plan, some.device) for plan in plans]
        self._scale = _scales(plans, some)
        self._lay_out()

    def _lay_out(self) -> None:
        """Divide those that still train into parts that share memory for a step."""
        self.parameters: Parameters = self.layout.views(self.values)
        slopes = self.layout.views(self.slopes)
        self._parts: list[tuple[slice, Slope]] = []
        if not self.alive:
            return
        places = parts(len(self.alive), self.shape, self.batch_rows)
        drops = any(self.plans[model].dropout for model in self.alive)
        self._room = Buffers(places[0].stop, self.shape, self.batch_rows, self.lost, drops=drops)
        for place in places:
            own, theirs = (
                {name: each[place] for name, each in values.items()}
                for values in (self.parameters, slopes)
            )
            scale = None if self._scale is None else self._scale[place]
            self._parts.append((place, Slope(self.shape, own, theirs, scale, self._room)))

    def passes(self, model: int) -> int:
        """Return how many passes over its rows a model has done."""
        return self._done[model] // self._steps[model]

    def run(self, until: int | None = None) -> None:
        """Train until every model has ended, or has done so many passes over its rows at least."""
        while any(until is None or self.passes(model) < until for model in self.alive):
            self.step()
            ended = [m for m in self.alive if self._done[m] % self._steps[m] == 0]
            if ended:
                self._look(ended)

    def stop(self, models: Sequence[int]) -> None:
        """End the training of these models here."""
        gone = set(models)
        places = [place for place, model in enumerate(self.alive) if model not in gone]
        for place, model in enumerate(self.alive):
            if model in gone:
                self.courses[model].parameters = self._weights(place)
        chosen = torch.tensor(places, dtype=torch.int64, device=self.lost.device)
        self.alive = [self.alive[place] for place in places]
        self.values, self.slopes = self.values[chosen], self.slopes[chosen]
        self.optimiser.keep(chosen, self.values, self.slopes)
        self.lost = self.lost[chosen]
        self._scale = None if self._scale is None else self._scale[chosen]
        self._lay_out()

    @torch.no_grad()
    def step(self) -> None:
        """Take one step with every model that still trains."""
        chosen = self._batch()
        for place, slope in self._parts:
            batch, masks = self._rows(chosen[place]), self._masks(place)
            self.lost[place] += slope.of(batch, self.lesson.loss, masks)
        if self.lesson.longest:
            clip(self.slopes, self.lesson.longest)
        self.optimiser.step([self._pace(model) for model in self.alive])
        for model in self.alive:
            self._done[model] += 1

    def _pace(self, model: int) -> StepPace:
        plan, done = self.plans[model], self._done[model]
        progress = done / (plan.epochs * self._steps[model])
        rate = plan.learning_rate * plan.schedule(progress)
        return StepPace(rate, plan.weight_decay, done, plan.orthogonal)

    def _batch(self) -> Tensor:
        """Return the next rows of each model, (n_alive, batch_rows)."""
        pieces = []
        for model in self.alive:
            step = self._done[model] % self._steps[model]
            if step == 0:
                plan = self.plans[model]
                order = plan.rows[plan.generator.permutation(len(plan.rows))]
                self._orders[model] = torch.from_numpy(order).to(self.lesson.inputs.device)
            start = step * self.batch_rows
            pieces.append(self._orders[model][start : start + self.batch_rows])
        return torch.stack(pieces)

    def _rows(self, chosen: Tensor) -> Batch:
        """Gather the rows of a step, chosen of shape (n_models, batch_rows)."""
        lesson, flat = self.lesson, chosen.flatten()
        inputs = self._room.inputs[: len(chosen)]
        torch.index_select(lesson.inputs, 0, flat, out=inputs.view(len(flat), -1))
        target = lesson.target.index_select(0, flat).view(chosen.shape)
        if lesson.weight is None:
            return Batch(inputs, target)
        return Batch(inputs, target, lesson.weight.index_select(0, flat).view(chosen.shape))

    def _masks(self, place: slice) -> list[Tensor]:
        """Draw which hidden units of which rows stay, for each model from its own generator."""
        models = self.alive[place]
        if self._room.masks is None or not any(self.plans[model].dropout for model in models):
            return []
        masks = self._room.masks[:, : len(models)]
        for number, model in enumerate(models):
            self._mask(model, masks[:, number])
        return list(masks)

    def _mask(self, model: int, mask: Tensor) -> None:
        """Draw what the hidden units of one model are multiplied by."""
        plan, generator = self.plans[model], self._masker[model]
        if not plan.dropout:
            mask.fill_(1.0)
            return
        # A byte a unit is drawn ten times faster than a number; shares are multiples of 1/256.
        n_kept = max(round(256 * (1.0 - plan.dropout)), 1)
        if generator is not None:
            drawn = torch.rand(mask.shape, generator=generator, device=mask.device)
            torch.lt(drawn, n_kept / 256, out=mask)
        else:
            words = plan.generator.integers(1 << 64, size=-(-mask.numel() // 8), dtype=np.uint64)
            drawn = torch.from_numpy(words.view(np.uint8)[: mask.numel()])
            torch.le(drawn.view(mask.shape), n_kept - 1, out=mask)  # 256 is no byte
        mask.mul_(256 / n_kept)

    def _look(self, ended: Sequence[int]) -> None:
        """Record a finished pass of these models, and stop those that are done."""
        places = [self.alive.index(model) for model in ended]
        trained = (
            self.lost[places] / self.lost.new_tensor([self._steps[m] for m in ended])
        ).tolist()
        self.lost[places] = 0.0
        sizes = self.optimiser.step_sizes([self._pace(m) for m in self.alive])
        for place, model, loss in zip(places, ended, trained, strict=True):
            self.courses[model].train_loss.append(loss)
            self.courses[model].step_size.append(sizes[place])
        for number in range(max(len(self.courses[model].held) for model in ended)):
            self._judge([model for model in ended if self._is_watched(model, number)], number)
        over = [
            model
            for model in ended
            if is_over(self.plans[model], self.courses[model], self.passes(model))
        ]
        if over:
            self.stop(over)

    def _is_watched(self, model: int, number: int) -> bool:
        return is_watched(self.plans[model], self.courses[model], number)

    def _judge(self, models: Sequence[int], number: int) -> None:
        """Record the loss of these models on one set of their watched rows; keep the best."""
        if not models:
            return
        places = [self.alive.index(model) for model in models]
        rows = [self.plans[model].watched[number] for model in models]
        for place, model, loss in zip(places, models, self._watched(places, rows), strict=True):
            held = self.courses[model].held[number]
            held.loss.append(loss)
            if not held.parameters or loss < min(held.loss[:-1]):
                held.parameters, held.best = self._weights(place), len(held.loss)

    def _watched(self, places: Sequence[int], rows: Sequence[Array]) -> list[float]:
        """Return the judged loss of these models, each on its rows."""
        longest = max(len(each) for each in rows)
        padded = np.stack([np.resize(each, longest) for each in rows])
        counted = np.arange(longest) < np.array([[len(each)] for each in rows])
        device = self.lesson.inputs.device
        losses = self._judged(
            torch.tensor(places, device=device), torch.from_numpy(padded).to(device)
        )
        kept = torch.from_numpy(counted).to(losses)
        if self.lesson.weight is not None:
            kept = kept * self.lesson.weight[torch.from_numpy(padded).to(device)]
        sums = torch.stack([(losses.double() * kept).sum(1), kept.double().sum(1)]).tolist()
        return [total / weight for total, weight in zip(*sums, strict=True)]

    @torch.no_grad()
    def _judged(self, places: Tensor, rows: Tensor) -> Tensor:
        """Return the judged loss of each row, (n_places, n_rows), in blocks that fit in memory."""
        some = {name: each[places] for name, each in self._scaled().items()}
        per_row = len(places) * max(
            self.lesson.inputs.shape[1], self.shape.n_members * self.shape.width
        )
        size = max(CELLS_AT_ONCE // per_row, 1)
        found = []
        for block in torch.split(rows, size, dim=1):
            inputs = self.lesson.inputs.index_select(0, block.flatten()).view(*block.shape, -1)
            found.append(
                self.lesson.judge.of_mean(forward(some, inputs), self.lesson.target[block])
            )
        return torch.cat(found, dim=1)

    def _weights(self, place: int) -> dict[str, Array]:
        return {
            name: each[place].detach().cpu().numpy().copy() for name, each in self._scaled().items()
        }

    def _scaled(self) -> Parameters:
        """Return the parameters as the columns themselves meet them."""
        if self._scale is None:
            return self.parameters
        first = self.parameters["first.weight"] * self._scale
        return {**self.parameters, "first.weight": first}


def _masker(plan: TrainingPlan, device: torch.device) -> torch.Generator | None:
    if not plan.dropout or device.type == "cpu":
        return None
    generator = torch.Generator(device)
    generator.manual_seed(int(plan.generator.integers(2**62)))
    return generator


def _scales(plans: Sequence[TrainingPlan], inputs: Tensor) -> Tensor | None:
    """Return what the first weights of each model are multiplied by, (n_models, n_inputs, 1)."""
    if all(plan.scale is None for plan in plans):
        return None
    rows = [np.ones(inputs.shape[1]) if plan.scale is None else plan.scale for plan in plans]
    return inputs.new_tensor(np.stack(rows)).unsqueeze(2)

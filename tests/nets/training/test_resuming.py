"""A training is laid down whole, and taken up by the same training alone."""

import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.core.family import State
from rung.nets.training.resuming import TrainingCheckpoint
from tests.nets.shelves import Shelf


def line(bias=0.0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = torch.nn.Linear(2, 1)
    with torch.no_grad():
        made.bias.fill_(bias)
    return made


def test_what_was_laid_down_is_put_back_with_its_counters():
    rest = TrainingCheckpoint(Shelf(), {"width": 2})
    rest.lay({"modules": {"line": line(3.0)}}, {"step": 5})
    again = line()
    assert rest.take({"modules": {"line": again}}) == {"step": 5}
    assert again.bias.item() == 3.0


def test_without_a_shelf_or_a_state_training_begins_anew():
    for rest in (TrainingCheckpoint(None, {}), TrainingCheckpoint(Shelf(), {})):
        assert rest.take({"modules": {"line": line()}}) is None
    TrainingCheckpoint(None, {}).lay({"modules": {"line": line()}}, {})


@pytest.mark.parametrize("settings", [{"width": 3}, {}])
def test_a_training_with_other_settings_is_not_taken_up(settings):
    shelf = Shelf()
    TrainingCheckpoint(shelf, {"width": 2}).lay({"modules": {"line": line(3.0)}}, {})
    again = line()
    assert TrainingCheckpoint(shelf, settings).take({"modules": {"line": again}}) is None
    assert again.bias.item() == 0.0


def test_a_state_that_does_not_fit_is_not_taken_up():
    shelf = Shelf()
    TrainingCheckpoint(shelf, {}).lay({"modules": {"other": line(3.0)}}, {})
    assert TrainingCheckpoint(shelf, {}).take({"modules": {"line": line()}}) is None
    shelf.lay(State({"settings": {}}))
    assert TrainingCheckpoint(shelf, {}).take({"modules": {"line": line()}}) is None

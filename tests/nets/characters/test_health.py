"""What trained networks look like inside."""

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.families.text import char_mlp, gpt, gru, neural_bigram, wavenet
from rung.nets.characters.fit_recurrent import _Network
from rung.nets.characters.fit_window import first_weights
from rung.nets.characters.gpt import GPT
from rung.nets.characters.gpt_forward import GPTReader
from rung.nets.characters.health import (
    BINS,
    MOST_CHARACTERS,
    MOST_PLACES,
    attention,
    bent_layer,
    embedding,
    gpt_health,
    rectified_layer,
    recurrent_health,
    window_health,
)
from rung.nets.characters.recurrent import RecurrentReader, RecurrentShape
from rung.nets.characters.shape import GptShape, hashed_neighbours, turns
from rung.nets.characters.window import WindowReader, WindowShape
from rung.store.modelfile import pack
from rung.text.passages import lines
from rung.text.problem import TextProblem
from rung.text.vocabulary import Vocabulary
from tests.families.text.laws import cross_fitted, lines_problem, stream_problem

NOTED = {"slopes": {"layers": []}, "updates": {"layers": []}}
FAMILIES = {module.NAME: module.FAMILY for module in (neural_bigram, char_mlp, wavenet, gru, gpt)}


def window(change):
    shape = WindowShape(9, 4, 3, hidden=5, fuse=2)
    weights = {name: each.numpy() for name, each in first_weights(shape, 0, "cpu").items()}
    change(weights)
    return WindowReader(shape, 0, weights)


def transformer(layers=2, symbols=9):
    shape = GptShape(symbols=symbols, context=32, layers=layers, heads=2, width=16, table=64)
    network = GPT(shape, torch.Generator().manual_seed(0))
    for number, parameter in enumerate(network.parameters()):
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(number))
    weights = {name: each.detach().numpy() for name, each in network.named_parameters()}
    return GPTReader(shape, 0, weights)


def test_shares_of_a_histogram_sum_to_one_whatever_lies_outside():
    sums = np.random.default_rng(0).normal(size=(200, 7)) * 40.0
    for found in (rectified_layer(sums), bent_layer(np.tanh(sums))):
        assert len(found["shares"]) == BINS
        assert sum(found["shares"]) == pytest.approx(1.0, abs=2e-3)


def test_a_unit_that_is_stuck_is_found_in_the_layer_that_it_stands_in():
    def stick(weights):
        weights["shift.1"][2] = 50.0

    first, second = window_health(lines_problem(), window(change=stick), NOTED)["health"][
        "activations"
    ]["layers"]
    assert second["dead_units"] == pytest.approx(1 / 5)
    assert first["dead_units"] == 0.0
    assert second["saturated"] >= 1 / 5


def test_a_unit_is_saturated_beyond_what_the_page_says():
    """`docs/text.md`: beyond 0.97 in size; dead where it is so at every character."""
    values = np.array([[0.96, -0.98, 0.98], [0.96, -0.98, -0.5]])
    layer = bent_layer(values)
    assert layer["saturated"] == pytest.approx(3 / 6, abs=1e-4)
    assert layer["dead_units"] == pytest.approx(1 / 3, abs=1e-4)


def test_a_rectified_unit_that_never_fires_is_found():
    reader = transformer(layers=1)
    # A matrix of zeros for one unit: its sums are zero, and a rectifier lets only more through.
    reader.weights["hidden.0"][3] = 0.0
    (layer,) = gpt_health(lines_problem(), reader, NOTED)["health"]["activations"]["layers"]
    assert layer["dead_units"] == pytest.approx(1 / 64, abs=1e-4)
    assert 0.3 < layer["off"] < 0.7


def test_a_recurrent_network_that_forgets_all_at_once_keeps_numbers_near_zero():
    shape = RecurrentShape(9, 8, width=4, hidden=6)
    network = _Network(shape)
    network.draw(torch.Generator().manual_seed(0))
    weights = {name: 0.0 * each for name, each in network.weights().items()}
    reader = RecurrentReader(shape, 0, weights)
    (layer,) = recurrent_health(lines_problem(), reader, NOTED)["health"]["activations"]["layers"]
    assert layer["shares"][BINS // 2] == 1.0
    assert layer["dead_units"] == 0.0


def test_the_map_lies_along_the_directions_of_a_singular_value_decomposition():
    problem = lines_problem()
    table = np.random.default_rng(1).normal(size=(9, 6))
    found = embedding(table, problem)
    assert found["characters"] == ["", *"abcdefgh"]
    centred = table - table.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred)
    expected = centred @ directions[:2].T
    for name, column in zip(("x", "y"), expected.T, strict=True):
        places = np.array(found[name])
        sign = np.sign(places @ column)
        np.testing.assert_allclose(sign * places, column, atol=1e-3)
        assert places[np.abs(places).argmax()] > 0
    shares = np.square(sizes) / np.square(sizes).sum()
    np.testing.assert_allclose(found["variance"], shares[:2], atol=1e-3)


def test_the_map_of_many_characters_holds_those_that_are_most_frequent():
    letters = tuple(map(chr, range(0x4E00, 0x4E00 + 300)))
    tokens = np.concatenate([np.repeat(np.arange(1, 301), np.arange(1, 301)), [0]])
    train = lines(tokens.astype(np.uint16), np.array([0, len(tokens)]))
    problem = TextProblem("lines", Vocabulary(letters, ends=True), 8, train, train, train)
    found = embedding(np.random.default_rng(0).normal(size=(301, 4)), problem)
    assert found["characters"] == list(letters[-MOST_CHARACTERS:])


def test_one_character_has_a_place():
    train = lines(np.array([0, 0], dtype=np.uint8), np.array([0, 1, 2]))
    problem = TextProblem("lines", Vocabulary(("a",), ends=True), 8, train, train, train)
    found = embedding(np.ones((2, 1)), problem)
    assert (found["characters"], found["x"], found["y"]) == ([""], [0.0], [0.0])


def test_half_of_a_character_can_be_written_down():
    train = lines(np.array([1, 2, 0], dtype=np.uint8), np.array([0, 3]))
    problem = TextProblem("lines", Vocabulary(("a", "\ud800"), ends=True), 8, train, train, train)
    assert embedding(np.eye(3), problem)["characters"] == ["", "a", "\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize("problem", [lines_problem(), stream_problem()])
def test_attention_of_every_character_sums_to_a_hundred_percent(problem):
    found = attention(problem, transformer())
    n = len(found["characters"])
    assert 1 <= n <= MOST_PLACES
    assert [len(layer) for layer in found["percent"]] == [2, 2]
    for rows in (rows for layer in found["percent"] for rows in layer):
        shares = [list(map(int, row.split())) for row in rows]
        assert [len(row) for row in shares] == list(range(1, n + 1))
        assert all(abs(sum(row) - 100) <= (len(row) + 1) // 2 for row in shares)
        assert shares[0] == [100]


def test_attention_is_that_of_the_definition():
    problem, reader = lines_problem(), transformer(layers=1)
    found = attention(problem, reader)
    tokens = np.array([0, *problem.vocabulary.encode("".join(found["characters"]))])
    (pairs,), (triples,) = hashed_neighbours(tokens[None], np.zeros_like(tokens[None]), 64)
    own = reader.weights

    def normed(values):
        return values / np.sqrt(np.square(values).mean(axis=-1, keepdims=True) + 1e-6)

    stream = normed(own["symbol"][tokens] + own["pair"][pairs] + own["triple"][triples])
    parts = (normed(stream) @ own["query_key_value.0"].T).reshape(len(tokens), 3, 2, 8)
    turn = turns(np.arange(len(tokens)), 8)
    for head in range(2):
        query, key = (normed(parts[:, part, head]).astype(np.float64) for part in (0, 1))
        query, key = ((each[:, ::2] + 1j * each[:, 1::2]) * turn for each in (query, key))
        scores = np.tril(np.exp((query @ key.conj().T).real / np.sqrt(8)))
        expected = 100 * scores / scores.sum(axis=1, keepdims=True)
        for place, row in enumerate(found["percent"][0][head]):
            np.testing.assert_allclose(
                list(map(int, row.split())), expected[place, : place + 1], atol=0.51
            )


@pytest.mark.parametrize("name", FAMILIES)
def test_every_network_says_what_it_looks_like_in_plain_data_of_training_text_alone(name):
    problem = lines_problem(60)
    (record,) = cross_fitted(FAMILIES[name], problem).training
    health = record["health"]
    assert json.loads(json.dumps(health, allow_nan=False)) == health
    assert len(pack({"health": health}, {})) < 60_000
    assert ("activations" in health) == (name != "neural_bigram")
    assert ("attention" in health) == (name == "gpt")
    layers = [layer["name"] for layer in health["slopes"]["layers"]]
    assert layers == [layer["name"] for layer in health["updates"]["layers"]]
    checks = {len(layer["log10"]) for layer in health["updates"]["layers"]}
    assert checks == {len(record["final_loss"])}
    other = replace(problem, verdict=replace(problem.verdict, tokens=problem.verdict.tokens * 0))
    assert cross_fitted(FAMILIES[name], other).training == (record,)

"""Models of text: surprise, samples, files that are damaged or forged."""

import numpy as np
import pytest

from rung.errors import BadModelFile
from rung.kinds.model_file import read_model_bytes
from rung.kinds.text.options import TextOptions
from rung.store.modelfile import pack, unpack
from rung.workbench.run import run_ladder
from tests.workbench.texts import name_list, story

FAMILIES = ("uniform", "unigram", "bigram", "ngram")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    path = tmp_path_factory.mktemp("stream") / "story.txt"
    path.write_text(story())
    found = {}
    for name in FAMILIES:
        options = TextOptions(families=(name,), choose="simplest", margin=0.0)
        run = run_ladder(name_list(), options)
        found["lines", run.model.family.name] = run.model
    stream = TextOptions(reading="text", families=("bigram",))
    found["stream", "bigram"] = run_ladder(path, stream).model
    return found


def test_a_model_of_each_family_was_made(models):
    assert len(models) >= 3


def test_a_model_comes_back_from_its_file_to_the_byte(models):
    for model in models.values():
        again = read_model_bytes(model.to_bytes(), "model.rung")
        assert again.to_bytes() == model.to_bytes()
        assert again.nats("mari").tobytes() == model.nats("mari").tobytes()


def test_surprise_sums_to_the_loss_of_the_line(models):
    model = models["lines", "ngram"]
    table = model.surprise(["mari", "elo"])
    assert table["line"] == [1] * 5 + [2] * 4
    assert table["character"] == ["m", "a", "r", "i", "", "e", "l", "o", ""]
    expected = model.nats("mari").sum() + model.nats("elo").sum()
    assert sum(table["nats"]) == pytest.approx(expected)
    assert sum(table["bits"]) == pytest.approx(expected / np.log(2))


def test_after_an_unknown_character_the_text_begins_anew(models):
    model = models["lines", "ngram"]
    found = model.nats("ma☃ri")
    assert np.isnan(found[2])
    assert found[3] == model.nats("ri")[0]
    assert found[4:].tolist() == model.nats("ri")[1:].tolist()


def test_a_stream_is_read_in_one_go(models):
    table = models["stream", "bigram"].surprise(["mari", "elo"])
    assert table["character"] == list("mari\nelo\n")
    assert table["line"] == [1] * 5 + [2] * 4
    assert table["position"] == list(range(1, 10))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_keep_their_numbers_where_some_are_blank(models, tmp_path, ending):
    (tmp_path / "new.txt").write_bytes(ending.join(["mari", "", "", "elo", ""]).encode())
    model = models["lines", "ngram"]
    assert model.surprise(tmp_path / "new.txt")["line"] == [1] * 5 + [4] * 4
    assert model.surprise(["ma", "", "elo"])["line"] == [1] * 3 + [3] * 4
    assert model.surprise(["", ""])["line"] == []


def test_characters_that_are_not_known_are_counted(models):
    found = models["lines", "ngram"].surprise(["ma☃", "☃☃"])
    assert found["known"] == [True, True, False, True, False, False, True]
    assert [one is None for one in found["bits"]] == [not one for one in found["known"]]


def test_a_declared_encoding_is_taken_at_prediction(models, tmp_path):
    (tmp_path / "new.txt").write_bytes("Ка".encode("koi8-r"))
    found = models["lines", "ngram"].surprise(tmp_path / "new.txt", encoding="koi8-r")
    assert found["character"] == ["К", "а", ""]


def test_a_text_of_unknown_characters_only_costs_nothing_that_is_known(models):
    assert models["lines", "ngram"].surprise(["☃"])["bits"][0] is None


def test_inspection_names_the_characters_and_what_is_remembered(models):
    described = models["lines", "ngram"].describe()
    assert described["characters"] == "aeiklmnorst"
    assert described["remembers_training_text"]["as"] == "hashes of lines"


@pytest.mark.parametrize("kind", [("lines", "ngram"), ("lines", "unigram"), ("stream", "bigram")])
def test_damaged_files_are_refused_or_the_same(models, kind):
    data, rng = models[kind].to_bytes(), np.random.default_rng(0)
    for _ in range(150):
        damaged = bytearray(data)
        if rng.random() < 0.2:
            damaged = damaged[: rng.integers(len(data))]
        else:
            damaged[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
        with pytest.raises(BadModelFile, match="model"):
            read_model_bytes(bytes(damaged), "model.rung")


FORGERIES = {
    "kind": lambda spec, arrays: spec.update(kind="verse"),
    "unknown": lambda spec, arrays: spec.update(family="linear"),
    "version": lambda spec, arrays: spec.update(state_version=99),
    "no characters": lambda spec, arrays: arrays.update(characters=np.zeros(0, np.uint32)),
    "out of order": lambda spec, arrays: arrays.update(characters=arrays["characters"][::-1]),
    "line end": lambda spec, arrays: arrays["characters"].__setitem__(0, 10),
    "shape": lambda spec, arrays: arrays.update(characters=arrays["characters"][:-1]),
    "vocabulary of": lambda spec, arrays: spec["state"].update(n_tokens=0),
    "not a model": lambda spec, arrays: spec.pop("membership"),
    "training text": lambda spec, arrays: spec["membership"].update(kind="other"),
}


@pytest.mark.parametrize("said", FORGERIES)
def test_a_forged_file_is_refused(models, said):
    spec, arrays, strings = unpack(models["lines", "ngram"].to_bytes())
    spec = {key: value for key, value in spec.items() if key not in ("schema", "readable_by")}
    FORGERIES[said](spec, arrays)
    with pytest.raises(BadModelFile, match=said):
        read_model_bytes(pack(spec, arrays, strings), "model.rung")


def test_tampered_counts_are_refused_or_give_probabilities(models):
    """Change numbers inside and sign anew, as an attacker would."""
    spec, arrays, strings = unpack(models["lines", "ngram"].to_bytes())
    spec = {key: value for key, value in spec.items() if key not in ("schema", "readable_by")}
    rng = np.random.default_rng(1)
    for _ in range(60):
        forged = {name: array.copy() for name, array in arrays.items()}
        name = str(rng.choice([one for one in forged if one.startswith("state/")]))
        flat = forged[name].reshape(-1).view(np.uint8)
        flat[rng.integers(len(flat))] ^= 1 << int(rng.integers(8))
        try:
            model = read_model_bytes(pack(spec, forged, strings), "model.rung")
        except BadModelFile:
            continue
        assert np.all(model.nats("mariano") >= 0)

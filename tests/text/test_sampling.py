"""Drawing texts."""

import numpy as np
import pytest

from rung.errors import BadModelFile
from rung.text.additive import fit_additive
from rung.text.sampling import SampleOptions, draw_texts
from tests.families.text.laws import random_lines

MODEL = fit_additive(random_lines(200, 1), 2, added=0.1, n_tokens=9, first=0)
NOTHING = np.zeros(0, dtype=np.int64)


def draw(seed=0, prompt=NOTHING, **options):
    return draw_texts(MODEL, prompt, SampleOptions(**options), np.random.default_rng(seed))


def test_the_same_seed_gives_the_same_texts_and_another_others():
    first, again, other = (draw(seed, n=20) for seed in (1, 1, 2))
    assert all(a.tolist() == b.tolist() for a, b in zip(first, again, strict=True))
    assert [a.tolist() for a in first] != [a.tolist() for a in other]


def test_first_characters_have_the_probabilities_of_the_model():
    n = 20_000
    drawn = np.array([one[0] if len(one) else 0 for one in draw(n=n, length=1)])
    share = np.bincount(drawn, minlength=9) / n
    expected = np.exp(MODEL.start(1)[1][0])
    # five standard errors: a false alarm in a million runs
    assert np.all(np.abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / n) + 1e-4)


def test_cold_texts_are_the_likeliest_and_all_the_same():
    texts = draw(n=5, temperature=0.0, length=6)
    assert len({tuple(one.tolist()) for one in texts}) == 1


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_a_temperature_sharpens_or_flattens(temperature):
    def entropy(texts):
        share = np.bincount([one[0] if len(one) else 0 for one in texts], minlength=9) / len(texts)
        return -(share[share > 0] * np.log(share[share > 0])).sum()

    plain = entropy(draw(n=3000, length=1))
    other = entropy(draw(n=3000, length=1, temperature=temperature))
    assert (other > plain) == (temperature > 1)


def test_only_the_likeliest_are_drawn():
    logs = MODEL.start(1)[1][0]
    allowed = set(np.argsort(-logs)[:2].tolist())
    drawn = {int(one[0]) if len(one) else 0 for one in draw(n=500, length=1, top_k=2)}
    assert drawn == allowed


def test_a_prompt_begins_every_text_and_guides_it():
    texts = draw(n=300, prompt=np.array([3, 5]), length=1)
    assert all(one[:2].tolist() == [3, 5] for one in texts)
    following = {int(one[2]) for one in texts if len(one) > 2}
    likely = set(np.argsort(-MODEL.step(None, np.array([5]))[1][0])[:3].tolist())
    assert likely - {0} <= following


def test_texts_end_at_the_boundary_or_at_the_longest_length():
    for one in draw(n=50, length=5):
        assert len(one) <= 5
        assert np.all(one > 0)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("spoiled", [np.nan, np.inf])
def test_nothing_is_drawn_from_what_is_no_probability(temperature, spoiled):
    class Spoiled:
        """Know what comes first, and nothing after it."""

        def start(self, n):
            return None, np.log(np.full((n, 3), 1 / 3))

        def step(self, memory, tokens):
            logs = self.start(len(tokens))[1]
            logs[-1, 1] = spoiled
            return memory, logs

    options = SampleOptions(2, 5, temperature)
    with pytest.raises(BadModelFile, match="no log probability"):
        draw_texts(Spoiled(), np.array([1]), options, np.random.default_rng(0))

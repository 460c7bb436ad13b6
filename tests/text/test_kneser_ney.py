"""Kneser-Ney smoothing against a slow implementation with dictionaries."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.text.grams import count_grams
from rung.text.kneser_ney import KneserNey, discounts, levels_of, order_losses
from rung.text.passages import lines
from tests.families.text.laws import random_lines, random_stream
from tests.text.names import course_split

N_TOKENS = 9


class Slow:
    """Interpolated modified Kneser-Ney, written from the formulas, one dictionary a length."""

    def __init__(self, passages, order, n_predicted):
        self.order, self.n_predicted = order, n_predicted
        seen = [Counter() for _ in range(order)]
        before = [defaultdict(set) for _ in range(order)]
        for a, b in zip(passages.starts[:-1], passages.starts[1:], strict=True):
            text = (0, *passages.tokens[a:b].tolist())
            for end in range(1, len(text)):
                for n in range(1, order + 1):
                    begin = end - n + 1
                    if begin < 0:
                        continue
                    seen[n - 1][text[begin : end + 1]] += 1
                    if begin > 0:
                        before[n - 1][text[begin : end + 1]].add(text[begin - 1])
        self.counts = []
        for n in range(1, order + 1):
            plain = n == order
            table = {
                run: count if plain or (n > 1 and run[0] == 0) else len(before[n - 1][run])
                for run, count in seen[n - 1].items()
            }
            self.counts.append(table)
        self.taken = [self._discounts(table) for table in self.counts]

    @staticmethod
    def _discounts(table):
        n = [sum(count == i for count in table.values()) for i in range(1, 5)]
        if 0 in n:
            return 0.0, 0.5, 1.0, 1.5
        y = n[0] / (n[0] + 2 * n[1])
        found = [i - (i + 1) * y * n[i] / n[i - 1] for i in (1, 2, 3)]
        good = all(0 < d <= i for i, d in enumerate(found, start=1))
        return (0.0, *found) if good else (0.0, 0.5, 1.0, 1.5)

    def probability(self, context, token):
        found = 1 / self.n_predicted
        for n in range(1, self.order + 1):
            if n - 1 > len(context):
                break
            own = context[len(context) - n + 1 :]
            follow = {r[-1]: c for r, c in self.counts[n - 1].items() if r[:-1] == own}
            if not follow:
                continue
            total, taken = sum(follow.values()), self.taken[n - 1]
            count = follow.get(token, 0)
            rest = sum(taken[min(c, 3)] for c in follow.values()) / total
            found = (count - taken[min(count, 3)]) / total + rest * found
        return found


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("make", [random_lines, lambda n, seed: random_stream(3, seed, n)])
def test_predictions_are_those_of_the_slow_implementation(order, make):
    train, other = make(40, 1), make(8, 2)
    first = int(make is not random_lines)
    grams = count_grams(train, order, N_TOKENS)
    model = KneserNey(levels_of(grams), N_TOKENS, first)
    slow = Slow(train, order, N_TOKENS - first)
    expected = []
    for a, b in zip(other.starts[:-1], other.starts[1:], strict=True):
        text = (0, *other.tokens[a:b].tolist())
        expected += [slow.probability(text[:i], text[i]) for i in range(1, len(text))]
    np.testing.assert_allclose(np.exp(model.predict(other)), expected, rtol=1e-12)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 8), max_size=6), min_size=1, max_size=10),
    st.lists(st.integers(1, 8), max_size=8),
    st.integers(1, 6),
)
def test_probabilities_sum_to_one_after_any_context(texts, context, order):
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    train = lines(np.array([t for text in texts for t in (*text, 0)], dtype=np.uint8), starts)
    model = KneserNey(levels_of(count_grams(train, order, N_TOKENS)), N_TOKENS, 0)
    memory, found = model.start(1)
    for token in context:
        memory, found = model.step(memory, np.array([token]))
    assert np.exp(found).sum() == pytest.approx(1.0, abs=1e-12)
    assert np.exp(found).min() > 0


def test_losses_of_all_orders_at_once_are_those_of_each_model():
    train, other = random_lines(60, 3), random_lines(20, 4)
    grams = count_grams(train, 5, N_TOKENS)
    expected = [
        -KneserNey(levels_of(grams[:n]), N_TOKENS, 0).predict(other).mean() for n in range(1, 6)
    ]
    np.testing.assert_allclose(order_losses(grams, other, N_TOKENS), expected, rtol=1e-12)


def test_discounts_lie_between_zero_and_the_count():
    rng = np.random.default_rng(0)
    for size in (1, 5, 50, 500):
        found = discounts(rng.geometric(0.4, size=size))
        assert all(0 < one <= i for i, one in enumerate(found, start=1))


def test_names_in_the_split_of_the_course():
    vocabulary, train, validation, test = course_split()
    grams = count_grams(train, 12, vocabulary.n_tokens)
    losses = order_losses(grams, validation, vocabulary.n_tokens)
    assert int(losses.argmin()) + 1 == 6
    assert losses.min() == pytest.approx(1.9746, abs=1e-4)
    model = KneserNey(levels_of(grams[:6]), vocabulary.n_tokens, 0)
    assert -model.predict(test).mean() == pytest.approx(1.9778, abs=1e-4)

"""The climb on text: skipped rungs, samples, surprise."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.events import ignore
from rung.errors import NotApplicable
from rung.families import discover, find
from rung.kinds.text.judge import sealed_test
from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import prepare_text
from rung.kinds.text.samples import as_fitted, read_pieces, write_samples
from rung.workbench.climb import climb
from tests.workbench.texts import COUNTS, name_list, story


@pytest.fixture(scope="module")
def prepared():
    return prepare_text(name_list(), TextOptions())


@pytest.fixture(scope="module")
def climbed(prepared):
    return climb(prepared, TextOptions(), ignore, {})


def test_every_rung_of_text_is_found_and_scored_or_skipped(climbed):
    assert {entry.family for entry in climbed.ladder} == {one.name for one in discover("text")}
    assert {"uniform", "unigram", "bigram", "ngram"} <= set(climbed.judged.evidence)


def test_the_unigram_always_climbs_along(prepared):
    found = climb(prepared, TextOptions(families=("ngram",)), ignore, {})
    assert [entry.family for entry in found.ladder] == ["unigram", "ngram"]


def test_networks_learn_side_by_side_and_no_bit_of_the_result_depends_on_it(prepared):
    pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")
    families, at_work, most = ("neural_bigram", "gru", "gpt"), set(), []

    def listen(event):
        if event.kind == "family":
            at_work.add(event.family)
            most.append(len(at_work))
        elif event.kind == "scored":
            at_work.discard(event.family)

    def trained(threads):
        return climb(prepared, TextOptions(families=families, threads=threads), listen, {})

    together, alone = trained(2), trained(1)
    assert max(most[: len(most) // 2]) == 2
    assert max(most[len(most) // 2 :]) == 1
    assert [one.family.name for one in together.families] == ["unigram", *families]
    for name, each in alone.judged.evidence.items():
        assert (each == together.judged.evidence[name]).all()
    for one, other in zip(together.families, alone.families, strict=True):
        assert one.fitted.settings == other.fitted.settings
        assert one.fitted.training == other.fitted.training


def test_a_rung_that_does_not_apply_is_skipped_with_its_reason(prepared):
    def refuse(problem, folds, context):
        raise NotApplicable("it is Tuesday")

    odd = replace(find("bigram", "text"), name="odd", cross_fit=refuse)
    found = climb(prepared, TextOptions(families=("ngram", odd)), ignore, {})
    (entry,) = (one for one in found.ladder if one.family == "odd")
    assert (entry.status, entry.reason) == ("skipped", "it is Tuesday")


def test_other_seeds_are_shown_apart_from_the_interval(prepared):
    plain = find("bigram", "text")

    def seeded(problem, folds, context):
        return replace(plain.cross_fit(problem, folds, context), seed_scores=(2.01, 2.05))

    odd = replace(plain, name="odd", cross_fit=seeded)
    found = climb(prepared, TextOptions(families=(odd,)), ignore, {})
    (entry,) = (one for one in found.ladder if one.family == "odd")
    assert entry.notes == (
        "2 models trained from other seeds: 2.0100 to 2.0500 nats a character on the same part",
    )


def test_sealed_scores_are_those_of_the_models(prepared, climbed):
    found = sealed_test(prepared, climbed, TextOptions()).open()
    assert found.n == prepared.sealed.n_units
    model = climbed.model(climbed.decision.choice.family)
    expected = -model.predict(prepared.sealed).mean()
    assert found.scores["choice"]["nll"].value == pytest.approx(expected)


def test_every_scored_family_writes(prepared, climbed):
    samples = write_samples(prepared, climbed, 0)
    assert set(samples) == set(climbed.judged.evidence)
    assert all(len(written) == 12 for written in samples.values())


def test_surprise_is_minus_the_log_of_the_probability_in_its_place(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(story())
    prepared = prepare_text(path, TextOptions(reading="text"))
    found = climb(prepared, TextOptions(reading="text", families=COUNTS), ignore, {})
    fitted = as_fitted(prepared, found, find("ngram", "text"))
    verdict = prepared.problem.verdict
    logs = -found.model("ngram").predict(verdict) / np.log(2)
    scored = np.flatnonzero(verdict.is_scored())
    for piece in read_pieces(prepared, fitted)[:1]:
        n = len(piece.bits)
        assert piece.text == prepared.problem.vocabulary.decode(verdict.tokens[scored[:n]])
        np.testing.assert_allclose(piece.bits, logs[scored[:n]], atol=1e-4)

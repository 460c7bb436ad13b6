import json

from benchmarks.names import __main__ as command
from benchmarks.names.showing import page
from benchmarks.names.splits import as_passages, copied, course, course_words
from rung.families.text import bigram
from rung.text.vocabulary import Vocabulary

WORDS = [a + b + c for a in "abc" for b in "abcd" for c in "abcde"]
WORDS += WORDS[:40] * 3


def test_the_page_shows_the_results_that_are_kept() -> None:
    found = json.loads(command.RESULTS.read_text("utf-8"))
    assert command.README.read_text("utf-8") == page(found)


def test_each_name_is_dealt_once() -> None:
    parts = course_words(WORDS)
    assert sorted(word for part in parts for word in part) == sorted(WORDS)
    assert [len(part) for part in parts] == [144, 18, 18]
    assert parts == course_words(WORDS)


def test_names_are_laid_out_with_their_ends() -> None:
    passages = as_passages(["ab", "b"], Vocabulary(("a", "b"), ends=True))
    assert passages.tokens.tolist() == [1, 2, 0, 2, 0]
    assert passages.lengths.tolist() == [3, 2]


def test_a_loss_is_the_mean_of_copies_and_others() -> None:
    import numpy as np

    problem, is_copy = course(WORDS), np.array(copied(WORDS))
    cell = command.measure(bigram.FAMILY, problem, is_copy)
    sizes = problem.verdict.sum_by_unit(np.ones(problem.verdict.n_tokens))[:, 1]
    share = sizes[is_copy].sum() / sizes.sum()
    mixed = share * cell["copies"] + (1 - share) * cell["others"]
    assert abs(mixed - cell["test"][0]) < 1e-12
    assert cell["test"][1] <= cell["test"][0] <= cell["test"][2]
    page(
        {
            "sizes": command.sizes({"course": problem, "ours": problem}, is_copy),
            "families": {"bigram": {"title": "t", "step": 1, "course": cell, "ours": cell}},
        }
    )

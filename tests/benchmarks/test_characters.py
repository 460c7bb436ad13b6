from benchmarks.characters.showing import page, reached


def _curve(*losses):
    return [
        {"step": 10 * place, "loss": loss, "seconds": 2.0 * place}
        for place, loss in enumerate(losses, start=1)
    ]


STREAM = {
    "nanogpt": _curve(3.0, 2.5, 2.0, 1.9),
    "soon": _curve(1.8),
    "long": _curve(1.7, 1.6),
    "characters_a_second": 12_000,
    "gflops": 20.0,
    "sampled_a_second": {"cached": 500.0, "anew": 50.0},
}


def test_a_loss_is_reached_when_it_is_first_seen():
    assert reached(_curve(3.0, 2.0, 2.5, 1.0), 2.0) == 4.0
    assert reached(_curve(3.0, 2.0), 1.0) is None


def test_the_page_tells_the_ratio_and_its_target():
    text = page({"gflops_float32": 100.0, "stream": STREAM})
    assert "took it 8 seconds, the GPT rung 2: 0.25 of the time (target: 1/8)" in text
    assert "comes to 1.600 (target: 1.60)" in text
    assert "20% of the 100" in text
    assert "names" not in text.split("\n\n", 4)[-1]


def test_the_page_tells_a_loss_that_was_not_reached():
    found = {"makemore": _curve(2.0, 1.9), "ours": _curve(1.95, 1.94)}
    text = page({"gflops_float32": 100.0, "names": found})
    assert "does not reach it here (lowest: 1.9400)" in text

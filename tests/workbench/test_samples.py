import rung
from rung.workbench.samples import diabetes


def test_the_sample_is_real_and_unscaled() -> None:
    table = diabetes()
    assert table.shape == (442, 11)
    assert 18 <= table["bmi"].min() < table["bmi"].max() < 43
    assert set(table["sex"].to_list()) == {1.0, 2.0}


def test_a_line_is_as_good_as_boosting_on_the_sample() -> None:
    run = rung.fit(diabetes(), target="progression", families=["linear", "boosting"])
    assert run.verdict.family == "linear"
    scores = run.result.entry("linear").scores
    assert scores is not None
    assert 53 < scores["rmse"].mean < 58

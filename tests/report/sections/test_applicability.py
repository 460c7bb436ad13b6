from rung.report.sections.applicability import applicability_sentences

FOUND = {
    "density": "mixture", "columns": ["u", "g"], "n_features": 3, "rows": 2000, "ranked_by": 664,
    "level": 0.01, "sealed": {"called": 8, "rows": 800, "rate": 0.01, "low": 0.0043, "high": 0.0196},
    "loss": {
        "named": "absolute error", "rows": 664, "least_like": 0.5, "rest": 0.2,
        "difference": {"mean": 0.3, "low": 0.1, "high": 0.5},
    },
}  # fmt: skip


def test_every_number_is_said() -> None:
    said = " ".join(applicability_sentences(FOUND))
    for part in (
        "2 features (1 have no place in it)",
        "2,000 training rows: a mixture of Gaussians",
        "664 held-out rows that are as improbable; up to 0.01",
        "800 sealed rows: 8 are called, 1%",
        "the choice is worse: absolute error 0.5",
    ):
        assert part in said, part


def test_a_difference_that_may_be_none_is_no_finding() -> None:
    loss = {**FOUND["loss"], "difference": {"mean": 0.1, "low": -0.1, "high": 0.3}}  # type: ignore[dict-item]
    said = " ".join(applicability_sentences({**FOUND, "loss": loss, "sealed": None}))
    assert "no different for certain" in said
    assert "sealed" not in said

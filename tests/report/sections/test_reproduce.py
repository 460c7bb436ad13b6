from rung.report.sections.reproduce import render, reproduce_data
from rung.report.summary import summarise
from tests.report.example import regression


def test_the_command_the_seed_and_the_fingerprints_stand_on_the_page():
    base = regression()
    data = reproduce_data(base, summarise(base))
    page = render(data, base)
    assert data["seed"] == base.seed
    assert data["command"][:3] == ["rung", "fit", "galaxies.csv"]
    for said in (base.dataset.fingerprint, base.folds.fingerprint, "Folds fingerprint"):
        assert said in page

import numpy as np

import rung
from rung.workbench.scoring import scored_text

rng = np.random.default_rng(0)
X = rng.normal(size=300)
TABLE = {"x": X, "y": X + rng.normal(size=300)}


def test_the_text_puts_what_is_beside_what_was_promised(tmp_path):
    run = rung.fit(TABLE, "y", families=["linear"], out=tmp_path / "run", explain=False)
    found = rung.score(tmp_path / "run", {"x": X, "y": X + 9 * rng.normal(size=300)})
    lines = scored_text(found).splitlines()
    assert lines[0] == "Linear on 300 rows"
    assert lines[1].split("  ")[-1].strip() == "promised (sealed test)"
    assert lines[2].startswith("RMSE ")
    assert lines[2].endswith("worse")
    assert f"{run.model.about['test']['rmse']['value']:.4g}" in lines[2]
    assert lines[-2] == "RMSE: worse than promised, by more than chance"
    assert lines[-1].startswith("(whether the model has learned")


def test_a_model_without_scores_promises_nothing():
    run = rung.fit(TABLE, "y", families=["linear"], explain=False)
    bare = type(run.model)(**{**vars(run.model), "about": {}})
    found = rung.score(bare, TABLE)
    assert found["verdict"] == "not promised"
    assert "promised: nothing" in scored_text(found)

"""What is published about the speed of predictions holds, and the ratios are of equal work."""

import json

import numpy as np

from benchmarks.predict import __main__ as command


def test_published_speeds_are_those_promised():
    for name in ("results.json", "results_again.json"):
        found = json.loads(command.RESULTS.with_name(name).read_text(encoding="utf-8"))
        assert found["rows"] == 1_000_000
        ratios = {(row["family"], row["peer"]): row["speed_ratio"] for row in found["many"]}
        assert min(r for (_, peer), r in ratios.items() if "alone" not in peer) >= 0.5
        limits = {"linear": 1.0, "boosting": 5.0}
        assert all(row["median_ms"] <= limits[row["family"]] for row in found["one"])
        assert command.table(found) in command.RESULTS.with_name("README.md").read_text("utf-8")


def test_the_boosters_are_those_of_the_model():
    model, boosters = command.fit("boosting")
    frame, _ = command.draw(50, seed=3)
    raw = [
        booster.predict(ranks.apply(frame.to_numpy()), num_iteration=rounds, raw_score=True)
        for booster, rounds, ranks in boosters
    ]
    scaled = [f.offset + f.scale * r for f, r in zip(model.model.models, raw, strict=True)]
    np.testing.assert_array_equal(model.predict(frame), sum(scaled[1:], scaled[0]) / len(scaled))

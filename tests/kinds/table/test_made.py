import json

import numpy as np
import pytest

import rung
from rung.data import ReadOptions
from rung.errors import BadModelFile, DataError, DataWarning, UsageError
from rung.kinds.model_file import load, read_model_bytes
from rung.store.modelfile import pack, unpack
from tests.realdata import real_data

rng = np.random.default_rng(3)
N = 200
TABLE = {
    "u": rng.normal(20, 1, N),
    "g": rng.normal(19, 1, N),
    "kind": np.array(["STAR", "GALAXY"] * (N // 2)),
}
TABLE["z"] = 2 * (TABLE["u"] - TABLE["g"]) + rng.normal(0, 0.1, N)
QUICK = {"families": ["linear"], "folds": 3, "explain": False}


@pytest.fixture(scope="module")
def run():
    return rung.fit(
        TABLE,
        "z",
        where="kind != 'STAR' or g > 19",
        derive=["u_g = u - g", "odd = u_g > 1"],
        features=["u_g", "odd"],
        **QUICK,
    )


def test_a_model_makes_its_columns_again_from_the_parents(run, tmp_path):
    path = run.model.save(tmp_path / "model.rung")
    loaded = load(path)
    new = {"u": [20.0, 21.0], "g": [19.0, 19.5], "kind": ["GALAXY", "GALAXY"]}
    assert loaded.expressions == run.model.expressions
    assert loaded.predict(new).tolist() == run.model.predict(new).tolist()
    assert loaded.predict(new) == pytest.approx([2.0, 3.0], abs=0.1)
    assert path.read_bytes() == loaded.to_bytes()


def test_prediction_needs_the_parents_and_says_so(run):
    with pytest.raises(DataError, match=r"column 'g' is missing"):
        run.model.predict({"u_g": [1.0], "odd": [True], "u": [20.0]})


def test_the_parents_have_other_levels_and_the_condition_is_counted_not_applied(run):
    new = {"u": [20.0, 20.0, 20.0], "g": [18.0, 18.0, 19.5], "kind": ["STAR", "QSO", "STAR"]}
    with pytest.warns(DataWarning, match=r"1 of 3 rows do not meet .*as all rows of training did"):
        assert len(run.model.predict(new)) == 3


def test_a_condition_given_for_a_prediction_leaves_rows_out_and_names_the_rest(run):
    new = {"u": [20.0, 20.0, 21.0], "g": [18.0, 18.0, 19.5], "kind": ["STAR", "QSO", "QSO"]}
    found = run.model.table(new, ReadOptions(where="u > 20"), lambda finding: None)
    assert found["row"].tolist() == [2]
    assert len(found["prediction"]) == 1


def test_results_and_the_line_that_repeats_them_hold_what_was_asked(run):
    assert run.result.options["where"] == "kind != 'STAR' or g > 19"
    assert "--derive=u_g = u - g" in run.result.command.words
    assert run.out_of_fold["row"].max() > len(run.out_of_fold["row"])
    assert {"where", "derived"} <= {one.code for one in run.findings}


def test_made_columns_seal_the_same_rows():
    plain = rung.fit(TABLE, "z", features=["u"], **QUICK)
    made = rung.fit(TABLE, "z", derive="u_g = u - g", features=["u"], **QUICK)
    assert np.array_equal(plain.out_of_fold["row"], made.out_of_fold["row"])
    assert np.array_equal(plain.out_of_fold["linear"], made.out_of_fold["linear"])


def test_a_model_without_expressions_has_the_same_bytes_as_before(tmp_path):
    spec, _, strings = unpack(rung.fit(TABLE, "z", **QUICK).model.to_bytes())
    assert "expressions" not in spec
    assert not any("parents" in name for name in strings)


def test_a_feature_made_of_the_target_is_refused():
    with pytest.raises(UsageError, match=r"'w' is made of the target 'z'.*drop w"):
        rung.fit(TABLE, "z", derive="w = z * 2", **QUICK)


def test_a_target_made_of_features_is_shouted():
    run = rung.fit(TABLE, "c", derive="c = u - g", drop=["z"], **QUICK)
    (said,) = (one for one in run.findings if one.code == "made_target")
    assert (said.severity, said.columns) == ("alarm", ("u", "g"))


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(definitions=["u_g = open('x')", "odd = u > 1"]),
        lambda found: found.update(definitions=["u_g = nothing - g", "odd = u > 1"]),
        lambda found: found.update(definitions=["u_g = u > g", "odd = u > 1"]),
        lambda found: found.update(condition="u + 1"),
        lambda found: found.update(parents=found["parents"][:1]),
        lambda found: found.update(definitions=[3]),
        lambda found: found.pop("asked"),
    ],
)
def test_a_forged_expression_is_refused(run, change):
    spec, arrays, strings = unpack(run.model.to_bytes())
    spec = json.loads(json.dumps(spec))
    change(spec["expressions"])
    with pytest.raises(BadModelFile):
        read_model_bytes(pack(spec, arrays, strings), "forged.rung")


def test_the_line_on_galaxies_is_the_one_of_the_course():
    from sklearn.model_selection import KFold

    run = rung.fit(
        real_data("xgass/xGASS_representative_sample.csv"),
        "lgGF",
        where="NUVr > -90",
        features=["model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL"],
        folds=KFold(5),
        families=["linear"],
        test_fraction=0,
        explain=False,
    )
    table = {name: run.out_of_fold[name] for name in ("fold", "target", "linear")}
    scores = []
    for fold in range(5):
        own = table["fold"] == fold
        y, error = table["target"][own], (table["target"] - table["linear"])[own]
        scores.append(1 - (error**2).sum() / ((y - y.mean()) ** 2).sum())
    assert len(table["target"]) == 1_157
    assert np.mean(scores) == pytest.approx(0.768, abs=0.002)

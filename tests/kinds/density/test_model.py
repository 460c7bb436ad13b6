"""A density is read from its file to the bit, and ranks rows by those it had not seen."""

import numpy as np
import pytest

import rung
from rung.errors import BadModelFile
from rung.kinds.model_file import load, read_model_bytes
from rung.store.modelfile import pack, unpack
from tests.kinds.density.made import stars


@pytest.fixture(
    scope="module", params=["independent", "dependence_tree", "mixture", "kernel", "flow"]
)
def model(request):
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "flow":
            pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")
            patch.setattr("rung.nets.densities.train.STEPS", 100)
        run = rung.fit(stars(), families=[request.param], ledger=False, folds=2, choose="leader")
    return run.model


def test_a_file_gives_the_same_log_densities(model, tmp_path):
    again = load(model.save(tmp_path / "model.rung"))
    assert again.predict(stars()).tobytes() == model.predict(stars()).tobytes()
    assert again.to_bytes() == model.to_bytes()


def test_the_density_of_a_row_depends_on_no_other_row(model):
    whole = model.predict(stars())
    part = {name: values[50:60] for name, values in stars().items()}
    assert np.allclose(model.predict(part), whole[50:60], rtol=1e-10)


def test_rows_that_are_drawn_are_written_as_the_table_writes_them(model):
    drawn = model.sample(500, seed=3)
    assert list(drawn) == list(stars())
    assert set(drawn["kind"]) <= {"dwarf", "giant", None}
    assert set(drawn["is_near"]) <= {"true", "false", None}
    assert np.array_equal(drawn["grade"], np.round(drawn["grade"]))
    assert np.mean(drawn["colour"]) == pytest.approx(2.0, abs=0.6)


def test_drawn_rows_hold_whole_numbers_known_levels_and_nothing_outside_the_range(model):
    drawn, n_again = model.draw(2_000, seed=4)
    known = stars()
    assert drawn["grade"].dtype == np.int64
    assert None not in {*drawn["kind"], *drawn["is_near"]}
    for name in ("grade", "colour", "flux"):
        assert np.nanmin(known[name]) <= drawn[name].min() <= drawn[name].max()
        assert drawn[name].max() <= np.nanmax(known[name])
    # two tails of four columns of which the range of 128 rows leaves out a little
    assert 20 < n_again < 600


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"held": "nowhere"}, "nowhere"),
        ({"family": "linear"}, "density 'linear' is unknown"),
        ({"spreads": {"kind": {}}}, "is not one of"),
        ({"number_levels": {"is_near": ["a"]}}, "are no numbers"),
        ({"number_forms": {"flux": [-1, 0.0, 1.0]}}, "no way to write numbers"),
        ({"number_forms": {"flux": [0, 2.0, 1.0]}}, "no way to write numbers"),
    ],
)
def test_a_forged_file_is_refused(change, said):
    run = rung.fit(stars(), families=["gaussian"], ledger=False, folds=2)
    spec, arrays, strings = unpack(run.model.to_bytes())
    with pytest.raises(BadModelFile, match=said):
        read_model_bytes(pack({**spec, **change}, arrays, strings), "forged.rung")


def test_a_model_is_shown_in_a_line(model):
    assert repr(model).startswith("FittedDensity(")
    assert "says how probable rows of 6 columns are" in repr(model)
    assert "<code>colour</code>" in model._repr_html_()

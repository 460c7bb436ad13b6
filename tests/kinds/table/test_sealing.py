import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import BadModelFile, DataWarning
from rung.kinds.model_file import read_model_bytes
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.kinds.table.sealing import seal_table
from rung.store.modelfile import pack, unpack
from tests.workbench.frames import frame


def marked(value: float | None = -99.0, n_rows: int = 300) -> pl.DataFrame:
    """Return the frame with a value, or nothing, in place of ten sizes."""
    first = pl.int_range(pl.len()) < 10
    size = pl.when(first).then(pl.lit(value, pl.Float64)).otherwise(pl.col("size").fill_nan(None))
    return frame(n_rows).with_columns(size=size)


def test_sentinels_are_missing_to_models_and_numbers_to_the_seal() -> None:
    found = seal_table(marked(), FitOptions("mass"))
    size, original = found.dataset.values["size"], found.original.values["size"]
    assert int((original == -99.0).sum()) == 10
    assert np.isnan(size[original == -99.0]).all()
    assert found.dataset.column("size").sentinels == (-99.0,)


def test_the_seal_does_not_depend_on_whether_sentinels_are_kept() -> None:
    read, kept = (
        prepare(marked(n_rows=600), FitOptions("mass", keep_sentinels=keep))
        for keep in (False, True)
    )
    np.testing.assert_array_equal(read.test, kept.test)
    assert (read.fingerprint, read.folds.fingerprint) == (kept.fingerprint, kept.folds.fingerprint)
    assert kept.dataset.column("size").sentinels == ()
    assert "kept as a number" in next(f.remedy for f in kept.findings if f.code == "sentinel")


def test_a_table_without_sentinels_is_untouched() -> None:
    found = seal_table(frame(), FitOptions("mass"))
    assert all(
        found.dataset.values[name] is found.original.values[name] for name in found.original.values
    )
    assert found.sentinels == ()


def test_a_model_reads_a_sentinel_of_new_rows_as_missing_also_from_its_file() -> None:
    model = rung.fit(marked(), target="mass", families=["linear"]).model
    again = read_model_bytes(model.to_bytes(), "m")
    marked_rows, empty_rows = marked().head(10), marked(None).head(10)
    for one in (model, again):
        with pytest.warns(DataWarning, match="'size' has no value in any of 10 rows"):
            marked_ones, empty_ones = one.predict(marked_rows), one.predict(empty_rows)
        np.testing.assert_array_equal(marked_ones, empty_ones)
    assert next(c for c in again.columns if c.name == "size").sentinels == (-99.0,)


def test_kept_sentinels_are_numbers_at_prediction_too() -> None:
    model = rung.fit(marked(), target="mass", families=["linear"], keep_sentinels=True).model
    with pytest.warns(DataWarning, match="'size' has no value in any of 10 rows"):
        empty_ones = model.predict(marked(None).head(10))
    with pytest.warns(DataWarning, match="4 of 10 rows are unlike the training rows"):
        marked_ones = model.predict(marked().head(10))  # all stand at the sentinel
    assert not np.allclose(marked_ones, empty_ones)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sentinels": ["x"]}, "are not numbers"),
        ({"sentinels": [True]}, "are not numbers"),
        ({"sentinels": [1.0], "kind": "boolean"}, "column of kind 'boolean'"),
        ({"sentinels": 3}, "not a model that rung wrote"),
    ],
)
def test_forged_sentinels_are_refused(changes: dict[str, object], words: str) -> None:
    model = rung.fit(frame(100), target="mass", families=["constant"], features=["size"]).model
    spec, arrays, strings = unpack(model.to_bytes())
    column = {**spec["columns"][0], **changes}
    with pytest.raises(BadModelFile, match=words):
        read_model_bytes(pack({**spec, "columns": [column]}, arrays, strings), "m")

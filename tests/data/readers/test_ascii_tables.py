"""The text formats of astronomers come back as astropy writes them."""

import pytest

from tests.data.readers.samples import read


@pytest.mark.parametrize(
    ("form", "suffix"), [("votable", ".vot"), ("ascii.ecsv", ".ecsv"), ("ascii.ipac", ".tbl")]
)
def test_what_astropy_writes_comes_back(tmp_path, form, suffix):
    tables = pytest.importorskip("astropy.table")
    table = tables.MaskedColumn([1.5, 2.5, 3.5], name="flux", unit="mJy", mask=[False, True, False])
    path = tmp_path / f"t{suffix}"
    tables.Table([table, tables.Column(["a", "b", "c"], name="kind")]).write(path, format=form)
    found = read(path)
    assert found.frame["flux"].fill_nan(None).to_list() == [1.5, None, 3.5]
    assert found.frame["kind"].to_list() == ["a", "b", "c"]
    assert found.units == {"flux": "mJy"}

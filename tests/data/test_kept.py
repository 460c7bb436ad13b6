import polars as pl
import pytest

from rung.data import ReadOptions
from rung.data.kept import kept_columns
from rung.errors import DataError, UsageError

LONG = "1237648720693755918"


def test_cells_are_kept_as_the_file_spells_them(tmp_path):
    path = tmp_path / "sky.csv"
    path.write_text(f"objid,code,x\n{LONG},007,1\n{LONG[:-1]}9,,2\n")
    kept = kept_columns(str(path), ReadOptions(keep=("code", "objid")))
    assert list(kept) == ["code", "objid"]
    assert kept["objid"].to_list() == [LONG, f"{LONG[:-1]}9"]
    assert kept["code"].to_list()[0] == "007"


@pytest.mark.parametrize(
    ("source", "name", "error", "said"),
    [
        (pl.DataFrame({"id": [1]}), "Id", DataError, "column 'Id', which is to be kept"),
        (pl.DataFrame({"row": [1]}), "row", UsageError, "have one of that name"),
        ("-", "id", UsageError, "standard input"),
    ],
)
def test_what_cannot_be_kept_is_refused(source, name, error, said):
    with pytest.raises(error, match=said):
        kept_columns(source, ReadOptions(keep=(name,)), taken=("row",))

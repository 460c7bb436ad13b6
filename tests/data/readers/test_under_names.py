"""Rows under names that state units, types or how a logger made its values are no rows."""

from rung.data.readers.delimited import read_delimited
from rung.data.readers.under_names import is_type_row, is_unit_row
from rung.data.table import ReadOptions

ROWS = "".join(f"2021-03-01 {i:02}:00,{i},1.5\n" for i in range(12))


def test_units_and_types_are_told_from_names():
    assert is_unit_row(["m/s", "°C", "%", ""])
    assert not is_unit_row(["speed", "temp"])
    assert is_type_row(["str", "float64"], 2)
    assert not is_type_row(["name", "float"], 2)


def test_a_first_row_whose_values_come_again_below_is_data():
    """Levels may be called as types are: s, d, double."""
    table = read_delimited(b"a,b\ns,d\nf,d\ns,n\nf,n\n", "t.csv", ReadOptions())
    assert table.frame.height == 4
    assert [one.code for one in table.findings if one.code == "width_row"] == []


def test_a_logger_states_units_and_how_values_were_made():
    head = '"TOA5","St","CR1000"\nTIMESTAMP,temp,wind\nTS,Deg C,m/s\n,Avg,Smp\n'
    table = read_delimited((head + ROWS).encode(), "t.dat", ReadOptions())
    assert table.frame.columns == ["TIMESTAMP", "temp", "wind"]
    assert (table.frame.height, table.units["wind"]) == (12, "m/s")


def test_a_unit_of_one_column_of_many_is_no_row_and_hides_no_name():
    table = read_delimited(f"time,n,flow\n,,ft3/s\n{ROWS}".encode(), "t.csv", ReadOptions())
    assert (table.frame.columns, table.units) == (["time", "n", "flow"], {"flow": "ft3/s"})


def test_names_are_kept_where_an_unknown_row_stands_below_them():
    table = read_delimited(f"time,n,flow\nsome remark,,\n{ROWS}".encode(), "t.csv", ReadOptions())
    assert table.frame.columns == ["time", "n", "flow"]
    assert [one.severity for one in table.findings if one.code == "between_names"] == ["warning"]

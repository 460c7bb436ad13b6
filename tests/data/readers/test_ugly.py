"""Texts as programs and people write them are read right, with what was found said."""

import pytest

from rung.data.readers.delimited import read_delimited
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile


def read(text, **options):
    return read_delimited(text.encode(), "t.txt", ReadOptions(**options))


def codes(table):
    return {finding.code for finding in table.findings}


ROWS = "".join(f"{i},{i * 0.5},{'abc'[i % 3]}\n" for i in range(1, 13))
CASES = {
    "R writes row names without a name": (
        '"x" "y"\n"1" 1.5 "a"\n"2" 2.5 "b"\n"3" 0.5 "a"\n',
        ["rownames", "x", "y"],
        ["1", "1.5", "a"],
        3,
    ),
    "R with tabs": ("x\ty\nr1\t1\t2\nr2\t3\t4\n", ["rownames", "x", "y"], ["r1", "1", "2"], 2),
    "a delimiter ends each row": ("x,y\n1,2,\n3,4,\n", ["x", "y"], ["1", "2"], 2),
    "a delimiter ends each line": ("x,y,\n1,2,\n3,4,\n", ["x", "y"], ["1", "2"], 2),
    "two delimiters end each line": ("x;y;;\n1;2;;\n3;4;;\n", ["x", "y"], ["1", "2"], 2),
    "a title above the names": ("My results\n\nx,y,z\n" + ROWS, ["x", "y", "z"], ["1", "0.5", "b"], 12),
    "a title in a spreadsheet": ("My results,,\n,,\nx,y,z\n" + ROWS, ["x", "y", "z"], ["1", "0.5", "b"], 12),
    "a preamble of keys": ("Device,A1\nSerial,77\nx,y,z\n" + ROWS, ["x", "y", "z"], ["1", "0.5", "b"], 12),
    "notes below": (
        "x,y,z\n" + ROWS + "\nSource: the station book\nNote 2\n",
        ["x", "y", "z"],
        ["1", "0.5", "b"],
        12,
    ),
    "notes below in a spreadsheet": ("x,y,z\n" + ROWS + ",,\nSource: book,,\n", ["x", "y", "z"], ["1", "0.5", "b"], 12),
    "units below the names": ("t,v\ns,m/s\n1,2\n2,3\n3,5\n", ["t", "v"], ["1", "2"], 3),
    "units in brackets": ("t\tv\n[s]\t[m/s]\n1\t2\n2\t3\n3\t5\n", ["t", "v"], ["1", "2"], 3),
    "widths below the names": ("t\tname\n10d\t15s\n1\ta\n2\tb\n3\ta\n", ["t", "name"], ["1", "a"], 3),
    "types below the names": ("t,name\nint,string\n1,a\n2,b\n3,a\n", ["t", "name"], ["1", "a"], 3),
    "a rule below the names": ("t  name\n-- ----\n1  a\n2  b\n3  a\n", ["t", "name"], ["1", "a"], 3),
    "names on two rows": (
        "air,water\ntemperature,depth\n1,2\n2,3\n3,5\n",
        ["air temperature", "water depth"],
        ["1", "2"],
        3,
    ),
    "groups above names": (
        ",inside,,outside,\nid,t,rh,t,rh\n" + "".join(f"s{i},{i},2,3,4\n" for i in range(9)),
        ["id", "inside t", "inside rh", "outside t", "outside rh"],
        ["s0", "0", "2", "3", "4"],
        9,
    ),
    "two characters between fields": ("a::b::c\n1::2::3\n4::5::6\n", ["a", "b", "c"], ["1", "2", "3"], 2),
    "doubled bars": ("a||b||c\n1||2||3\n4||5||6\n", ["a", "b", "c"], ["1", "2", "3"], 2),
    "bars at both ends": ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n", ["a", "b"], [" 1 ", " 2 "], 2),
    "comments among the rows": ("# made by us\na,b\n1,2\n# a pause\n3,4\n", ["a", "b"], ["1", "2"], 2),
    "another sign of comment": ("% made by us\n% t v\n1 2\n3 4\n5 6\n", ["t", "v"], ["1", "2"], 3),
    "leading blanks": ("   t    v\n   1  2.5\n  10 12.5\n", ["t", "v"], ["1", "2.5"], 2),
    "a byte order mark": ("\ufeffa,b\n1,2\n3,4\n", ["a", "b"], ["1", "2"], 2),
    "a backslash before a quote": ('a,b\n1,"5\\" pipe, long"\n2,"x"\n', ["a", "b"], ["1", '5" pipe, long'], 2),
    "an open quote": ('a,b\n1,"x\n2,y\n3,"z, w"\n', ["a", "b"], ["1", '"x'], 3),
    "names parted otherwise": ("a;b;c\n1,2,3\n4,5,6\n7,8,9\n", ["a", "b", "c"], ["1", "2", "3"], 3),
    "names that repeat": ("a,a\n1,2\n3,4\n", ["a", "a_2"], ["1", "2"], 2),
    "no names below a title": ("Run of May\n7,2,3\n4,5,6\n", ["column_1", "column_2", "column_3"], ["7", "2", "3"], 2),
    "years as names below a title": (
        "Title,,,\nplace,1990,1991,1992\nA,1,2,3\nB,4,5,6\nC,7,8,9\n",
        ["place", "1990", "1991", "1992"],
        ["A", "1", "2", "3"],
        3,
    ),
    "rows cut after their last filled cell": (
        "a,b,c\n1,2,3\n4,5\n6,7,8\n9\n10,11,12\n",
        ["a", "b", "c"],
        ["1", "2", "3"],
        5,
    ),
    "a line that states the delimiter": ("sep=;\na;b\n1;2,5\n3;4,5\n", ["a", "b"], ["1", "2,5"], 2),
    "whole lines in quotes": ('"a,""b"",c"\n"1,""2, 3"",x"\n"3,4,y"\n', ["a", "b", "c"], ["1", "2, 3", "x"], 2),
    "columns lined up with blanks inside": (
        "station        t    rh\nNew York     1.5    40\nRome        12.5      \nLos Angeles         50\n",
        ["station", "t", "rh"],
        ["New York", "1.5", "40"],
        3,
    ),
    "row names with blanks": ('"a b" "c"\n"r 1" 1 2\n"r 2" 3 4\n"r 3" 3 5\n', ["rownames", "a b", "c"], ["r 1", "1", "2"], 3),
    "a title above words alone": ("My list,\nname,city\nAnn,Rome\nBob,Oslo\nCid,Bern\n", ["name", "city"], ["Ann", "Rome"], 3),
    "powers as Fortran writes them": ("  1.0D+00  2.0D+00\n  3.0D+00  4.0D+00\n", ["column_1", "column_2"], ["1.0D+00", "2.0D+00"], 2),
    "colons": ("a:b:c\n1:2:3\n4:5:6\n", ["a", "b", "c"], ["1", "2", "3"], 2),
    "a comment at the end": ("a,b\n1,2\n3,4\n# end of data\n", ["a", "b"], ["1", "2"], 2),
    "a frame of lines": ("+---+---+\n| a | b |\n+---+---+\n| 1 | x |\n| 2 | y |\n+---+---+\n", ["a", "b"], [" 1 ", " x "], 2),
    "rows counted below": (" a | b \n---+---\n 1 | x\n 2 | y\n(2 rows)\n", ["a", "b"], [" 1 ", " x"], 2),
    "rules above and below": ("==== ====\na    b\n==== ====\n1    2\n3    4\n==== ====\n", ["a", "b"], ["1", "2"], 2),
    "groups above names that could be units": (
        "Table 3\n\n,north,,south,\nyear,min,max,min,max\n2001,1,2,3,4\n2002,2,3,4,5\n2003,3,4,5,6\n\nNote: early\n",
        ["year", "north min", "north max", "south min", "south max"],
        ["2001", "1", "2", "3", "4"],
        3,
    ),
    "a long preamble of prose": (
        "".join(f"This is line {i} of {'many ' * (i % 5)}words\n" for i in range(30))
        + "\nData:  x  y\n" + "".join(f"  {i}  {i * 2.5}\n" for i in range(15)),
        ["x", "y"],
        ["0", "0.0"],
        15,
    ),
    "fields in a comment": ("# Log\n# Fields: t v\n1 2\n3 4\n5 6\n", ["t", "v"], ["1", "2"], 3),
    "remarks among the rows": ("x,y,z\n" + ROWS + "## second part ##\n" + ROWS, ["x", "y", "z"], ["1", "0.5", "b"], 24),
    "a remark between names and rows": ("x,y,z\n## part one ##\n" + ROWS, ["x", "y", "z"], ["1", "0.5", "b"], 12),
    "pages": ("x,y,z\n" + ROWS + "Page 1 of 2\nx,y,z\n" + ROWS, ["x", "y", "z"], ["1", "0.5", "b"], 24),
    "an end as DOS marks it": ("a,b\n1,2\n3,4\n\x1a", ["a", "b"], ["1", "2"], 2),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_ugly_text_is_read_as_a_person_reads_it(case):
    text, names, first, n_rows = CASES[case]
    table = read(text)
    assert table.frame.columns == names
    assert list(table.frame.row(0)) == first
    assert table.frame.height == n_rows


def test_units_are_those_of_the_columns():
    assert read(CASES["units below the names"][0]).units == {"t": "s", "v": "m/s"}


def test_a_logger_completes_names_in_its_row_of_units():
    rows = "".join(f"2023-09-14 05:34:{i:02} PM,{i}.5,4{i},session,\n" for i in range(10, 30))
    table = read("Name,WEATHER\nTIME,Temp,Rel\nyyyy-MM-dd hh:mm:ss a,°F,%,Data Type,Notes\n" + rows)
    assert table.frame.columns == ["TIME", "Temp", "Rel", "Data Type", "Notes"]
    assert table.units == {"Temp": "°F", "Rel": "%"}
    assert codes(table) >= {"preamble", "unit_row"}


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("21/02/2018,03:003,BH-3190,a b", ("21/02/2018", "03:00", "3", "BH-3190", "a b")),
        ("21/02/2018,,03:00,3,BH-3190,a b", ("21/02/2018", "03:00", "3", "BH-3190", "a b")),
        ("21/02/2018 03:00 3 BH-3190 two words", ("21/02/2018", "03:00", "3", "BH-3190", "two words")),
        ("21/02/2018,03:00,3,BH-3190,two, words", ("21/02/2018", "03:00", "3", "BH-3190", "two, words")),
    ],
)  # fmt: skip
def test_an_odd_row_is_read_where_one_reading_alone_fits_its_columns(line, cells):
    words = ["a few words", "other", "b", "so it is", "cd", "word of it", "k"]
    rows = [
        f"{i:02}/02/2018,{i % 12:02}:30,{i},AB-{1000 + i},{words[i % 7]} {i}" for i in range(1, 29)
    ]
    table = read("\n".join(["day,time,n,code,words", *rows, line, *rows]))
    assert table.frame.row(28) == cells
    [found] = [finding for finding in table.findings if finding.code == "ragged"]
    assert "line 30 has another number of fields" in found.message
    assert found.severity == "warning"


def test_an_odd_row_that_may_mean_two_things_is_refused_with_both():
    rows = [f"{i},{i + 1},{i + 2}" for i in range(5, 35)]
    with pytest.raises(UnreadableFile, match=r"line 12 .* it may mean \['1', .* or \['12'"):
        read("\n".join(["a,b,c", *rows[:10], "123,45", *rows[10:]]))


def test_two_tables_are_named_and_one_is_read_on_request():
    text = "a,b\n1,2\n3,4\n5,6\n\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n"
    with pytest.raises(UnreadableFile, match=r"2 tables \(1: line 1, a, b, …; 2: line 6, x, y, z"):
        read(text)
    assert read(text, table="1").frame.shape == (3, 2)
    assert read(text, table="2").frame.columns == ["x", "y", "z"]
    with pytest.raises(UnreadableFile, match="no table '3'; accepted is a number from 1 to 2"):
        read(text, table="3")


def test_names_that_stand_again_are_no_rows():
    table = read("a,b\n1,2\n3,4\n5,6\na,b\n7,8\n9,10\n11,12\n")
    assert table.frame.height == 6
    assert "repeated_names" in codes(table)


def test_names_that_lack_one_are_refused_where_it_could_be_any():
    with pytest.raises(UnreadableFile, match="either the first column has no name, or the last"):
        read("x,y\n1,2,5\n1,4,6\n2,2,7\n")


def test_lines_are_skipped_and_comments_known_as_declared():
    assert read("x\ny\na,b\n1,2\n3,4\n", skip_lines=2).frame.columns == ["a", "b"]
    assert read("* note\na,b\n1,2\n* note\n3,4\n", comment="*").frame.height == 2

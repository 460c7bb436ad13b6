"""A file of this format is told by its first bytes."""

import pytest

from rung.data.readers.cds import is_described
from rung.data.readers.reader import Source, find_reader
from tests.data.readers.samples import read


@pytest.mark.parametrize(
    ("head", "file", "reader"),
    [
        (b"Title: x\nByte-by-byte Description of file: t.dat\n", "t.mrt", "cds"),
        (b"Byte-by-byte Description of file: t.dat\n", "ReadMe", "delimited"),
    ],
)
def test_the_format_is_told_by_its_first_bytes(head, file, reader):
    assert find_reader(Source(file, data=head)).name == reader


def test_a_readme_beside_a_file_names_its_columns(tmp_path):
    pytest.importorskip("astropy")
    (tmp_path / "ReadMe").write_text(
        "J/A+A/1/1    Stars\n" + "=" * 80 + "\n"
        "File Summary:\n  t.dat  12  2  Stars\n"
        "Byte-by-byte Description of file: t.dat\n" + "-" * 80 + "\n"
        "   Bytes Format Units   Label   Explanations\n" + "-" * 80 + "\n"
        "   1-  5 A5     ---     Name    Name of the star\n"
        "   7- 11 F5.2   mag     Vmag    ? V magnitude\n" + "-" * 80 + "\n"
    )
    path = tmp_path / "t.dat"
    path.write_text("a b   12.50\nccccc      \n")
    assert is_described(path)
    table = read(path)
    assert table.frame["Name"].to_list() == ["a b", "ccccc"]
    assert table.frame["Vmag"].to_list() == [12.5, None]
    assert (table.units["Vmag"], table.titles["Vmag"]) == ("mag", "V magnitude")
    assert not is_described(tmp_path / "other.dat")

"""Archives of any kind unpack, within limits; damage of any kind is one error."""

import gzip
import io
import struct
import zipfile

import numpy as np
import pytest

from rung.core.memory import MB
from rung.data.unpack import unpack
from rung.errors import UnreadableFile

TEXT = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i % 97) for i in range(2_000))
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def packed(method, data=TEXT):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("t.csv", data)
    return buffer.getvalue()


def gzipped(data):
    return gzip.compress(data, mtime=0)


@pytest.fixture
def little_room(monkeypatch):
    monkeypatch.setattr("rung.data.limits.LEAST", 10_000)
    monkeypatch.setattr("rung.data.limits.TIMES", 1)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_zip_files_is_read(method):
    assert unpack(packed(method), "t.zip", "") == TEXT


def test_what_is_not_packed_comes_back_as_it_is():
    assert unpack(TEXT, "t.csv", "") == TEXT
    with pytest.raises(UnreadableFile, match=r"'t.csv' is no zip file, so it has no member 'x'"):
        unpack(TEXT, "t.csv", "x")


@pytest.mark.parametrize("make", [gzipped, *(lambda d, m=m: packed(m, d) for m in METHODS[1:])])
def test_a_small_file_that_unpacks_to_much_is_refused_with_size_and_limit(make, little_room):
    with pytest.raises(UnreadableFile, match=r"unpacks to .*; accepted are 1 MB, as it has 1 MB"):
        unpack(make(bytes(2 * MB)), "bomb", "")


def test_a_zip_file_that_lies_about_its_size_is_refused_as_well(little_room):
    data = packed(zipfile.ZIP_DEFLATED, bytes(2 * MB))
    lying = data.replace(struct.pack("<I", 2 * MB), struct.pack("<I", 5))
    assert lying != data
    with pytest.raises(UnreadableFile):
        unpack(lying, "bomb.zip", "")


def test_a_gzip_file_inside_a_zip_file_has_the_room_of_the_outer_one(little_room):
    with pytest.raises(UnreadableFile, match="unpacks to more than 1 MB"):
        unpack(packed(zipfile.ZIP_STORED, gzipped(bytes(2 * MB))), "bomb.zip", "")


@pytest.mark.parametrize("make", [gzipped, *(lambda d, m=m: packed(m, d) for m in METHODS)])
def test_any_changed_byte_gives_the_table_or_one_error(make):
    data = make(TEXT)
    generator = np.random.default_rng(0)
    n_refused = 0
    for place in {*generator.integers(len(data), size=60), *range(40), *range(-60, 0)}:
        changed = bytearray(data)
        changed[place] ^= 1 << int(generator.integers(8))
        try:
            assert unpack(bytes(changed), "t", "") in (TEXT, bytes(changed))
        except UnreadableFile as error:
            n_refused += "'t' " in error.message
    assert n_refused > 60


def test_a_name_in_no_encoding_is_a_damaged_file():
    data = packed(zipfile.ZIP_STORED).replace(b"t.csv", b"\xff\xfe.cs")
    flagged = bytearray(data)
    start = data.index(b"PK\x01\x02")
    flagged[start + 9] |= 0x08
    with pytest.raises(UnreadableFile, match=r"'t.zip' is a damaged compressed file: 'utf-8'"):
        unpack(bytes(flagged), "t.zip", "")

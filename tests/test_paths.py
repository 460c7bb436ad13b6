"""What is no plain file is named, not read."""

import os
import socket

import pytest

from rung.data.files import open_source
from rung.data.text_source import open_text
from rung.errors import DataError
from rung.paths import named_instead
from rung.store.durable import read_json
from rung.store.modelfile import read_bytes


@pytest.fixture(params=["a folder", "a pipe", "a socket", "a device"])
def strange(request, tmp_path):
    path = tmp_path / "strange"
    kept = None
    if request.param == "a folder":
        path.mkdir()
    elif request.param == "a pipe":
        os.mkfifo(path)
    elif request.param == "a socket":
        kept = socket.socket(socket.AF_UNIX)
        kept.bind(str(path))
    else:
        path.symlink_to("/dev/zero")
    yield request.param, path
    if kept is not None:
        kept.close()


@pytest.mark.parametrize("read", [open_source, open_text, read_json, read_bytes])
def test_every_reader_names_what_is_no_file_instead_of_waiting_for_its_end(strange, read):
    what, path = strange
    assert named_instead(path) == what
    with pytest.raises(DataError, match=f"is {what}"):
        read(path)


def test_a_file_and_nothing_at_all_are_left_to_the_reader(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    assert named_instead(tmp_path / "a") == named_instead(tmp_path / "b") == ""

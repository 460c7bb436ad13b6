"""The command that adds a library works from where rung was installed."""

import json

import pytest

from rung import extras
from rung.errors import MissingExtra
from rung.extras import named_here, requirement


@pytest.mark.parametrize(
    ("origin", "named"),
    [
        ({"url": "file:///code/a%20b", "dir_info": {}}, "'/code/a b[deep]'"),
        (
            {"url": "ssh://example.org/rung.git", "vcs_info": {"vcs": "git", "commit_id": "f0"}},
            "'rung[deep] @ git+ssh://example.org/rung.git'",
        ),
        ({"no url": 1}, "'rung[deep]'"),
        (["a list"], "'rung[deep]'"),
    ],
)
def test_an_installation_is_named_by_where_it_came_from(origin, named):
    assert requirement("deep", json.dumps(origin)) == named


def test_an_error_names_the_place_and_keeps_other_words(monkeypatch):
    record = '{"url": "file:///code/rung", "dir_info": {"editable": true}}'
    monkeypatch.setattr(extras, "_installed_from", lambda: record)
    error = MissingExtra("needs onnx", "install it: pip install 'rung[export]'")
    assert str(error) == "needs onnx; install it: pip install -e '/code/rung[export]'"
    assert named_here("pip install 'rung[deep,images]'").endswith("'/code/rung[deep,images]'")

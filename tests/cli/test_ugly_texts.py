"""Texts that nobody meant to give: a result, or one message and its exit code."""

from __future__ import annotations

import json
import random

import pytest

from tests.cli.test_app import run

SCRIPTS = (
    "αβγδε", "абвгд", "漢字仮名交", "مرحبا", "नमस्ते", "한국어", "👍🏽👨\u200d👩\u200d👧🎉", "e\u0301a\u0308o\u0302",
)  # fmt: skip


def names(n: int = 400, parts: tuple[str, ...] = ("ma", "ri", "an", "el", "o")) -> list[str]:
    drawn = random.Random(0)
    return ["".join(drawn.choices(parts, k=drawn.randint(2, 6))) for _ in range(n)]


LINES = "\n".join(names()).encode()
MIXED = "\n".join(names(1_000, tuple("".join(SCRIPTS)))).encode()
ONE_LINE = "".join(random.Random(0).choices("abcdefgh ", k=100_000)).encode()
NOISE = random.Random(0).randbytes(5_000)

# What is in the file, options, and the beginning of the message.
REFUSED = {
    "empty": (b"", (), 3, "is empty"),
    "line ends only": (b"\n" * 99, (), 3, "holds nothing but 99 line ends"),
    "one line": (b"just one line\n", (), 3, "holds 1 segment of 88 characters; at least 20"),
    "one line as lines": (ONE_LINE, ("--as", "lines"), 3, "holds 1 line; at least 20"),
    "one character": (b"a" * 10_000, (), 3, "are the same; there is nothing to learn"),
    "one character a line": (b"a\n" * 10_000, (), 3, "all 10000 lines"),
    "noise": (NOISE, (), 3, "holds binary data, not text"),
    "zero byte": (LINES + b"\x00" + LINES, (), 3, "holds binary data, not text"),
    "damaged UTF-8": (MIXED + b"\n\xff\n" + MIXED, (), 3, "is UTF-8 but for 1 place(s)"),
    "equal blank lines": (b"   \n" * 400, ("--as", "lines"), 3, "all 400 lines"),
    "lines of blanks": (b"    \n  \n" * 400, (), 2, "or as one text of 3,200 characters"),
}
READ = {
    "mixed scripts": (MIXED, ("--as", "lines")),
    "mixed scripts as a text": (MIXED, ("--as", "text")),
    "one long line": (ONE_LINE, ()),
    "line ends of Windows": (LINES.replace(b"\n", b"\r\n"), ()),
    "line ends of old": (LINES.replace(b"\n", b"\r"), ()),
    "mark": (b"\xef\xbb\xbf" + LINES, ()),
    "strange bytes among plain letters": (LINES + b"\n\xc3\x28\x81\n" + LINES, ()),
    "blanks as a text": (b"    \n  \n \n" * 400, ("--as", "text")),
    "blanks as lines": (
        b"\n".join(b" " * random.Random(i).randint(1, 30) for i in range(400)),
        ("--as", "lines"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_ugly_text_is_refused_in_one_message(name, tmp_path, capsys):
    content, words, code, said = REFUSED[name]
    (tmp_path / "ugly.txt").write_bytes(content)
    out = tmp_path / "out"
    assert run("fit", str(tmp_path / "ugly.txt"), *words, "--out", str(out)) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "'ugly.txt'" in captured.err
    assert "→" in captured.err
    assert len(captured.err.strip().splitlines()) <= 3
    assert not out.exists()


@pytest.mark.parametrize("name", READ)
def test_an_ugly_text_is_read(name, tmp_path, capsys):
    content, words = READ[name]
    (tmp_path / "ugly.txt").write_bytes(content)
    given = ("--families", "bigram", "--quiet", "--threads", "1", "--out", str(tmp_path / "out"))
    assert run("fit", str(tmp_path / "ugly.txt"), *words, *given) == 0
    printed = capsys.readouterr().err
    found = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    warned = [one for one in found["findings"] if one["severity"] in ("alarm", "warning")]
    assert "error" not in printed
    assert bool(printed) == bool(warned), printed
    assert {one["status"] for one in found["ladder"]} == {"scored"}


def test_line_ends_and_a_mark_change_nothing_that_is_learned(tmp_path):
    found = []
    for i, content in enumerate((LINES, READ["line ends of Windows"][0], READ["mark"][0])):
        (tmp_path / "names.txt").write_bytes(content)
        out = tmp_path / str(i)
        words = ("--families", "bigram", "--quiet", "--out", str(out))
        assert run("fit", str(tmp_path / "names.txt"), *words) == 0
        found.append(json.loads((out / "results.json").read_text(encoding="utf-8"))["ladder"])
    assert found[0] == found[1] == found[2]

"""A folder of text files for each class is a table; folders of images and tables are none."""

from pathlib import Path

import pytest

import rung
from rung.data import read_table
from rung.data.image_folders import holds_images
from rung.data.text_folders import holds_texts, read_texts
from rung.errors import UnreadableFile, UsageError

WORDS = [
    "some",
    "words",
    "that",
    "stand",
    "in",
    "every",
    "text",
    "of",
    "this",
    "folder",
    "and",
    "say",
    "nothing",
    "at",
    "all",
]


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def letters(folder: Path, n: int = 40) -> Path:
    return write(
        folder,
        {
            f"{own}/{i}.txt": " ".join([*WORDS[i % 7 :], f"{i}th", sign if i % 9 else "maybe"])
            + "\n"
            for own, sign in (("good", "fine"), ("bad", "awful"))
            for i in range(n)
        },
    )


def test_a_row_is_a_file_with_its_folder_as_its_class(tmp_path) -> None:
    folder = write(
        tmp_path / "t",
        {
            "b/2": "two words\nof b",
            "a/1.txt": "caf\xe9".encode("latin-1"),
            "a/.x": "no",
            "b/0.md": "x",
        },
    )
    assert holds_texts(folder)
    table = read_texts(folder)
    assert table.frame.rows() == [
        ("a", "caf\xe9", "1.txt"),
        ("b", "x", "0.md"),
        ("b", "two words\nof b", "2"),
    ]
    assert [one.code for one in table.findings] == ["folder", "encoding"]


def test_files_of_one_name_are_told_apart_by_their_folder(tmp_path) -> None:
    folder = write(tmp_path, {"a/1.txt": "some words", "b/1.txt": "others"})
    assert read_texts(folder).frame["file"].to_list() == ["a/1.txt", "b/1.txt"]


@pytest.mark.parametrize(
    "files",
    [
        {"a/1.txt": "some words"},
        {"a/1.txt": "some words", "b/1.csv": "x,y\n1,2\n"},
        {"a/1.txt": "some words", "b/1.png": b"\x89PNG"},
        {"a/1.txt": "some words", "b/1.dat": b"\x00\x01\x02"},
        {"a/1.txt": "1 2 3\n4 5 6\n", "b/1.txt": "1 2 3\n4 5 6\n"},
        {"a/1.txt": "some words", "b/1.txt": "others", "model.rung": b""},
        {"a.txt": "some words", "b.txt": "others"},
    ],
)
def test_other_folders_are_no_texts_by_class(tmp_path, files) -> None:
    assert not holds_texts(write(tmp_path, files))


def test_a_folder_is_of_images_of_tables_or_of_texts_and_never_two_of_them(tmp_path) -> None:
    texts = letters(tmp_path / "texts", 2)
    tables = write(tmp_path / "tables", {"1.csv": "x,y\n1,2\n", "2.csv": "x,y\n3,4\n"})
    images = write(tmp_path / "images", {"a/1.png": b"\x89PNG", "b/notes.txt": "some words"})
    folders = (texts, tables, images)
    assert [holds_images(one) for one in folders] == [False, False, True]
    assert [holds_texts(one) for one in folders] == [True, False, False]
    assert read_table(tables).dataset.n_rows == 2


def test_a_file_that_is_no_text_is_named(tmp_path) -> None:
    folder = letters(tmp_path, 8)
    (folder / "good" / "9.txt").write_bytes(b"\x00\x01\x02" * 99)
    with pytest.raises(UnreadableFile, match=r"good/9\.txt"):
        read_texts(folder)


def test_a_model_of_texts_by_class_predicts_folders_with_and_without_classes(tmp_path) -> None:
    folder = letters(tmp_path / "t")
    run = rung.fit(folder, "class", families=["constant", "naive_bayes"])
    assert run.verdict.family == "naive_bayes"
    new = write(tmp_path / "new", {"1.txt": "this one is awful", "2.txt": "that one is fine"})
    assert run.model.predict(new).tolist() == ["bad", "good"]
    assert len(run.model.predict(folder)) == 80


def test_a_folder_of_texts_without_a_target_says_which_to_name(tmp_path) -> None:
    with pytest.raises(UsageError, match="a folder of texts for each class") as caught:
        rung.fit(letters(tmp_path, 2))
    assert caught.value.remedy == "say --target class"

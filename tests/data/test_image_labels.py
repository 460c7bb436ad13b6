"""Images and labels are matched by name, and what does not match is counted."""

import numpy as np
import polars as pl
import pytest

from rung.data import read_table
from rung.data.image_folders import ImageFile
from rung.data.image_labels import label_by_folder, label_by_name, one_column
from rung.errors import DataError, UsageError


def files(*names: str) -> list[ImageFile]:
    return [ImageFile(name, bytes) for name in names]


def table(**columns: list[object]):
    return read_table(pl.DataFrame(columns)).dataset


@pytest.mark.parametrize(
    "cells",
    [["x/3.png", "x/1.png"], ["3.png", "1.png"], ["3", "1"], [3, 1], ["/d/x/3.png", "/d/x/1.png"]],
)
def test_names_are_found_whole_without_folder_or_without_suffix(cells: list[object]) -> None:
    labels = table(kind=["c", "a"], id=cells)
    found = label_by_name(files("x/1.png", "x/3.png"), labels, "kind")
    assert [one.name for one in found.files] == ["x/1.png", "x/3.png"]
    assert found.labels.strings("kind") == ["a", "c"]
    assert found.labels.column("id").role == "identifier"
    assert not found.findings


def test_images_without_label_and_labels_without_image_are_counted() -> None:
    labels = table(id=["1", "2", "9"], kind=["a", "b", "c"])
    found = label_by_name(files("1.png", "2.png", "7.png", "8.png"), labels, "kind")
    assert [one.name for one in found.files] == ["1.png", "2.png"]
    said = {one.code: one.message for one in found.findings}
    assert said["unlabelled_images"].startswith("2 of 4 images have no label")
    assert "'7.png', '8.png'" in said["unlabelled_images"]
    assert said["labels_without_image"].startswith("1 of 3 labels have no image")


def test_two_labels_of_one_image_and_one_name_of_two_images_are_refused() -> None:
    with pytest.raises(DataError, match=r"1 images have several labels, such as '1\.png'"):
        label_by_name(files("1.png"), table(id=["1", "1"], kind=["a", "b"]), "kind")
    with pytest.raises(DataError, match="belong to several images"):
        label_by_name(files("a/1.png", "b/1.png", "b/2.png"), table(id=["1", "2"], k=[0, 1]), "k")


def test_a_misspelt_target_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean target='kind'"):
        label_by_name(files("1.png"), table(id=["1"], kind=["a"]), "kimd")


def test_labels_without_a_column_of_names_are_refused() -> None:
    with pytest.raises(DataError, match="no column of the labels holds file names"):
        label_by_name(files("1.png"), table(x=[0.5, 2.5], kind=["a", "b"]), "kind")


def test_one_folder_says_nothing_of_classes() -> None:
    assert label_by_folder(files("a/1.png", "b/1.png")).labels.strings("class") == ["a", "b"]
    with pytest.raises(DataError, match="all 2 images lie in one folder"):
        label_by_folder(files("a/1.png", "a/2.png"))


def test_labels_of_two_dimensions_are_refused() -> None:
    with pytest.raises(DataError, match=r"shape \(2, 2\)"):
        one_column(np.eye(2))

"""Folders and zips of images are listed by name."""

import zipfile

import pytest

from rung.data.image_folders import holds_images, image_files, named_files
from rung.errors import UnreadableFile


def test_images_of_a_folder_and_of_its_zip_are_the_same(tmp_path) -> None:
    folder = tmp_path / "set"
    for name in ("b/2.png", "a/1.JPG", "a/.hidden.png", "a/notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    packed = tmp_path / "set.zip"
    with zipfile.ZipFile(packed, "w") as writer:
        for path in sorted(folder.rglob("*.*"), reverse=True):
            writer.write(path, path.relative_to(folder).as_posix())
        writer.writestr("__MACOSX/a/1.png", "x")
    for source in (folder, packed):
        files = image_files(source)
        assert [(one.name, one.folder) for one in files] == [("a/1.JPG", "a"), ("b/2.png", "b")]
        assert files[1].fetch() == b"b/2.png"
        assert holds_images(source)


def test_a_zip_of_tables_holds_no_images(tmp_path) -> None:
    packed = tmp_path / "t.zip"
    with zipfile.ZipFile(packed, "w") as writer:
        writer.writestr("t.csv", "a,b")
    assert not holds_images(packed)


def test_an_empty_folder_and_a_lost_file_are_named(tmp_path) -> None:
    with pytest.raises(UnreadableFile, match="holds no images"):
        image_files(tmp_path)
    (lost,) = named_files(tmp_path, ["gone.png"])
    with pytest.raises(UnreadableFile, match=r"gone\.png"):
        lost.fetch()


def test_a_folder_of_tables_alone_holds_no_images(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    assert not holds_images(tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.png").touch()
    assert holds_images(tmp_path)

"""Arrays of images come out of HDF5 files with their labels, and damaged files are refused."""

import numpy as np
import pytest

h5py = pytest.importorskip("h5py")

import rung  # noqa: E402 h5py may be absent
from rung.data.image_cubes import holds_cube, read_cube_file  # noqa: E402
from rung.errors import UnreadableFile  # noqa: E402
from rung.kinds.kind import recognise  # noqa: E402
from tests.kinds.image.made import stripes  # noqa: E402


def test_a_cube_with_its_labels_climbs_as_the_array_does(tmp_path) -> None:
    images, labels = stripes(40)
    images[3, 2] = np.nan
    with h5py.File(tmp_path / "cube.h5", "w") as file:
        file["pixels"] = images.astype(">f4")
        file["labels"] = [label.encode() for label in labels]
    asked = {"families": ["pixel_linear"], "ledger": False, "folds": 2}
    runs = [rung.fit(tmp_path / "cube.h5", **asked), rung.fit(images, labels, **asked)]
    first, other = (run.result.entry("pixel_linear").scores["log_loss"].mean for run in runs)
    assert first == other


def test_a_table_in_hdf5_is_still_a_table(tmp_path) -> None:
    with h5py.File(tmp_path / "table.h5", "w") as file:
        file["x"], file["y"] = np.arange(20.0), np.arange(20.0)
    assert not holds_cube(tmp_path / "table.h5")
    assert recognise(tmp_path / "table.h5", {"target": "y"}).name == "table"


def test_two_arrays_or_damage_are_refused_by_name(tmp_path) -> None:
    with h5py.File(tmp_path / "two.h5", "w") as file:
        file["a"], file["b"] = np.zeros((3, 4, 4)), np.zeros((3, 4, 4))
    with pytest.raises(UnreadableFile, match=r"2 arrays of images among \['a', 'b'\]"):
        read_cube_file(tmp_path / "two.h5")
    whole = (tmp_path / "two.h5").read_bytes()
    (tmp_path / "cut.h5").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(UnreadableFile, match=r"'cut.h5' is no HDF5 file"):
        read_cube_file(tmp_path / "cut.h5")
    assert not holds_cube(tmp_path / "cut.h5")


def test_a_link_to_another_file_is_not_followed(tmp_path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["images"] = np.zeros((3, 4, 4))
    with h5py.File(tmp_path / "link.h5", "w") as file:
        file["images"] = h5py.ExternalLink("secret.h5", "/images")
    assert not holds_cube(tmp_path / "link.h5")

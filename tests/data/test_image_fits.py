"""Cubes of images in FITS give the numbers that the same cube gives as an archive of numpy."""

import json

import numpy as np
import pytest

fits = pytest.importorskip("astropy.io.fits")

import rung  # noqa: E402 astropy may be absent
from rung.data.image_fits import holds_fits_cube, read_fits_cube  # noqa: E402
from rung.errors import UnreadableFile  # noqa: E402
from tests.kinds.image.made import stripes  # noqa: E402


def made() -> tuple[np.ndarray, np.ndarray]:
    """Return 60 images of five channels with missing pixels."""
    images, labels = stripes(60, side=12)
    rng = np.random.default_rng(2)
    cube = np.stack([images * gain for gain in (1, 2, -1, 0.5, 3)], axis=1)
    cube[rng.random(cube.shape) < 0.02] = np.nan
    return cube.astype(np.float32), labels


def written(path, cube, labels=None, name="labels"):
    parts = [fits.PrimaryHDU(), fits.ImageHDU(cube.astype(">f4"))]
    if labels is not None:
        column = fits.Column(name=name, format="8A", array=labels)
        parts.append(fits.BinTableHDU.from_columns([column]))
    fits.HDUList(parts).writeto(path)
    return path


def test_a_cube_of_five_channels_climbs_alike_from_fits_and_npz(tmp_path) -> None:
    cube, labels = made()
    written(tmp_path / "cube.fits", cube, labels)
    np.savez(tmp_path / "cube.npz", images=cube, labels=labels)
    asked = {"families": ["pixel_linear"], "ledger": False, "folds": 2}
    runs = [rung.fit(tmp_path / f"cube.{kind}", **asked) for kind in ("fits", "npz")]
    one, other = (json.dumps(run.result.to_dict()["ladder"]) for run in runs)
    assert one == other
    assert runs[0].result.sections["image"]["channels"][4] == "channel 5"
    assert runs[0].result.dataset.fingerprint == runs[1].result.dataset.fingerprint


def test_scaled_whole_numbers_are_read_as_the_header_says(tmp_path) -> None:
    cube = np.arange(24, dtype=np.int16).reshape(2, 3, 2, 2)
    part = fits.PrimaryHDU(cube)
    part.header["BSCALE"], part.header["BZERO"] = 0.5, 10.0
    part.writeto(tmp_path / "scaled.fits")
    images, labels = read_fits_cube(tmp_path / "scaled.fits")
    assert images.dtype.isnative
    assert images[1, 2, 1].tolist() == [21.0, 21.5]
    assert labels is None


def test_a_table_and_a_single_picture_are_no_cube(tmp_path) -> None:
    column = fits.Column(name="x", format="E", array=np.arange(3.0))
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns([column])]).writeto(
        tmp_path / "table.fits"
    )
    fits.PrimaryHDU(np.zeros((3, 8, 8), ">f4")).writeto(tmp_path / "picture.fits")
    assert not holds_fits_cube(tmp_path / "table.fits")
    assert not holds_fits_cube(tmp_path / "picture.fits")
    with pytest.raises(UnreadableFile, match=r"'table.fits' holds 0 arrays of images"):
        read_fits_cube(tmp_path / "table.fits")


def test_a_damaged_file_is_refused(tmp_path) -> None:
    path = written(tmp_path / "cube.fits", made()[0])
    path.write_bytes(path.read_bytes()[:4_000])
    with pytest.raises(UnreadableFile, match=r"'cube.fits'"):
        read_fits_cube(path)
    (tmp_path / "text.fits").write_text("no FITS")
    assert not holds_fits_cube(tmp_path / "text.fits")

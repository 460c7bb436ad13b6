"""Images are decoded as they are stored, or refused."""

import gzip
import io
import struct
import zlib

import numpy as np
import pytest

from rung.data.image_files import channels_first, decode, map_array, read_array, read_idx
from rung.errors import UnreadableFile

Image = pytest.importorskip("PIL.Image")


def saved(pixels: np.ndarray, suffix: str, mode: str | None = None) -> bytes:
    image = Image.fromarray(pixels)
    stream = io.BytesIO()
    (image.convert(mode) if mode else image).save(stream, suffix)
    return stream.getvalue()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_a_tiff_keeps_its_numbers_and_its_kind(kind: type) -> None:
    pixels = (np.arange(48).reshape(6, 8) * 5).astype(kind)
    found = decode(saved(pixels, "TIFF"), "a.tif")
    assert found.dtype == kind
    assert np.array_equal(found, pixels[None])


def test_a_png_keeps_colours_and_drops_how_it_is_laid_over_others() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    found = decode(saved(pixels, "PNG"), "a.png")
    assert np.array_equal(found, pixels[..., :3].transpose(2, 0, 1))


def test_a_palette_is_read_as_colours() -> None:
    pixels = np.zeros((4, 4, 3), dtype=np.uint8)
    pixels[:2] = (255, 0, 0)
    found = decode(saved(pixels, "PNG", "P"), "a.png")
    assert np.array_equal(found, pixels.transpose(2, 0, 1))


def test_an_image_of_more_pixels_than_fit_is_refused_by_both_sides() -> None:
    raw = saved(np.zeros((1, 1), dtype=np.uint8), "PNG")
    wide = raw[:16] + struct.pack(">II", 11_000, 10_000) + raw[24:29]
    wide += struct.pack(">I", zlib.crc32(wide[12:29])) + raw[33:]
    with pytest.raises(UnreadableFile, match="11,000 x 10,000 pixels"):
        decode(wide, "wide.png")


@pytest.mark.parametrize("raw", [b"", b"name,class\na,b\n", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4"])
def test_what_is_no_image_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"'b.jpg'"):
        decode(raw, "b.jpg")


def test_a_png_cut_short_is_refused() -> None:
    raw = saved(np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8), "PNG")
    with pytest.raises(UnreadableFile, match="no image that can be read"):
        decode(raw[: len(raw) // 2], "cut.png")


def test_a_bomb_is_refused_by_its_size_alone() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    chunks = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    with pytest.raises(UnreadableFile, match="100,000,000 pixels"):
        decode(b"\x89PNG\r\n\x1a\n" + chunks, "bomb.png")


def test_fits_is_read_as_numbers_of_this_machine() -> None:
    fits = pytest.importorskip("astropy.io.fits")
    pixels = np.random.default_rng(0).normal(size=(2, 5, 6)).astype(">f4")
    pixels[0, 0, 0] = np.nan
    stream = io.BytesIO()
    fits.PrimaryHDU(pixels).writeto(stream)
    found = decode(stream.getvalue(), "a.fits")
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, pixels.astype(np.float32))


def test_an_array_of_objects_is_refused() -> None:
    stream = io.BytesIO()
    np.save(stream, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UnreadableFile, match=r"a\.npy"):
        read_array(stream.getvalue(), "a.npy")


def test_idx_is_read_big_endian_and_checked(tmp_path) -> None:
    values = np.arange(24, dtype=">i2").reshape(2, 3, 4)
    raw = b"\x00\x00\x0b\x03" + struct.pack(">III", 2, 3, 4) + values.tobytes()
    path = tmp_path / "x-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(raw))
    assert np.array_equal(read_idx(path), values)
    path.write_bytes(gzip.compress(raw[:-2]))
    with pytest.raises(UnreadableFile, match=r"48 bytes.*has 46"):
        read_idx(path)


def test_a_short_last_axis_is_channels_and_a_cube_of_five_channels_stays() -> None:
    assert channels_first(np.zeros((7, 9, 8, 3))).shape == (7, 3, 9, 8)
    assert channels_first(np.zeros((7, 5, 16, 16))).shape == (7, 5, 16, 16)
    assert channels_first(np.zeros((7, 9, 8))).shape == (7, 1, 9, 8)


def test_a_mapped_array_is_the_array_and_objects_are_refused(tmp_path) -> None:
    images = np.random.default_rng(0).random((3, 4, 5)).astype(">f4")
    np.save(tmp_path / "a.npy", images)
    found = map_array(tmp_path / "a.npy")
    assert isinstance(found, np.memmap)
    assert np.array_equal(found, images)
    np.save(tmp_path / "objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    (tmp_path / "text.npy").write_text("no array")
    for name in ("objects.npy", "text.npy"):
        with pytest.raises(UnreadableFile, match=f"'{name}' is no array"):
            map_array(tmp_path / name)

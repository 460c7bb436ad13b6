"""A run on many images keeps to its limit, and is the same from a file of pixels as from memory."""

import json
from dataclasses import replace

import rung
from rung.core.memory import MB
from rung.families import find
from rung.kinds.image import pixel_file
from rung.kinds.image.kind import KIND
from tests.kinds.image.made import stripes


def test_a_run_from_a_file_of_pixels_is_that_from_memory(tmp_path, monkeypatch) -> None:
    images, labels = stripes(60, side=8)
    asked = {"families": ["pixel_linear"], "ledger": False, "folds": 2}
    held = rung.fit(images, labels, **asked)
    monkeypatch.setenv("RUNG_STATE", str(tmp_path))
    monkeypatch.setattr(pixel_file, "HELD", 1_000)
    mapped = rung.fit(images, labels, **asked)
    before, after = (json.dumps(one.result.to_dict()["ladder"]) for one in (held, mapped))
    assert before == after
    assert (tmp_path / "pixels").is_dir()


def test_a_network_that_needs_more_memory_than_allowed_is_skipped_with_its_estimate() -> None:
    images, labels = stripes(40, side=32)
    asked = {"target": labels, "families": ["residual_cnn"], "folds": 2}
    options = KIND.make_options(asked)
    limit = KIND.limit(KIND.prepare(images, options, None), options, 2, print).whole
    residual, small = find("residual_cnn", "image"), find("small_cnn", "image")
    assert limit.sizes.n_pixels == 32 * 32
    assert limit.taken >= 350e6 + images.nbytes
    # 64 images of 1,024 pixels, 1,000 numbers of 4 bytes a pixel: 262 MB beside torch's 350.
    tight = replace(limit, limit=limit.taken + 600 * MB)
    assert tight.reason_to_skip(residual).startswith("would need about ")
    assert not tight.reason_to_skip(small)
    assert not replace(limit, limit=limit.taken + 613 * MB).reason_to_skip(residual)


def test_networks_take_part_of_many_images_and_say_so() -> None:
    images, labels = stripes(40, side=32)
    options = KIND.make_options({"target": labels, "families": ["small_cnn"], "folds": 2})
    prepared = KIND.prepare(images, options, None)
    limit = KIND.limit(prepared, options, 2, print)
    small = replace(find("small_cnn", "image"), most_rows=lambda sizes: 10)
    (said,) = limit.notes(small, prepared.folds)
    assert said.startswith("trained on 10 of ")
    assert max(len(one.train) for one in limit.folds(small, prepared.folds).splits) == 10


def test_a_rung_is_measured_by_the_columns_that_it_takes() -> None:
    images, labels = stripes(40, side=16)
    options = KIND.make_options({"target": labels, "families": ["pixel", "fusion"], "folds": 2})
    limit = KIND.limit(KIND.prepare(images, options, None), options, 9, print)
    pixel, fusion = (
        limit.of(find(f"{word}_linear", "image")).sizes for word in ("pixel", "fusion")
    )
    assert pixel.n_columns == 22
    assert fusion.n_columns == 22 + 768
    assert limit.of(find("small_cnn", "image")).sizes.n_pixels == 16 * 16

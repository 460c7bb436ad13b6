"""Filters and maps of a network stand on the page with their numbers."""

from types import SimpleNamespace

from rung.report.sections.image_network import network_drawings, network_picture, render

FOUND = {
    "family": "small_cnn",
    "title": "Small CNN",
    "image": "<x>",
    "png": "AA==",
    "filters": {
        "png": "AA==",
        "n": 64,
        "channels": 5,
        "side": 3,
        "rows": [{"filter": 1, "size": 0.25, "weights": [0.5, -0.5]}],
    },
    "stages": [
        {
            "stage": "first",
            "title": "first convolution",
            "channels": 32,
            "height": 8,
            "width": 9,
            "shown": 16,
            "png": "AA==",
            "active": 0.5,
            "mean": 0.125,
            "most": 2.0,
        }
    ],
}


Result = SimpleNamespace(sections={"image_network": FOUND})


def test_sizes_and_weights_are_told() -> None:
    found = network_picture(Result)
    assert "1 of 64, of 3 by 3 pixels and 5 channels" in found["filters"]["said"]
    assert found["filters"]["said"].endswith("the mean of the channels is shown.")
    assert found["filters"]["table"]["rows"] == [["1", "0.25", "0.5, −0.5"]]
    assert found["maps"]["table"]["rows"] == [
        ["first convolution", "32", "8", "9", "50%", "0.125", "2"]
    ]
    page = render(found, Result)
    assert page.count("<figure>") == len(network_drawings(Result, {})) == 2
    assert "32 maps of 9 x 8" in page
    assert "<x>" not in page

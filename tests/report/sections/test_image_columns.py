"""What scales matter is drawn for each way to put them together."""

from rung.report.sections.image_columns import column_drawings, column_pictures, render
from tests.explain.image_runs import run_of, values_run


def test_each_way_has_a_heading_a_meaning_and_a_row_a_group() -> None:
    result = run_of("pixel_linear", "scattering_linear").result
    pictures = column_pictures(result)
    assert [one["heading"].split(",")[0] for one in pictures] == [
        "By scale",
        "By angle",
        "By place in the image",
    ]
    assert len(pictures[2]["behind"]["rows"]) == 16
    assert len(pictures[2]["rows"]) == 15
    page = render(pictures, result)
    assert "One group that matters less stands in the table." in page
    assert page.count("<figure>") == len(column_drawings(result, {})) == 3


def test_statistics_of_values_are_one_way() -> None:
    (only,) = column_pictures(values_run().result)
    assert only["heading"].startswith("By what is measured")

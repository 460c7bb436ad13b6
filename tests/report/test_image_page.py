"""The page of one image is whole, has no script and escapes what files are called."""

import re

from rung.report.html import policy
from rung.report.image_page import image_page


def test_a_title_cannot_break_out_and_the_policy_allows_its_own_style() -> None:
    page = image_page("<script>alert(1)</script>", [], None)
    assert "<script" not in page
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    assert policy(style).replace("'", "&#39;") in page
    assert "style=" not in page

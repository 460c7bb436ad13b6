from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from rung.graph.fold import fold
from rung.graph.page import page
from rung.graph.parts import Edge, Node
from tests.graph.test_fold import block, chain


def example():
    parts = [("embed", ()), *(one for i in range(4) for one in block(i)), ("<head>", ())]
    nodes, edges = chain(parts, facts={"mean": 0.5, "operation": "f"})
    return page(fold(nodes, edges, "blocks"), [{"node": n.key, **n.facts} for n in nodes])


class Balance(HTMLParser):
    void = frozenset(["meta", "rect", "path"])

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.hrefs = [], [], []

    def handle_starttag(self, tag, attrs):
        self.open += [tag] if tag not in self.void else []
        self.ids += [value for name, value in attrs if name == "id"]
        self.hrefs += [value for name, value in attrs if name == "href"]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_tags_are_balanced_and_ids_are_unique():
    parser = Balance()
    parser.feed(example())
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))


def test_every_folded_box_leads_to_a_part_that_opens():
    text = example()
    parser = Balance()
    parser.feed(text)
    assert parser.hrefs == ["#part-1"]
    assert {href[1:] for href in parser.hrefs} <= set(parser.ids)
    # What a link leads to lies within the closed element, which browsers then open.
    assert re.search(r"<details><summary>[^/]*</small></summary><div id=\"part-1\">", text)


def test_there_are_no_scripts_and_the_policy_allows_the_one_style():
    text = example()
    assert "<script" not in text
    assert "style=" not in text
    style = text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert text.count("<style>") == 1


def test_names_cannot_become_markup():
    assert "<head>" not in example().split("</head>")[1]
    assert "&lt;head&gt;" in example()


def test_long_tables_end_with_a_count():
    nodes = [Node("a", "a"), Node("b", "b")]
    rows = [{"node": str(i)} for i in range(1_500)]
    assert "The first 1,000 of 1,500." in page(fold(nodes, [Edge("a", "b")], "t"), rows)


def test_alike_blocks_are_told_apart_by_their_results():
    assert example().count("<td>0.5</td>") >= 4

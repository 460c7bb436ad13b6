from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from rung.graph.layout import lay_out
from rung.graph.parts import BoxLine, Edge, Node
from rung.graph.svg import draw, standalone, text, told
from tests.graph.shapes import acyclic, graph

SVG = "{http://www.w3.org/2000/svg}"


def drawn(nodes, edges, **options):
    return draw(lay_out(nodes, edges), nodes, title="a picture", **options)


@settings(max_examples=25)
@given(acyclic())
def test_every_title_and_value_is_text_in_valid_xml(found):
    n_nodes, pairs = found
    nodes, edges = graph(pairs, n_nodes)
    root = ET.fromstring(standalone(drawn(nodes, edges)))
    shown = [element.text for element in root.iter(f"{SVG}text")]
    assert shown.count("1.5") == sum(len(node.lines) for node in nodes)
    assert {node.title for node in nodes} <= set(shown)


@settings(max_examples=25)
@given(st.text(max_size=30))
def test_any_text_makes_valid_xml(words):
    nodes = [Node("a", words, lines=(BoxLine(words, words),))]
    ET.fromstring(standalone(draw(lay_out(nodes, []), nodes, title=words)))


def test_the_same_graph_gives_the_same_characters():
    nodes, edges = graph([(0, 2), (1, 2), (0, 1)], 3)
    assert drawn(nodes, edges) == drawn(nodes, list(reversed(edges)))


def test_it_is_told_in_words_for_those_who_cannot_see_it():
    nodes = [Node("a", "a", "input", (BoxLine("value", "3"),)), Node("b", "b")]
    root = ET.fromstring(standalone(drawn(nodes, [Edge("a", "b")])))
    assert root.find(f"{SVG}title").text == "a picture"
    assert root.find(f"{SVG}desc").text == "a (input): value 3; b (operation)."
    labels = [g.get("aria-label") for g in root.iter(f"{SVG}g")]
    assert labels == ["a (input): value 3", "b (operation)"]


def test_long_descriptions_end_with_a_count():
    assert told([Node(str(i), "x") for i in range(20)]).endswith("; and 8 more.")


def test_colours_follow_light_and_dark():
    assert "prefers-color-scheme: dark" in standalone(drawn([Node("a", "a")], []))


def test_nothing_is_fetched_and_nothing_is_run():
    picture = standalone(drawn(*graph([(0, 1)], 2)))
    assert "<script" not in picture
    assert picture.count("http") == 1  # the name of the language itself
    assert "href" not in picture


def test_what_edges_share_is_drawn_once():
    nodes, _ = graph([], 5)
    edges = [Edge("n0", "n1"), Edge("n1", "n2"), Edge("n2", "n3"), Edge("n2", "n4")]
    one = drawn(nodes, [*edges, Edge("n0", "n3")])
    both = drawn(nodes, [*edges, Edge("n0", "n3"), Edge("n0", "n4")])
    pieces = [picture.split('class="flow plain" d="')[1].split('"')[0] for picture in (one, both)]
    assert pieces[1].count("M") - pieces[0].count("M") <= 3


def test_numbers_are_never_cut():
    long = BoxLine("a name that is much longer than any box is wide, in truth", "−0.123456789")
    nodes = [Node("a", "a", lines=(long,))]
    assert ">−0.123456789</text>" in drawn(nodes, [])


def test_links_lead_where_they_are_told():
    assert '<a href="#part-1">' in drawn([Node("a", "a")], [], links={"a": "#part-1"})


def test_controls_become_visible():
    assert text("a\x1b<") == "a\\x1b&lt;"

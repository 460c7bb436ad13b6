"""The page holds the picture of the tree, and says in how many folds an edge was found."""

from rung.report.sections.dependence import SECTION

TREE = {
    "columns": ["z", "class", "<b>", "alone"],
    "n_folds": 5,
    "edges": [
        {"parent": "z", "child": "<b>", "information": 0.03, "rows": 1080, "folds": 2},
        {"parent": "class", "child": "z", "information": 1.597, "rows": 90, "folds": 5},
    ],
}


def test_the_strongest_edge_comes_first_and_lonely_columns_are_counted():
    shown = SECTION.render(TREE, None)
    assert shown.index("class</bdi> – <bdi>z") < shown.index("z</bdi> – <bdi>&lt;b&gt;")
    assert '<td class="number">2 of 5</td><td class="number">1,080</td>' in shown
    assert "1 column hangs together with no other" in shown
    assert 'src="data:image/svg+xml;base64,' in shown
    assert "<b>" not in shown


def test_without_an_edge_there_is_no_picture():
    shown = SECTION.render({**TREE, "edges": []}, None)
    assert "<img" not in shown
    assert "4 columns hang together with no other" in shown


def test_a_picture_shrinks_to_the_page_only_where_it_can_be_read_then():
    assert '<img class="shrinks"' in SECTION.render(TREE, None)
    names = [f"column {k}" for k in range(30)]
    edges = [{**TREE["edges"][0], "parent": "z", "child": name} for name in names]
    wide = SECTION.render({"columns": ["z", *names], "n_folds": 5, "edges": edges}, None)
    assert '<img src="data:' in wide

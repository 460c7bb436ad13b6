"""The page answers first, and every section lies in a part."""

from itertools import pairwise

from rung.report.parts import PARTS, part_of
from rung.report.sections import discover

PHASES = {
    "business understanding",
    "data understanding",
    "data preparation",
    "modelling",
    "evaluation",
    "deployment",
}


def test_parts_follow_the_questions_of_a_reader():
    assert [part.title for part in PARTS] == [
        "The answer",
        "Before you believe it",
        "How it works",
        "Where it fails",
        "How far to trust it",
        "The data",
        "How to reproduce and report it",
        "Appendix",
    ]
    assert all(one.begins < other.begins for one, other in pairwise(PARTS))


def test_a_position_lies_in_the_part_that_began_last():
    assert part_of(699).name == "part-before"
    assert part_of(700).name == "part-how"
    assert part_of(-5).name == "part-answer"
    assert part_of(10**6).name == "part-appendix"


def test_sections_stand_where_a_reader_looks_for_them():
    parts = {section.name: part_of(section.position).name for section in discover()}
    assert parts["ladder"] == parts["sealed"] == "part-answer"
    assert parts["findings"] == "part-before"
    assert parts["formula"] == parts["importance"] == parts["text"] == "part-how"
    assert parts["truth"] == parts["confusion"] == "part-fails"
    assert parts["training_score"] == "part-trust"
    assert parts["division"] == parts["image"] == "part-data"
    assert parts["reproduce"] == "part-again"
    assert parts["words"] == "part-appendix"


def test_phases_are_those_of_crisp_dm():
    said = {section.phase or part_of(section.position).phase for section in discover()}
    assert said - {""} <= PHASES

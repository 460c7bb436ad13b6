import inspect

import rung
from rung.kinds.keywords import RunKeywords
from rung.kinds.options import every_option


def test_the_typed_keywords_are_the_declared_options():
    assert set(RunKeywords.__annotations__) == {one.name for one in every_option()} - {"target"}


def test_the_signature_of_fit_completes_every_option_with_its_default():
    shown = inspect.signature(rung.fit).parameters
    assert not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in shown.values())
    assert list(shown)[:2] == ["data", "target"]
    assert set(shown) >= {one.name for one in every_option()}
    assert (shown["seed"].default, shown["folds"].default) == (0, None)

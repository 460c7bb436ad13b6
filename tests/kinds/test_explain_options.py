from rung.kinds.declaration import declared
from rung.kinds.explain_options import ExplainOptions
from rung.kinds.table.options import FitOptions


def test_a_table_takes_each_with_the_same_default() -> None:
    own = {one.name: one.default for one in declared(FitOptions)}
    for option in declared(ExplainOptions):
        assert own[option.name] == option.default, option.name

"""Compiled functions say what plain ones say, for many rows at once, with either engine."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest

from rung.autograd import MLP, SGD, Value, max_margin, sum_of_squares, trace
from rung.errors import UndefinedOperation, UsageError
from tests.autograd.graphs import draw_graph, on_values
from tests.source import SRC

ENGINES = pytest.mark.parametrize("engine", ["numpy", "lists"])


def example_loss(model):
    parameters = model.parameters()
    return lambda x, y: max_margin(model(x), y) + 1e-4 * sum_of_squares(parameters)


def moons_like(n_rows):
    generator = np.random.default_rng(0)
    X = generator.normal(size=(n_rows, 2))
    return X, np.where(X[:, 0] * X[:, 1] > 0, 1.0, -1.0)


@ENGINES
def test_random_graphs_give_the_numbers_of_plain_values(engine):
    for seed in range(100):
        graph = draw_graph(seed)
        leaves = [Value(leaf) for leaf in graph.leaves]
        end = graph.run(leaves, on_values)
        end.backward()
        # Half of the leaves are given, half are parameters.
        weights = [Value(leaf) for leaf in graph.leaves[2:]]
        program = trace(
            lambda a, b, g=graph, w=weights: g.run([a, b, *w], on_values),
            *graph.leaves[:2],
            engine=engine,
        )
        columns = [[leaf] * 3 for leaf in graph.leaves[:2]]
        assert list(program(*columns)) == pytest.approx([end.data] * 3, rel=1e-12, abs=1e-12)
        assert program.backward(*columns) == pytest.approx(end.data, rel=1e-12, abs=1e-12)
        for found, leaf in zip([w.grad for w in weights], leaves[2:], strict=True):
            assert found == pytest.approx(leaf.grad, rel=1e-11, abs=1e-11), seed
        slopes = [leaf.grad for leaf in leaves[:2]]
        for row in program.slopes(*columns):
            assert list(row) == pytest.approx(slopes, rel=1e-11, abs=1e-11), seed


@ENGINES
def test_training_follows_the_curve_of_plain_values(engine):
    X, y = moons_like(20)
    curves = []
    for compiled in (False, True):
        model = MLP(2, [4, 4, 1], generator=random.Random(1))
        optimiser = SGD(model.parameters(), learning_rate=0.5)
        loss = example_loss(model)
        program = trace(loss, X[0], y[0], engine=engine)
        curve = []
        for _ in range(8):
            optimiser.zero_grad()
            if compiled:
                curve.append(program.backward(X, y))
            else:
                total = sum((loss(x, t) for x, t in zip(X, y, strict=True)), Value(0.0)) / len(X)
                total.backward()
                curve.append(total.data)
            optimiser.step()
        curves.append(curve)
    assert curves[1] == pytest.approx(curves[0], rel=1e-12)
    assert curves[1][-1] < curves[1][0]


@ENGINES
def test_parameters_are_read_anew_at_every_call(engine):
    weight = Value(2.0)
    program = trace(lambda x: weight * x, 1.0, engine=engine)
    assert list(program([1.0, 3.0])) == [2.0, 6.0]
    weight.data = -1.0
    assert list(program([1.0, 3.0])) == [-1.0, -3.0]


@ENGINES
def test_derivatives_add_to_those_that_are_there(engine):
    weight = Value(2.0)
    weight.grad = 100.0
    mean = trace(lambda x: weight * x, 1.0, engine=engine).backward([1.0, 3.0])
    assert (mean, weight.grad) == (4.0, 102.0)


@ENGINES
def test_several_results_stand_side_by_side(engine):
    program = trace(lambda x: [x[0] * 2.0, x[1], 7.0], [1.0, 2.0], engine=engine)
    found = program([[1.0, 2.0], [3.0, 4.0]])
    assert np.asarray(found).tolist() == [[2.0, 2.0, 7.0], [6.0, 4.0, 7.0]]
    with pytest.raises(UsageError, match="returns a list of 3 results; accepted: one Value"):
        program.backward([[1.0, 2.0]])


@ENGINES
def test_slopes_are_those_of_each_row(engine):
    program = trace(lambda x, unused: x**3, 1.0, 1.0, engine=engine)
    found = program.slopes([1.0, -2.0], [0.0, 0.0])
    assert np.asarray(found).tolist() == [[3.0, 0.0], [12.0, 0.0]]


@ENGINES
def test_a_batch_may_change_its_size(engine):
    program = trace(lambda x: x * x, 1.0, engine=engine)
    for n_rows in (1, 5, 2):
        assert list(program([3.0] * n_rows)) == [9.0] * n_rows


@ENGINES
def test_a_sum_of_shared_and_other_terms_counts_each_as_often_as_it_stands(engine):
    w = Value(2.0)
    program = trace(lambda x: x + w + x + w + w, 1.0, engine=engine)
    assert list(program([1.0, 2.0])) == [8.0, 10.0]
    program.backward([1.0, 2.0])
    assert w.grad == 3.0
    assert np.asarray(program.slopes([1.0, 2.0])).tolist() == [[2.0], [2.0]]


@ENGINES
@pytest.mark.parametrize(
    ("function", "bad", "shown"),
    [
        (lambda x: x.log(), 0.0, r"'log\(0\)' has no finite value"),
        (lambda x: 1.0 / (x - 2.0), 2.0, "'1 / 0' has no finite value"),
        (lambda x: (x * 100.0).exp(), 8.0, r"'exp\(800\)'"),
        (lambda x: x**0.5, -4.0, r"'\(-4\) \*\* 0.5'"),
    ],
)
def test_a_row_without_an_answer_is_named(engine, function, bad, shown):
    program = trace(function, 1.0, engine=engine)
    with pytest.raises(UndefinedOperation, match=shown):
        program([1.0, bad, 3.0])


@ENGINES
def test_an_infinite_slope_is_named_when_it_is_asked_for(engine):
    program = trace(lambda x: x**0.5, 1.0, engine=engine)
    with pytest.raises(UndefinedOperation, match=r"'0 \*\* 0.5'.*no finite slope"):
        program.slopes([1.0, 0.0])


@ENGINES
@pytest.mark.parametrize(
    "batch",
    [
        ([1.0, 2.0],),
        ([[1.0, 2.0]], [1.0, 2.0]),
        ([[1.0, 2.0, 3.0]], [1.0]),
        ([[1.0, float("nan")]], [1.0]),
        ([], []),
        (),
    ],
    ids=["one argument", "unequal rows", "wide rows", "not finite", "no rows", "no arguments"],
)
def test_a_batch_that_does_not_fit_is_named(engine, batch):
    program = trace(lambda x, y: x[0] * x[1] - y, [1.0, 2.0], 3.0, engine=engine)
    with pytest.raises(UsageError, match=r"2 argument\(s\) with as many rows each.*of 2, 1 finite"):
        program(*batch)


def test_an_unknown_engine_is_named():
    with pytest.raises(UsageError, match="engine='torch'; accepted: 'numpy', 'lists'"):
        trace(lambda x: x, 1.0, engine="torch")


def test_without_numpy_lists_take_over():
    code = (
        "import sys\n"
        "sys.modules['numpy'] = None\n"
        "from rung.autograd import Value, trace\n"
        "w = Value(3.0)\n"
        "program = trace(lambda x: (w * x).tanh(), 1.0)\n"
        "print(program.engine, program([0.0]), program.backward([0.0, 0.0]), w.grad)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(SRC.parent), "PATH": ""},
    )
    assert done.stdout == "lists [0.0] 0.0 0.0\n", done.stderr


def test_importing_it_loads_no_numpy():
    code = "import sys, rung.autograd; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PYTHONPATH": str(SRC.parent), "PATH": ""},
    )
    assert done.stdout == "False\n"


@ENGINES
@pytest.mark.parametrize("name", ["relu", "abs", "max", "sigmoid", "tanh"])
def test_what_is_no_number_stays_none(engine, name):
    weight = Value(float("nan"))

    def function(x):
        product = weight * x
        return product.max(1.0) + (0.0 * x) if name == "max" else getattr(product, name)()

    program = trace(function, 1.0, engine=engine)
    assert np.isnan(program([1.0, 2.0])).all()
    assert np.isnan(program.backward([1.0, 2.0]))
    assert weight.grad != 0.0


TOO_LARGE = {
    "product": (lambda x: x * 1e200 * 1e200, r"\* 1e\+200' has no finite value"),
    "sum": (lambda x: x * 1.7e308 + 1.7e308, r"1.7e\+308 \+ 1.7e\+308' has no finite value"),
    "difference": (lambda x: -1.7e308 * x - 1.7e308, "- 1.7e.308' has no finite value"),
    "quotient": (lambda x: 1e300 / (x * 1e-300), r"'1e\+300 / 1e-300'"),
}


@pytest.mark.parametrize("engine", ["values", "numpy", "lists"])
@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_result_that_is_too_large_is_refused_by_every_engine(engine, name):
    function, shown = TOO_LARGE[name]
    if engine == "values":
        with pytest.raises(UndefinedOperation, match=shown):
            function(Value(1.0))
        return
    program = trace(function, 1e300 if name == "quotient" else 1e-300, engine=engine)
    with pytest.raises(UndefinedOperation, match=shown):
        program([1.0])


@pytest.mark.parametrize("engine", ["values", "numpy", "lists"])
def test_a_derivative_that_is_too_large_is_refused_by_every_engine(engine):
    weight = Value(1e-250)

    def function(x):
        return weight * x * 1e200 * 1e200

    def derive():
        if engine == "values":
            function(Value(1.0)).backward()
        else:
            trace(function, 1.0, engine=engine).backward([1.0])

    with pytest.raises(UndefinedOperation, match=r"derivative has no finite value.*up to 1.8e308"):
        derive()


@ENGINES
def test_a_mean_that_is_too_large_is_refused(engine):
    program = trace(lambda x: x * 1e308, 1.0, engine=engine)
    with pytest.raises(UndefinedOperation, match=r"'1.5e\+308 \+ 1.5e\+308'"):
        program.backward([1.5, 1.5])


@ENGINES
def test_an_overflow_is_refused_beside_a_parameter_that_is_no_number(engine):
    weight = Value(float("nan"))
    program = trace(lambda x, y: [weight * x, y * 1e200 * 1e200], 1.0, 1e-200, engine=engine)
    with pytest.raises(UndefinedOperation, match=r"1e\+200 \* 1e\+200'"):
        program([1.0], [1.0])

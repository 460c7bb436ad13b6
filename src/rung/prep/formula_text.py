"""Write a formula as text and as LaTeX, with as many digits as a reader wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rung.core.numbers import MINUS
from rung.prep.formula import Bell, BrokenLine, Formula, weights_of

MOST_TERMS, MOST_KNOTS = 40, 24
DIGITS = 4


@dataclass(frozen=True)
class Script:
    """How parts of a formula are written."""

    times: str
    name: str
    number: str
    power: str
    when: str


TEXT = Script(" × ", "{}", "{}", "{}{}", "[{} {}]")
LATEX = Script(r" \, ", r"\mathrm{{{}}}", "{}", "{}^{{{}}}", r"[\mathrm{{{}}}\ \text{{{}}}]")
POWERS = {2: "²", 3: "³", 4: "⁴"}
LATEX_SIGNS = {
    "\\": r"\backslash ",
    "_": r"\_",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "^": r"\hat{\ }",
    "~": r"\sim ",
    " ": r"\ ",
}


def formula_text(formula: Formula, target: str, classes: Sequence[str]) -> list[str]:
    """Return the formula as lines of text.

    Examples
    --------
    >>> from rung.prep.formula import Product
    >>> line = Formula(intercept=(7.0,), pieces=(Product(("x",), (2.0,)),), centres={"x": 3.0})
    >>> formula_text(line, "y", ())
    ['y = 1 + 2 × x']
    """
    return _lines(formula, target, classes, TEXT)


def formula_latex(formula: Formula, target: str, classes: Sequence[str]) -> list[str]:
    r"""Return the formula as lines of LaTeX, for a display.

    Examples
    --------
    >>> from rung.prep.formula import Product
    >>> square = Product(("x_1", "x_1"), (-2.0,))
    >>> formula_latex(Formula(intercept=(7.0,), pieces=(square,), centres={"x_1": 3.0}), "y", ())
    ['\\mathrm{y} = 7 - 2 \\, (\\mathrm{x\\_1} - 3)^{2}']
    """
    return _lines(formula, target, classes, LATEX)


def _lines(formula: Formula, target: str, classes: Sequence[str], how: Script) -> list[str]:
    heads = _heads(formula, target, classes, how)
    lines = [f"{head} = {_sum(formula, signs, how)}" for head, signs in heads]
    for k, (_, signs) in enumerate(heads):
        mark = str(k + 1) if len(heads) > 1 else ""
        lines += [_table(piece, signs, mark, how) for piece in _broken(formula)]
    return lines


def _broken(formula: Formula) -> list[BrokenLine]:
    return [piece for piece in formula.pieces if isinstance(piece, BrokenLine)]


def _function(piece: BrokenLine, mark: str, how: Script) -> str:
    """Write the name of a curve; numbered where there are several equations."""
    name = _name(piece.column, how)
    return f"f{mark}({name})" if how is TEXT else f"f_{{{mark}}}({name})" if mark else f"f({name})"


def _table(piece: BrokenLine, signs: tuple[float, ...], mark: str, how: Script) -> str:
    """Write a curve as its knots and heights; between them it is straight."""
    heights = [
        sum(sign * each for sign, each in zip(signs, own, strict=True)) for own in piece.weights
    ]
    shown = list(zip(piece.knots, heights, strict=True))
    step = -(-(len(shown) - 1) // (MOST_KNOTS - 1))
    kept = shown if step <= 1 else [*shown[:-1:step], shown[-1]]
    pairs = [(_digits(knot, how), _digits(height, how)) for knot, height in kept]
    more = f"one in {step} of {len(shown)} knots" if step > 1 else ""
    if how is TEXT:
        listed = ", ".join(f"{height} at {knot}" for knot, height in pairs)
        note = f" ({more})" if more else ""
        return f"{_function(piece, mark, how)} joins by straight lines{note}: {listed}"
    rows = r" \\ ".join(f"{knot} & {height}" for knot, height in pairs)
    note = rf"\ \text{{({more})}}" if more else ""
    return (
        rf"{_function(piece, mark, how)}:\ \text{{straight between}}{note}\ "
        rf"\begin{{array}}{{rr}} {rows} \end{{array}}"
    )


def _heads(
    formula: Formula, target: str, classes: Sequence[str], how: Script
) -> list[tuple[str, tuple[float, ...]]]:
    """Return what stands left of each equation, and the share of each score in it."""
    if formula.link == "value":
        return [(_name(target, how), (1.0,))]
    n, named = formula.n_scores, [classes[k] for k in formula.classes] or list(classes)
    is_score, is_text = formula.link == "softmax", how is TEXT
    if is_score and n == 2 and not _bells(formula):
        odds = "log odds of" if is_text else r"\log\ \text{odds of}\ "
        against = "against" if is_text else r"\ \text{against}\ "
        head = f"{odds} {_name(named[1], how)} {against} {_name(named[0], how)}"
        return [(head, (-1.0, 1.0))]
    before = ("score of " if is_text else r"\text{score of}\ ") if is_score else "P("
    rows = [tuple(float(i == k) for i in range(n)) for k in range(n)]
    after = "" if is_score else ")"
    return [
        (f"{before}{_name(name, how)}{after}", row) for name, row in zip(named, rows, strict=True)
    ]


def _bells(formula: Formula) -> list[Bell]:
    return [piece for piece in formula.pieces if isinstance(piece, Bell)]


def _sum(formula: Formula, signs: tuple[float, ...], how: Script) -> str:
    bells = _bells(formula)
    names: set[tuple[str, ...]] = {
        (bell.column, part) for bell in bells for part in ("mean", "deviation")
    }
    names |= {key for piece in _broken(formula) for key, _ in weights_of(piece)}
    found = {key: each for key, each in formula.coefficients().items() if key not in names}
    weighed = {
        key: sum(sign * weight for sign, weight in zip(signs, weights, strict=True))
        for key, weights in found.items()
    }
    start = weighed.pop(())
    terms = sorted(weighed.items(), key=lambda item: (len(item[0]) > 1 and item[0][1][:1] != "=",))
    kept = [(key, weight) for key, weight in terms if weight]
    parts = [_digits(start, how)]
    for key, weight in kept[:MOST_TERMS]:
        sign = "-" if weight < 0 else "+"
        shown = _digits(abs(weight), how)
        sign = MINUS if sign == "-" and how is TEXT else sign
        parts.append(f"{sign} {shown}{how.times}{_factor(formula, key, how)}")
    mark = str(next(k for k, sign in enumerate(signs) if sign == 1.0) + 1)
    mark = mark if formula.n_scores > 2 or (formula.n_scores == 2 and signs.count(0.0)) else ""
    parts += [f"+ {_function(piece, mark, how)}" for piece in _broken(formula)]
    for bell in bells:  # one score at a time
        k = signs.index(1.0)
        mean, deviation = (_digits(each[k], how) for each in (bell.means, bell.deviations))
        log = "log" if how is TEXT else r"\log\,"
        parts.append(f"+ {log} N({_name(bell.column, how)}; {mean}, {deviation})")
    if len(kept) > MOST_TERMS:
        rest = f"{len(kept) - MOST_TERMS} more terms"
        parts.append(f"+ {rest}" if how is TEXT else rf"+ \text{{{rest}}}")
    return " ".join(parts)


def _factor(formula: Formula, key: tuple[str, ...], how: Script) -> str:
    # The second of a product is a number too, and has a centre.
    if len(key) == 2 and key[1] not in formula.centres:
        condition = key[1]
        return how.when.format(_plain(key[0], how), condition if how is TEXT else _text(condition))
    if formula.is_straight():
        return _name(key[0], how)
    powers = [(name, key.count(name)) for name in dict.fromkeys(key)]
    return how.times.join(_power(formula, name, n, how) for name, n in powers)


def _power(formula: Formula, name: str, n: int, how: Script) -> str:
    centre = formula.centres[name]
    sign = "+" if centre < 0 else MINUS if how is TEXT else "-"
    base = f"({_name(name, how)} {sign} {_digits(abs(centre), how)})"
    if n == 1:
        return base
    return how.power.format(base, POWERS[n] if how is TEXT else n)


def _name(name: str, how: Script) -> str:
    return how.name.format(_plain(name, how))


def _plain(name: str, how: Script) -> str:
    return name if how is TEXT else "".join(LATEX_SIGNS.get(sign, sign) for sign in name)


def _text(condition: str) -> str:
    """Escape what stands in a text of LaTeX."""
    signs = {**LATEX_SIGNS, " ": " ", "≤": r"$\leq$", "<": "$<$", ">": "$>$"}
    return "".join(signs.get(sign, sign) for sign in condition)


def _digits(value: float, how: Script) -> str:
    shown = f"{value:.{DIGITS}g}"
    if "e" in shown:
        base, power = shown.split("e")
        if how is LATEX:
            return rf"{base} \times 10^{{{int(power)}}}"
        return f"{base}e{int(power)}".replace("-", MINUS)
    return shown.replace("-", MINUS) if how is TEXT else shown

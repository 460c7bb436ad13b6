"""Find the families: every file of a folder here that declares a FAMILY is a rung.

Installed packages may add theirs (`rung.plugins`).
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from rung import plugins
from rung.core.family import CrossFit, Family
from rung.errors import NotApplicable, UsageError, suggest
from rung.families import blend


def known_inputs() -> tuple[str, ...]:
    """Return what families can read: the folders here.

    Examples
    --------
    >>> known_inputs()
    ('density', 'image', 'table', 'text')
    """
    found = pkgutil.iter_modules(__path__)
    return tuple(sorted(folder.name for folder in found if folder.ispkg))


def baseline(inputs: str) -> str:
    """Return the family that others are measured by, as its folder declares it.

    Examples
    --------
    >>> baseline("table")
    'constant'
    """
    name: str = importlib.import_module(f"{__name__}.{inputs}").BASELINE
    return name


@cache
def discover(inputs: str = "table") -> tuple[Family, ...]:
    """Return every family for these inputs, from the simplest up.

    Parameters
    ----------
    inputs : str, default 'table'
        One of `known_inputs`; each kind of input has a folder of its own.
    """
    package = importlib.import_module(f"rung.families.{inputs}")
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
        if not found.name.startswith("_")
    ]
    families = [module.FAMILY for module in modules]
    added = [family for family in _added() if family.inputs == inputs]
    return tuple(sorted([*families, *added], key=lambda family: (family.step, family.name)))


@cache
def _added() -> tuple[Family, ...]:
    """Return the families of plugins; one that fails is skipped with what went wrong."""
    folders = [importlib.import_module(f"{__name__}.{inputs}") for inputs in known_inputs()]
    own = [found.name for folder in folders for found in pkgutil.iter_modules(folder.__path__)]
    return tuple(
        replace(family, cross_fit=plugins.guarded(family.cross_fit, _skip))
        for family in plugins.additions("FAMILY", Family, (*own, blend.NAME), refuse=_refusal)
    )


def _refusal(family: Family) -> str:
    *others, last = known_inputs()
    if family.inputs in {*others, last}:
        return ""
    return f"its FAMILY reads {family.inputs!r}; {', '.join(others)} and {last} are known"


def _skip(reason: str) -> CrossFit:
    raise NotApplicable(f"it failed: {reason}")


def select(asked: Sequence[str | Family] | None, inputs: str = "table") -> tuple[Family, ...]:
    """Return the families asked for in the order of the ladder; all of rung's own for None.

    The constant guess (for text: the unigram) always climbs along, as it is what the others are
    measured by.

    Raises
    ------
    UsageError
        If a name is not a family, or another family has the name of one of rung's own.
    """
    families = discover(inputs)
    if asked is None:
        return families
    own = whole_ladder(inputs)
    known = [family.name for family in own]
    given = tuple(one for one in asked if isinstance(one, Family) and one not in own)
    names = [one.name if isinstance(one, Family) else one for one in asked]
    by_name = {family.name: family for family in own}
    for family in given:
        # With other settings, one of rung's own stands in for itself: all but fitting and formula is same.
        namesake = by_name.get(family.name, family)
        alike = replace(namesake, cross_fit=family.cross_fit, formula=family.formula)
        if alike != family:
            raise UsageError(
                f"a family called {family.name!r} is given, and rung has another of that name",
                "give it a name of its own",
            )
    families = tuple(one for one in families if one.name not in {each.name for each in given})
    known += [family.name for family in given]
    for name in names:
        if name not in known:
            near = suggest(name, known)
            raise UsageError(
                f"unknown family {name!r}; the families are {', '.join(known)}",
                f"did you mean {near!r}?" if near else "`rung families` lists them",
            )
    chosen = [family for family in (*families, *given) if family.name in {*names, baseline(inputs)}]
    return tuple(sorted(chosen, key=lambda family: (family.step, family.name)))


def wants_blend(asked: Sequence[str | Family] | None) -> bool:
    """Tell whether the blend of all families is asked for; it is unless others are named."""
    return asked is None or any(one in asked for one in (blend.NAME, *blend.BLENDS.values()))


def whole_ladder(inputs: str = "table") -> tuple[Family, ...]:
    """Return every family for these inputs, for tables and images with the blend on top."""
    on_top = (blend.BLENDS[inputs],) if inputs in blend.BLENDS else ()
    return (*discover(inputs), *on_top)


def missing_needs(family: Family) -> tuple[str, ...]:
    """Return the libraries that a family needs to train and that are not installed."""
    return tuple(need for need in family.needs if importlib.util.find_spec(need) is None)


def find(name: str, inputs: str = "table") -> Family | None:
    """Return the family of this name, or None."""
    return next((family for family in whole_ladder(inputs) if family.name == name), None)


def with_form(forms: Collection[type | None]) -> list[str]:
    """Return the names of the families whose models have one of these forms.

    Examples
    --------
    >>> from rung.families.forms import LinearForm, TreeForm
    >>> with_form([LinearForm, TreeForm])
    ['linear', 'self_training', 'tree']
    """
    return [family.name for family in whole_ladder() if family.form in forms]

"""Find what installed packages add to rung, through the entry points of the group `rung.plugins`.

An entry point names a module; what the module declares as FAMILY, CHECK, SECTION, READER or KIND
stands beside rung's own. A plugin that is broken is left out and named; nothing fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, wraps
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from rung.core.findings import Finding
from rung.errors import RungError

GROUP = "rung.plugins"
DECLARATIONS = ("FAMILY", "CHECK", "SECTION", "READER", "KIND")
NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_REASON = 200

Record = TypeVar("Record")


@dataclass(frozen=True)
class Plugin:
    """One entry point: its name, the package with its version, and what its module declares."""

    name: str
    package: str
    version: str
    declared: tuple[tuple[str, Any], ...]


# By plugin and declaration, so that a list that is built twice names each once.
_left_out: dict[tuple[str, str], Finding] = {}


@cache
def installed() -> tuple[Plugin, ...]:
    """Return the plugins whose modules can be imported, in the order of packages and names."""
    points = sorted(entry_points(group=GROUP), key=lambda point: (_package(point), point.name))
    return tuple(plugin for point in points if (plugin := _load(point)) is not None)


def additions(
    declaration: str,
    record: type[Record],
    taken: Collection[str],
    *,
    key: str = "name",
    refuse: Callable[[Record], str] = lambda value: "",
) -> tuple[Record, ...]:
    """Return what plugins declare under this name; what cannot be used is left out and named.

    Parameters
    ----------
    declaration : str
        `FAMILY`, `CHECK`, `SECTION`, `READER` or `KIND`.
    record : type
        What it must be.
    taken : collection of str
        Names of rung's own; none may stand for two.
    key : str, default 'name'
        The field that holds the name.
    refuse : callable, optional
        From a record to the reason why it cannot be used; empty where it can.
    """
    names, found = set(taken), []
    for plugin in installed():
        for value in (value for name, value in plugin.declared if name == declaration):
            reason = _refusal(value, declaration, record, key) or refuse(value)
            name = "" if reason else str(getattr(value, key))
            if name in names:
                reason = f"its {declaration} is called {name!r}, and another is called so"
            if reason:
                _leave_out(plugin.name, declaration, f"{plugin.package} {plugin.version}", reason)
                continue
            names.add(name)
            found.append(value)
    return tuple(found)


def left_out() -> tuple[Finding, ...]:
    """Return a finding for every plugin, or part of one, that was left out so far."""
    installed()
    return tuple(_left_out[name] for name in sorted(_left_out))


def plugin_versions() -> dict[str, str]:
    """Return the version of every package that adds something, as a result may depend on it."""
    return {plugin.package: plugin.version for plugin in installed()}


def guarded(work: Callable[..., Any], instead: Callable[[str], Any]) -> Callable[..., Any]:
    """Return a function of a plugin that hands back something else where it fails.

    Parameters
    ----------
    work : callable
        What the plugin declares.
    instead : callable
        From what went wrong to what is handed back; it may raise an error of rung.

    Examples
    --------
    >>> guarded(lambda x: 1 / x, lambda reason: reason)(0)
    'ZeroDivisionError: division by zero'
    """

    @wraps(work)
    def safe(*given: Any, **named: Any) -> Any:
        try:
            return work(*given, **named)
        except (RungError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  whatever a plugin of others does wrong
            return instead(_said(error))

    return safe


def _load(point: EntryPoint) -> Plugin | None:
    package, version = _package(point), point.dist.version if point.dist else ""
    try:
        module = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever a module does when imported
        _leave_out(point.name, "", f"{package} {version}", f"it cannot be loaded: {_said(error)}")
        return None
    declared = tuple(
        (name, getattr(module, name)) for name in DECLARATIONS if hasattr(module, name)
    )
    if not declared:
        reason = f"its module declares none of {', '.join(DECLARATIONS)}"
        _leave_out(point.name, "", f"{package} {version}", reason)
        return None
    return Plugin(point.name, package, version, declared)


def _refusal(value: object, declaration: str, record: type, key: str) -> str:
    if not isinstance(value, record):
        return f"its {declaration} is no {record.__name__}, it is {type(value).__name__}"
    name = getattr(value, key)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return (
            f"its {declaration} is called {name!r:.60}; small letters, digits and _ are accepted, "
            "a letter first"
        )
    return ""


def _leave_out(name: str, declaration: str, package: str, reason: str) -> None:
    message = f"plugin {name!r} of the package {package} is left out: {reason}"
    remedy = "install another version of the package, or remove it"
    _left_out[name, declaration] = Finding("plugin_left_out", "warning", (), message, remedy)


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_REASON]

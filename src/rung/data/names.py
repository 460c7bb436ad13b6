"""Give every column a name of its own."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.findings import Finding


def numbered(n_columns: int) -> list[str]:
    """Return the names of columns that have none.

    Examples
    --------
    >>> numbered(2)
    ['column_1', 'column_2']
    """
    return [f"column_{position}" for position in range(1, n_columns + 1)]


def unique_names(names: Sequence[str]) -> tuple[list[str], list[Finding]]:
    """Make names unique: empty ones are numbered, repeated ones get `_2`, `_3`.

    A name that stands in the file as it is keeps it; only additions move out of the way.

    Parameters
    ----------
    names : sequence of str, shape (n_columns,)
        As the file spells them.

    Returns
    -------
    names : list of str, shape (n_columns,)
        All different and none empty.
    findings : list of Finding
        One if a name was changed.

    Examples
    --------
    >>> unique_names(["x", "x", ""])[0]
    ['x', 'x_2', 'column_3']
    """
    wanted = [name if name.strip() else f"column_{i}" for i, name in enumerate(names, start=1)]
    original = set(names)
    taken: set[str] = set()
    given: list[str] = []
    for spelled, name in zip(names, wanted, strict=True):
        given.append(_free(name, taken, set() if name == spelled else original))
        if given[-1] != name:
            taken.discard(given[-1])
            given[-1] = _free(name, taken | original, set())
        taken.add(given[-1])
    changed = [(a, b) for a, b in zip(names, given, strict=True) if a != b]
    return given, [_renamed(changed)] if changed else []


def _free(name: str, taken: set[str], reserved: set[str]) -> str:
    candidate, number = name, 2
    while candidate in taken or candidate in reserved:
        candidate, number = f"{name}_{number}", number + 1
    return candidate


def _renamed(changed: list[tuple[str, str]]) -> Finding:
    shown = ", ".join(f"{old!r} to {new!r}" for old, new in changed[:5])
    more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
    return Finding(
        "renamed",
        "info",
        tuple(new for _, new in changed),
        f"empty or repeated column names were changed: {shown}{more}",
        "rename them in the file to choose better names",
    )

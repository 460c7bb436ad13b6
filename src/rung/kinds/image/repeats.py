"""Name images that repeat another, and shout where copies have different labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rung.core.findings import Finding

NAMED = 3


def repeats(
    names: Sequence[str], digests: Sequence[str], likeness: Sequence[str]
) -> tuple[Finding, ...]:
    """Say how many images are equal to another, how many nearly, and which.

    Parameters
    ----------
    names, digests, likeness : sequence of str
        Of the images, as `rung.images.alike` returns them.

    Examples
    --------
    >>> repeats(["a", "b", "c"], ["1", "1", "2"], ["1", "1", "1"])[0].message
    "1 of 3 images repeat another ('a' and 'b'), 1 nearly ('a' and 'c')"
    """
    n_equal = len(digests) - len(set(digests))
    n_near = len(likeness) - len(set(likeness)) - n_equal
    if not n_equal + n_near:
        return ()
    equal = _named(_pairs(names, digests))
    first = {digest: i for i, digest in reversed(list(enumerate(digests)))}
    rows = sorted(first.values())  # one of those that are equal
    near = _named(_pairs([names[i] for i in rows], [likeness[i] for i in rows]))
    message = f"{n_equal:,} of {len(names):,} images repeat another{equal}, {n_near:,} nearly{near}"
    remedy = "they stand on one side of every division, and count as one unit of the intervals"
    return (Finding("alike_images", "info", (), message, remedy),)


def conflicts(
    names: Sequence[str], digests: Sequence[str], labels: Sequence[str]
) -> tuple[Finding, ...]:
    """Warn of equal images that have different labels: at most one of them can be right.

    Examples
    --------
    >>> conflicts(["a", "b"], ["1", "1"], ["cat", "dog"])[0].message
    "2 of 2 images are equal to one with another label: 'a' (cat) and 'b' (dog)"
    """
    known: dict[str, set[str]] = {}
    for digest, label in zip(digests, labels, strict=True):
        known.setdefault(digest, set()).add(label)
    torn = [digest for digest, own in known.items() if len(own) > 1]
    if not torn:
        return ()
    n_torn = sum(len(known[digest]) > 1 for digest in digests)
    shown = "; ".join(_labelled(names, digests, labels, digest) for digest in torn[:NAMED])
    more = f"; and {len(torn) - NAMED:,} more" if len(torn) > NAMED else ""
    message = (
        f"{n_torn:,} of {len(names):,} images are equal to one with another label: {shown}{more}"
    )
    remedy = "look at them and leave one label; a model cannot tell equal images apart"
    return (Finding("conflicting_images", "warning", (), message, remedy),)


def _labelled(
    names: Sequence[str], digests: Sequence[str], labels: Sequence[str], digest: str
) -> str:
    """Name one of equal images for each label that they have."""
    own: dict[str, str] = {}
    for name, one, label in zip(names, digests, labels, strict=True):
        if one == digest:
            own.setdefault(label, name)
    return " and ".join(f"{name!r} ({label})" for label, name in own.items())


def _pairs(names: Sequence[str], keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each image whose key stood before, with the first that has it."""
    first: dict[str, str] = {}
    for name, key in zip(names, keys, strict=True):
        if key in first:
            yield first[key], name
        first.setdefault(key, name)


def _named(pairs: Iterator[tuple[str, str]]) -> str:
    listed = [f"{one!r} and {other!r}" for one, other in pairs]
    more = f"; {len(listed) - NAMED:,} more" if len(listed) > NAMED else ""
    return f" ({'; '.join(listed[:NAMED])}{more})" if listed else ""

"""Read the words of a column's name."""

from __future__ import annotations

import re
from collections.abc import Iterable


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters, without numbers.

    Examples
    --------
    >>> words_of("predictedChurn_2019"), words_of("PM2.5-next")
    (('predicted', 'churn'), ('pm', 'next'))
    """
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return tuple(re.findall(r"[^\W\d_]+", apart.lower()))


def twins_of(target: str, names: Iterable[str]) -> set[str]:
    """Return the few names that share a word with the target, as a second measurement does.

    A word that many share names a family of columns, and no twin.

    Examples
    --------
    >>> sorted(twins_of("Heating Load", ["Cooling Load", "Wall Area", "Roof Area"]))
    ['Cooling Load']
    >>> twins_of("mag_u", ["mag_g", "mag_r", "mag_i"])
    set()
    """
    words = {word for word in words_of(target) if len(word) > 2}
    sharing = {word: {name for name in names if word in words_of(name)} for word in words}
    return {name for found in sharing.values() if len(found) <= MOST_TWINS for name in found}


MOST_TWINS = 2

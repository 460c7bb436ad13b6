"""Find the tree of columns that holds most mutual information (Chow & Liu)."""

from __future__ import annotations

import numpy as np

from rung.typing import Array


def spanning_tree(
    information: Array, least: Array | float = 0.0, *, n_numbers: int | None = None
) -> list[tuple[int, int]]:
    """Return the edges of the tree that holds most mutual information.

    Numbers that hang together depend on one category at most, so that missing cells can be summed
    out exactly: categories stand above numbers, and no number above a category.

    Parameters
    ----------
    information : ndarray, shape (n, n)
        Symmetric; numbers come first.
    least : float or ndarray, shape (n, n)
        What an edge must hold to be drawn.
    n_numbers : int, optional
        How many of the columns are numbers; all unless given.

    Returns
    -------
    list of tuple of int
        Pairs (parent, child), parents first.

    Source
    ------
    Chow & Liu (1968), IEEE Transactions on Information Theory 14; Kruskal (1956). NOTE[DIFF] a
    second category for numbers that hang together is left out, also where it would hold more.

    Examples
    --------
    >>> spanning_tree(np.array([[0, 3.0, 1], [3.0, 0, 2], [1, 2, 0]]))
    [(0, 1), (1, 2)]
    """
    n = len(information)
    n_numbers = n if n_numbers is None else n_numbers
    least = np.broadcast_to(least, information.shape)
    pairs = [
        (-float(information[i, j]), i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if information[i, j] > least[i, j]
    ]
    whole, numbers, linked = list(range(n)), list(range(n)), [False] * n
    near: list[list[int]] = [[] for _ in range(n)]
    for _, i, j in sorted(pairs):
        if whole[i] == whole[j] or not _may_join(i, j, n_numbers, numbers, linked):
            continue
        is_link = i < n_numbers <= j
        if is_link:
            linked[numbers[i]] = True
        elif j < n_numbers:
            linked[numbers[i]] |= linked[numbers[j]]
            numbers = [numbers[i] if one == numbers[j] else one for one in numbers]
        whole = [whole[i] if one == whole[j] else one for one in whole]
        near[i].append(j)
        near[j].append(i)
    return _from_the_top(near, n_numbers)


def _may_join(i: int, j: int, n_numbers: int, numbers: list[int], linked: list[bool]) -> bool:
    if i >= n_numbers:
        return True
    if j >= n_numbers:
        return not linked[numbers[i]]
    return not (linked[numbers[i]] and linked[numbers[j]])


def _from_the_top(near: list[list[int]], n_numbers: int) -> list[tuple[int, int]]:
    """Return edges from parents to children; every tree begins at a category if it has one."""
    edges: list[tuple[int, int]] = []
    reached: set[int] = set()
    for top in (*range(n_numbers, len(near)), *range(n_numbers)):
        if top in reached:
            continue
        reached.add(top)
        waiting = [top]
        while waiting:
            parent = waiting.pop(0)
            for child in sorted(set(near[parent]) - reached):
                edges.append((parent, child))
                reached.add(child)
                waiting.append(child)
    return edges

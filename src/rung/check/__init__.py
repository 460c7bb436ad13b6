"""Look for what is wrong with a table, one check a file; training rows only where a target is used.

Every file here that declares a CHECK is one; installed packages may add theirs (`rung.plugins`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from rung import plugins
from rung.check.rest import ColumnSkills
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.findings import Finding, Severity
from rung.core.sentinels import Sentinel, find_sentinels
from rung.typing import Array

SEVERITIES: tuple[Severity, ...] = ("alarm", "warning", "info")


@dataclass(frozen=True)
class Seen:
    """What checks may look at.

    Attributes
    ----------
    dataset : Dataset
        Every row, as the file has it; a check may read all columns but the target.
    read : tuple of Finding
        What reading said of the columns.
    sentinels : tuple of Sentinel
        Values that stand for missing, or seem to.
    are_kept : bool
        Whether sentinels are kept as numbers.
    problem : Problem or None
        The training rows with their target; None if no target was named.
    target : str
        Name of the target; empty if none was named.
    is_sealed : ndarray of bool, shape (n_rows,), or None
        Which rows of `dataset` are sealed; None if none are.
    place : ndarray of int, shape (n_train,), or None
        Where each training row stands in the file; None where that is not known.
    seed : int
        Of the run.
    answered : frozenset of str
        Codes of checks that the options have answered; they are left out.
    """

    dataset: Dataset
    read: tuple[Finding, ...] = ()
    sentinels: tuple[Sentinel, ...] = ()
    are_kept: bool = False
    problem: Problem | None = None
    target: str = ""
    is_sealed: Array | None = None
    place: Array | None = None
    seed: int = 0
    answered: frozenset[str] = frozenset()

    @cached_property
    def skills(self) -> ColumnSkills | None:
        """What each column tells of the target, shared by checks; None if no target was named.

        Rows whose target stands for missing are left out.
        """
        if self.problem is None:
            return None
        blanks = [one.value for one in self.target_sentinels if one.is_certain]
        known = ~np.isin(self.problem.y, blanks)
        if known.all():
            return ColumnSkills(self.problem)
        rows, design = np.flatnonzero(known), self.problem.design
        assert isinstance(design, Dataset)
        return ColumnSkills(replace(self.problem, design=design.take(rows), y=self.problem.y[rows]))

    @cached_property
    def memory(self) -> dict[str, tuple[Finding, ...]]:
        """Findings that a check keeps for others to build on, by code."""
        return {}

    @cached_property
    def target_sentinels(self) -> tuple[Sentinel, ...]:
        """Values of the target that stand for missing, or seem to, in the training rows."""
        if self.problem is None or self.problem.task != "regression":
            return ()
        y = self.problem.y
        others = {one.value: one.column for one in self.sentinels if one.is_certain}
        column = Column(self.target, "number")
        return find_sentinels(Dataset((column,), {self.target: y}, len(y)), known=others)

    def reported(self, code: str) -> tuple[Finding, ...]:
        """Return what reading found under this code."""
        return tuple(finding for finding in self.read if finding.code == code)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing to look for: one file of this folder.

    Attributes
    ----------
    code : str
        Of its findings.
    title : str
        What it looks for, in a few words.
    severity : str
        Of its gravest finding.
    needs_target : bool
        Whether it is left out where no target is named.
    source : str
        A paper, or practice: what says that it matters.
    remedy : str
        What the user can do about it.
    look : callable
        From what may be seen to findings.
    """

    code: str
    title: str
    severity: Severity
    look: Callable[[Seen], tuple[Finding, ...]]
    needs_target: bool = False
    source: str = "practice"
    remedy: str = ""


@cache
def discover() -> tuple[Check, ...]:
    """Return every check, in the order of its code."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    ]
    checks = [module.CHECK for module in modules if hasattr(module, "CHECK")]
    own = [check.code for check in checks]
    added = [_guarded(one) for one in plugins.additions("CHECK", Check, own, key="code")]
    return tuple(sorted([*checks, *added], key=lambda check: check.code))


def _guarded(check: Check) -> Check:
    """Let a check of a plugin that fails say so instead."""

    def instead(reason: str) -> tuple[Finding, ...]:
        message = f"the check could not be made: {reason}"
        return (Finding(check.code, "warning", (), message, "tell the authors of its package"),)

    return replace(check, look=plugins.guarded(check.look, instead))


def _look(check: Check, seen: Seen) -> tuple[Finding, ...]:
    """Look for one thing; numbers that cannot be computed with end a check, never a run."""
    try:
        return tuple(check.look(seen))
    except (ArithmeticError, ValueError) as error:
        message = f"the check could not be made: {type(error).__name__}: {error}"
        return (Finding(check.code, "warning", (), message, "look for numbers that are too large"),)


def run_checks(seen: Seen) -> tuple[Finding, ...]:
    """Run every check that applies.

    Returns
    -------
    tuple of Finding
        The gravest first; what reading said and no check speaks for stands among them.

    Examples
    --------
    >>> import numpy as np
    >>> run_checks(Seen(Dataset((), {}, 0)))
    ()
    """
    checks = discover()
    spoken = {check.code for check in checks}
    findings = [finding for finding in seen.read if finding.code not in spoken]
    with np.errstate(all="ignore"):  # numbers too large to be squared are found by no check
        for check in checks:
            if check.code in seen.answered:
                continue
            if seen.problem is not None or not check.needs_target:
                findings.extend(_look(check, seen))
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))

"""Offer what a stopped run has scored."""

from __future__ import annotations

import sys

OFFER = "write a report and a model of the families that are scored, as a partial run? [y/N] "


def wants_partial() -> bool:
    """Ask whoever stopped a run at a terminal; nobody is asked in a pipe or a batch job.

    A second interrupt means no.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    try:
        print(OFFER, end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    except KeyboardInterrupt:
        return False

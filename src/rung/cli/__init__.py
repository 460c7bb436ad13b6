"""Reach `rung` from a shell."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code (see `rung --help`).

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after `rung`; those of the shell by default.
    """
    import gc

    from rung.cli.guard import guarded, leave

    # A process of one command: to look for cycles while libraries load takes a fifth of that time.
    gc.set_threshold(100_000, 50, 50)
    words = list(sys.argv[1:] if arguments is None else arguments)

    def work() -> object:
        from rung.cli.little import settle

        settle(words)
        from rung.cli.app import app

        return app(words, prog_name="rung", standalone_mode=False)

    leave(guarded(work, words))

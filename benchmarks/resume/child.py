"""Fit a text in this process, with or without a folder, and print what it and its laying down cost.

python -m benchmarks.resume.child TEXT FAMILIES [FOLDER]
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from rung.core.family import State
from rung.store.shelf import CheckpointFile


class Counted:
    """Count how often a training is laid down, how large it is, and what that takes."""

    def __init__(self) -> None:
        self.times, self.seconds, self.bytes = 0, 0.0, 0
        lay = CheckpointFile.lay

        def counted(shelf: CheckpointFile, state: State) -> None:
            start = time.process_time()
            lay(shelf, state)
            self.seconds += time.process_time() - start
            self.times += 1
            self.bytes = max(self.bytes, shelf.path.stat().st_size)

        setattr(CheckpointFile, "lay", counted)  # noqa: B010 -- a method is replaced, and meant


def main(text: str, families: str, folder: str | None) -> None:
    """Fit once and print one line of JSON."""
    import rung

    counted = Counted()
    options: dict[str, Any] = {"reading": "text", "families": tuple(families.split(","))}
    rung.fit(text, out=folder, threads=1, ledger=False, **options)
    found = {"laid": counted.times, "laying": counted.seconds, "bytes": counted.bytes}
    print(json.dumps(found | {"processor": time.process_time()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)

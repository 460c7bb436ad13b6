"""Print what was found, as JSON or as the text that people read."""

from __future__ import annotations

import sys
from typing import Any


def print_found(found: Any, text: str, *, as_json: bool) -> None:
    """Print findings as JSON, or as the text that people read."""
    import json

    from rung.cli.shown import escaped

    if as_json:
        text = escaped(json.dumps(found, ensure_ascii=False, indent=2))
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "backslashreplace"))

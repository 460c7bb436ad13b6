"""Run AutoGluon with its preset `good_quality` for ten minutes at most."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from with_autogluon import fit

LIMIT_SECONDS = 600

if __name__ == "__main__":
    settings = {"presets": "good_quality", "time_limit": LIMIT_SECONDS}
    found = fit(Path(sys.argv[1]), int(sys.argv[3]), **settings)
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")

"""Record what runs on twenty data sets write, or compare it with a record.

`python -m benchmarks.bytes record FOLDER` before a change, `python -m benchmarks.bytes compare
FOLDER` after it. A run is made twice as a file and from memory; nothing of it is committed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import rung
from benchmarks.bytes.worlds import WORLDS, World
from rung.store.durable import canonical_json

# Fields of a file that were renamed on purpose, each path with dots: the old name and the new.
RENAMES = {"results.json": {"text": "sections.text"}}
# Sections of results.json that an older record lacks: they are left out, and the rest is compared.
NEW_SECTIONS = ("effects", "formula", "importance", "training_score", "tree", "truth")
FILES = ("results.json", "model.rung", "out_of_fold.parquet", "unit_losses.parquet", "seal.json")


def main() -> int:
    """Record or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("record", "compare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=list(WORLDS), choices=list(WORLDS))
    asked = parser.parse_args()
    if asked.what == "record":
        for name in asked.only:
            run(WORLDS[name], asked.folder / name)
        return 0
    found = [line for name in asked.only for line in compare(name, asked.folder / name)]
    for file, names in RENAMES.items():
        print(f"{file}, renamed on purpose: {names}")
    print("\n".join(found) or f"{len(asked.only)} data sets: every file is equal to the byte")
    return 1 if found else 0


def run(world: World, out: Path) -> None:
    """Fit one data set into a folder, and say what it took."""
    begun = time.process_time()
    options = {"ledger": False, **world.options}
    fit: Any = rung.fit
    fit(world.data(), out=out, force=True, **options)
    print(f"{out.name}: {time.process_time() - begun:.1f} processor seconds", flush=True)


def compare(name: str, before: Path) -> list[str]:
    """Return a line for every difference."""
    with tempfile.TemporaryDirectory() as folder:
        after = Path(folder) / name
        run(WORLDS[name], after)
        lines = []
        for file in FILES:
            old, new = before / file, after / file
            if old.exists() != new.exists():
                lines.append(f"{name}/{file}: only {'before' if old.exists() else 'after'}")
            elif old.exists():
                was = renamed(file, old.read_bytes())
                lines += _differing(f"{name}/{file}", was, without_new(file, was, new.read_bytes()))
        return lines


def renamed(file: str, old: bytes) -> bytes:
    """Return the bytes of a file as they would be under the new names of its fields.

    Examples
    --------
    >>> renamed("seal.json", b"{}")
    b'{}'
    """
    if file not in RENAMES:
        return old
    found = json.loads(old)
    moved = {path: found.pop(name) for name, path in RENAMES[file].items() if name in found}
    for path, value in moved.items():
        *folders, last = path.split(".")
        place = found
        for folder in folders:
            place = place.setdefault(folder, {})
        place[last] = value
    return canonical_json(found, indent=2) + b"\n" if moved else old


def without_new(file: str, old: bytes, new: bytes) -> bytes:
    """Return the bytes of a file without the new sections that its older record lacks."""
    if file != "results.json" or old == new:
        return new
    known, found = json.loads(old).get("sections", {}), json.loads(new)
    added = [key for key in NEW_SECTIONS if key in found.get("sections", {}) and key not in known]
    for key in added:
        del found["sections"][key]
    if not found.get("sections", True):
        del found["sections"]
    return canonical_json(found, indent=2) + b"\n" if added else new


def _differing(place: str, old: bytes, new: bytes) -> list[str]:
    if old == new:
        return []
    fields = _fields(json.loads(old), json.loads(new)) if place.endswith(".json") else []
    return [f"{place}: differs", *fields]


def _fields(old: Any, new: Any, path: str = "") -> list[str]:
    """Return the fields in which two JSON values differ, with both values."""
    if type(old) is type(new) and isinstance(old, dict):
        keys = sorted({*old, *new})
        return [
            line
            for key in keys
            for line in _fields(old.get(key, "(none)"), new.get(key, "(none)"), f"{path}.{key}")
        ]
    if type(old) is type(new) and isinstance(old, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [line for i, (a, b) in pairs for line in _fields(a, b, f"{path}[{i}]")]
    return [] if old == new else [f"    {path}: {str(old)[:120]} -> {str(new)[:120]}"]


if __name__ == "__main__":
    raise SystemExit(main())

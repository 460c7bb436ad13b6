"""Load and predict with every model file of a folder, and tell what Python's audit hook saw.

Run as `python -m tests.audited FOLDER [spoil]`; with `spoil` it then does what it watches for.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np

FORBIDDEN = (
    "pickle.", "marshal.loads", "subprocess.", "socket.", "os.system", "os.exec", "os.spawn",
    "os.posix_spawn", "os.fork", "os.putenv", "os.remove", "os.rename", "shutil.", "code.",
    "http.", "urllib.", "ftplib.", "smtplib.", "webbrowser.", "cpython.run_", "builtins.input",
    "sys.setprofile", "sys.settrace", "exec", "compile", "import", "ctypes.",
)  # fmt: skip
# What a family may still load when it first predicts: numbers, and its own parts.
IMPORTS = ("rung", "numpy", "scipy")


class Watch:
    """Note what must not happen while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        self.on = False  # what is asked here raises events too
        if event == "open" and _writes(arguments):
            self.seen.append(f"writes {arguments[0]!r}")
        elif event.startswith(FORBIDDEN) and not _is_allowed(event, arguments):
            self.seen.append(f"{event} {str(arguments)[:80]}")
        self.on = True


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode = arguments[1]
    return isinstance(mode, str) and any(letter in mode for letter in "wax+")


def _is_allowed(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "import":
        return arguments[0].split(".")[0] in (*IMPORTS, *sys.builtin_module_names)
    if event == "exec":
        return isinstance(arguments[0], CodeType) and _is_part(arguments[0].co_filename)
    if event == "marshal.loads":
        return _comes_from("importlib._bootstrap_external")
    return event.startswith("ctypes.") and _comes_from("threadpoolctl")


def _is_part(file: str) -> bool:
    folders = [Path(importlib.import_module(name).__file__ or "").parent for name in IMPORTS]
    return any(Path(file).is_relative_to(folder) for folder in folders)


def _comes_from(text: str) -> bool:
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if text in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def main(folder: Path, *, spoils: bool) -> None:
    """Predict with the first file, so that libraries are there; watch all of them after it."""
    from benchmarks.modelfile.worker import _predict
    from rung.families import discover
    from rung.kinds.model_file import read_model_bytes

    discover()
    files = sorted(folder.glob("*.rung"))
    contents = {file.stem: file.read_bytes() for file in files}
    _predict(read_model_bytes(contents["0"], "first"))
    watch = Watch()
    seen = {}
    for name, data in contents.items():
        watch.on = True
        assert _predict(read_model_bytes(data, name)) in ("predicted", "")
        watch.on = False
        seen[name], watch.seen = watch.seen, []
    if spoils:
        watch.on = True
        _spoil(folder)
        watch.on = False
        seen["spoiled"] = watch.seen
    sys.stdout.write(json.dumps(seen))


def _spoil(folder: Path) -> None:
    import colorsys  # noqa: F401 -- not on the list
    import os
    import pickle
    import socket
    import subprocess

    exec("1 + 1")
    pickle.loads(pickle.dumps(np.float64))
    os.system("true")
    subprocess.run(["true"], check=True)
    socket.socket().close()
    (folder / "written").write_text("x")


if __name__ == "__main__":
    main(Path(sys.argv[1]), spoils="spoil" in sys.argv)

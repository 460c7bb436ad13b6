"""Name optional libraries so that pip finds them from where rung was installed."""

from __future__ import annotations

import json
import re
from functools import cache

# Which extra brings a library.
EXTRA_OF = {"torch": "deep", "onnx": "export", "PIL": "images", "openTSNE": "embed"}
_NAMED = re.compile(r"'rung\[([\w,]+)\]'")


def named_here(text: str) -> str:
    """Return a text in which ``'rung[EXTRA]'`` is what pip takes for this installation.

    A rung that was installed from a clone, from an archive or from a repository is named by that
    place; one from an index keeps its name. Results and reports keep the name, since a place on
    this disk would differ from machine to machine.

    Examples
    --------
    >>> named_here("pip install numpy")
    'pip install numpy'
    """
    return _NAMED.sub(lambda found: requirement(found[1], _installed_from()), text)


def requirement(extra: str, installed_from: str) -> str:
    """Return what pip is given for an extra, by the record that pip kept of an installation.

    Parameters
    ----------
    extra : str
        One name, or several with commas.
    installed_from : str
        The text of ``direct_url.json`` (PyPA, *Recording the Direct URL Origin*); empty where
        there is none.

    Examples
    --------
    >>> requirement("deep", "")
    "'rung[deep]'"
    >>> requirement("deep", '{"url": "file:///code/rung", "dir_info": {"editable": true}}')
    "-e '/code/rung[deep]'"
    >>> requirement("deep", '{"url": "file:///code/rung.whl", "archive_info": {}}')
    "'rung[deep] @ file:///code/rung.whl'"
    """
    try:
        origin = json.loads(installed_from)
        address = str(origin["url"])
    except (ValueError, KeyError, TypeError):
        return f"'rung[{extra}]'"
    if "dir_info" in origin and address.startswith("file://"):
        flag = "-e " if (origin["dir_info"] or {}).get("editable") else ""
        return f"{flag}'{_unescaped(address.removeprefix('file://'))}[{extra}]'"
    system = (origin.get("vcs_info") or {}).get("vcs")
    return f"'rung[{extra}] @ {f'{system}+' if system else ''}{address}'"


def _unescaped(path: str) -> str:
    """Return a path of an address as it is on disk: `%20` is a blank."""

    def characters(found: re.Match[str]) -> str:
        return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")

    return re.sub("(?:%[0-9A-Fa-f]{2})+", characters, path)


@cache
def _installed_from() -> str:
    """Return what pip noted of the place that rung came from; empty if it came from an index."""
    from importlib.metadata import PackageNotFoundError, distribution  # slow to import

    try:
        return distribution("rung").read_text("direct_url.json") or ""
    except (PackageNotFoundError, OSError):
        return ""

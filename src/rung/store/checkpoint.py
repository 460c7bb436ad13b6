"""Keep a training on disk while it goes on: plain data in the container of model files.

A checkpoint is one safetensors file with a digest; nothing in it can run. It is whole or absent,
so that a training may be killed at any moment and goes on from the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rung.core.family import State
from rung.errors import BadModelFile
from rung.store.durable import canonical_json, parse_json
from rung.store.modelfile import read_model, write_model

KIND = "checkpoint"
VERSION = 1
REMEDY = "remove the file to start anew, or give the options it was written with"


def save_checkpoint(
    path: str | Path, state: State, *, identity: Mapping[str, Any] | None = None
) -> None:
    """Write a training's state durably: after a crash there is the old file or the new one.

    Parameters
    ----------
    path : path
        File to create or replace.
    state : State
        From `rung.nets.capture`.
    identity : mapping, optional
        What the training is: data, seed, settings; JSON-ready. Only the same one goes on with it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "training.rung"
    ...     save_checkpoint(path, State({"step": 3}), identity={"seed": 1})
    ...     load_checkpoint(path, identity={"seed": 1}).spec
    {'step': 3}
    """
    spec = {
        "kind": KIND,
        "checkpoint_version": VERSION,
        "identity": dict(identity or {}),
        "state": dict(state.spec),
    }
    write_model(path, spec, state.arrays, state.strings)


def load_checkpoint(path: str | Path, *, identity: Mapping[str, Any] | None = None) -> State:
    """Read a training's state.

    Parameters
    ----------
    path : path
        A file that `save_checkpoint` wrote.
    identity : mapping, optional
        What this training is; a file of another one is refused.

    Raises
    ------
    BadModelFile
        If it is damaged, no checkpoint, or of another training.
    """
    spec, arrays, strings = read_model(path)
    if set(spec) != {"kind", "checkpoint_version", "identity", "state"} or spec["kind"] != KIND:
        raise BadModelFile(f"{str(path)!r} is no checkpoint of a training", "give one")
    if spec["checkpoint_version"] != VERSION:
        raise BadModelFile(
            f"{str(path)!r} has checkpoint version {spec['checkpoint_version']!r}; this rung reads "
            f"{VERSION}",
            REMEDY,
        )
    wanted = parse_json(canonical_json(dict(identity or {})))
    found = spec["identity"]
    if found != wanted or not isinstance(spec["state"], dict):
        names = sorted(set(found) | set(wanted)) if isinstance(found, dict) else sorted(wanted)
        changed = [name for name in names if _get(found, name) != wanted.get(name)]
        raise BadModelFile(
            f"{str(path)!r} holds another training: {', '.join(changed) or 'its state'} changed",
            REMEDY,
        )
    return State(spec["state"], arrays, strings)


def _get(found: Any, name: str) -> Any:
    return found.get(name) if isinstance(found, dict) else None

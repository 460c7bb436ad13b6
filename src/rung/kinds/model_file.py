"""Read a model file, whatever kind of data its model is for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rung.core.family import Family
from rung.core.result import Result, plain
from rung.errors import BadModelFile, DataError
from rung.kinds.kind import discover_kinds
from rung.store.modelfile import read_bytes, unpack
from rung.typing import JSON

REMEDY = "save the model again"
LICENCE = "the owner of the data decides; rung claims no rights in models made with it"


def read_model_bytes(data: bytes, source: str) -> Any:
    """Read a model from the bytes of a model file.

    Parameters
    ----------
    data : bytes
        The whole file.
    source : str
        Its name, for messages.

    Raises
    ------
    BadModelFile
        If anything in it is not as it must be; nothing in a file is ever run.
    """
    with refusing(source):
        spec, arrays, strings = unpack(data)
        kind = next((one for one in discover_kinds() if one.owns(spec)), None)
        if kind is None:
            raise ValueError(f"task {spec['task']!r} is not known")
        return kind.parse(spec, arrays, strings)


def load(path: str | Path) -> Any:
    """Read a model file; nothing in it is ever run.

    Parameters
    ----------
    path : path
        A `model.rung`, or a run folder that holds one.

    Returns
    -------
    FittedModel or FittedText
        As the file's kind of data has it.

    Raises
    ------
    BadModelFile
        If it is damaged, forged or too new.
    """
    target = model_path(path)
    return read_model_bytes(read_bytes(target), target.name)


def model_path(path: str | Path) -> Path:
    """Return the model file of a run folder, or the path itself."""
    target = Path(path)
    return target / "model.rung" if target.is_dir() else target


@contextlib.contextmanager
def refusing(source: str) -> Iterator[None]:
    """Turn whatever goes wrong while a model file is read into a refusal that names the file."""
    try:
        yield
    except DataError as error:  # a BadModelFile, or columns that its family refuses
        raise BadModelFile(f"{source!r}: {error.message}", error.remedy) from error
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError) as error:
        raise BadModelFile(
            f"{source!r} is not a model that rung wrote: {type(error).__name__} {error}",
            REMEDY,
        ) from error


def provenance(family: Family, result: Result) -> JSON:
    """Say where the model of a run's family comes from, and what it was scored."""
    entry = result.entry(family.name)
    named = sorted((result.test.families or {}).items())
    roles = [role for role, name in named if name == family.name]
    tested = result.test.scores[roles[0]] if result.test.scores and roles else None
    return {
        "scores": plain(entry.scores),
        "test": plain(tested),
        "settings": plain(entry.settings),
        "choice": plain(result.choice),
        "data": {
            "source": result.dataset.source,
            "rows": result.dataset.rows,
            "fingerprint": result.dataset.fingerprint,
        },
        "folds": result.folds.fingerprint,
        "seed": result.seed,
        "versions": plain(result.versions),
        "machine": plain(result.machine),
        "licence": LICENCE,
    }


def under(mapping: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the items whose names begin with a prefix, without it."""
    return {
        name.removeprefix(prefix): item for name, item in mapping.items() if name.startswith(prefix)
    }


def string(value: Any) -> str:
    """Return a string, and refuse anything else."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a string")
    return value


def one_of(value: Any, accepted: Sequence[Any]) -> Any:
    """Return a value that is accepted, and refuse any other."""
    if value not in accepted:
        raise ValueError(f"{value!r} is not one of {', '.join(accepted)}")
    return value

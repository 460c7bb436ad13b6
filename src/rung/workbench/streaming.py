"""Train on a Parquet table that does not fit in memory; go on where a killed training was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.family import State
from rung.core.findings import Finding
from rung.core.sentinels import blank
from rung.errors import RungError, UsageError
from rung.store.checkpoint import load_checkpoint, save_checkpoint
from rung.typing import Array, Untyped

if TYPE_CHECKING:
    from rung.nets.stream import Streamed

BLOCK_OPTIONS = ("features", "block_rows")


@dataclass(frozen=True)
class StreamFit:
    """Hold a network that was trained on a stream, and how good it is on rows it never saw.

    Attributes
    ----------
    streamed : Streamed
        The model, its losses a pass, the rows that were put aside.
    features, skipped : tuple of str
        Columns in use; columns of text and other kinds, which are not.
    target : str
        Column predicted.
    classes : tuple of str
        Classes, sorted; empty for values.
    sentinels : tuple of tuple of float
        For each feature the numbers that were read as missing.
    findings : tuple of Finding
        What was left out or read as missing, and what looks wrong.
    """

    streamed: Streamed = field(repr=False)
    features: tuple[str, ...]
    skipped: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    sentinels: tuple[tuple[float, ...], ...] = ()
    findings: tuple[Finding, ...] = ()

    @one_thread_each()
    def predict(self, table: Untyped) -> Array:
        """Return values (n_rows, 1) or probabilities (n_rows, n_classes) for a frame's rows."""
        from rung.data.frames import to_polars

        frame, _, _ = to_polars(table)
        missing = [name for name in self.features if name not in frame.columns]
        if missing:
            raise UsageError(
                f"column {missing[0]!r} is missing; the model needs {', '.join(self.features)}",
                "give a table with these columns",
            )
        for name in self.features:
            if not _is_read(frame.schema[name]):
                raise UsageError(
                    f"column {name!r} holds {frame.schema[name]}; the model needs numbers",
                    "give it as numbers",
                )
        X = frame.select(self.features).cast(_float()).to_numpy(writable=True)
        for i, values in enumerate(self.sentinels):
            X[:, i] = blank(X[:, i], values)
        return self.streamed.model.predict(X)

    @property
    @one_thread_each()
    def score(self) -> dict[str, float]:
        """Loss on the held-out rows with its standard error, beside that of the constant guess.

        Squared error for values; cross-entropy for classes, where the guess knows the shares of
        the held-out rows themselves.
        """
        X, y = self.streamed.held_out
        if not len(y):
            raise RungError("no row was put aside to score on", "give more rows")
        found = self.streamed.model.predict(X)
        if self.classes:
            shares = np.bincount(y, minlength=len(self.classes)) / max(len(y), 1)
            losses = -np.log(np.maximum(found[np.arange(len(y)), y], 1e-12))
            plain = -np.log(np.maximum(shares[y], 1e-12))
        else:
            losses = (y - found[:, 0]) ** 2
            plain = (y - self.streamed.model.y_shift) ** 2
        error = float(losses.std(ddof=1) / np.sqrt(len(y))) if len(y) > 1 else float("nan")
        return {
            "n": float(len(y)),
            "loss": float(losses.mean()),
            "standard_error": error,
            "constant": float(plain.mean()),
        }


@dataclass(frozen=True)
class FileKeep:
    """Keep a training in one file.

    Attributes
    ----------
    path : Path
        A file that is whole at every moment.
    what : mapping
        What is trained on, beside what the training itself knows.
    """

    path: Path
    what: Mapping[str, Any]

    def find(self, identity: Mapping[str, Any]) -> State | None:
        """Return the state in the file, or None where there is no file."""
        if not self.path.exists():
            return None
        return load_checkpoint(self.path, identity={**self.what, **identity})

    def save(self, state: State, identity: Mapping[str, Any]) -> None:
        """Write the newest state."""
        save_checkpoint(self.path, state, identity={**self.what, **identity})


@one_thread_each()
def fit_stream(
    source: str | Path | Sequence[str | Path],
    target: str,
    *,
    checkpoint: str | Path | None = None,
    **options: Any,
) -> StreamFit:
    """Train a network on a Parquet table of any length, in memory that does not grow with it.

    Parameters
    ----------
    source : path or sequence of paths
        A Parquet file, a folder of them, or several files of one table.
    target : str
        Column to predict: numbers, or text or booleans for classes.
    checkpoint : path, optional
        File to keep the training in. If it exists, the training goes on from it: killed and
        resumed, it ends with the same bits.
    **options
        `features`, `block_rows` (rows of a block) and `keep_sentinels` (True: numbers such as -99
        are not read as missing); `hidden`, `passes`, `batch_rows`, `mix`, `learning_rate`,
        `seed`: fields of `rung.nets.StreamPlan`.

    Returns
    -------
    StreamFit
        With `predict`, `score` on rows put aside, and `findings`: what was left out, and why.

    Raises
    ------
    UsageError, DataError
        If an option is not known, or the table cannot be read.
    BadModelFile
        If the checkpoint is damaged, or of another training.

    Examples
    --------
    >>> import tempfile, polars
    >>> x = np.linspace(-1, 1, 2000)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/table.parquet"
    ...     polars.DataFrame({"x": x, "y": x**2}).write_parquet(path)
    ...     fit = fit_stream(path, "y", block_rows=256, batch_rows=32, passes=5)
    >>> score = fit.score
    >>> score["loss"] < 0.1 * score["constant"]
    True
    """
    from rung import nets
    from rung.data.stream import open_blocks
    from rung.workbench.stream_checks import left_out, look_for_sentinels

    given = {name: options.pop(name) for name in BLOCK_OPTIONS if name in options}
    are_kept = bool(options.pop("keep_sentinels", False))
    known = nets.StreamPlan.__dataclass_fields__
    unknown = [name for name in options if name not in known]
    if unknown:
        raise UsageError(
            f"unknown option {unknown[0]!r}; the options are "
            f"{', '.join(('checkpoint', *BLOCK_OPTIONS, 'keep_sentinels', *known))}",
            "use one of these",
        )
    plan = nets.StreamPlan(**options)
    blocks = open_blocks(source, target, **given)
    blocks, findings = look_for_sentinels(blocks, are_kept=are_kept)
    what = {
        "target": target,
        "features": list(blocks.features),
        "classes": list(blocks.classes),
        "block_rows": blocks.block_rows,
        "n_file_rows": list(blocks.n_file_rows),
        "sentinels": [list(values) for values in blocks.sentinels],
    }
    keep = FileKeep(Path(checkpoint), what) if checkpoint is not None else None
    streamed = nets.train_stream(blocks, plan, keep=keep)
    n_used = streamed.n_train + len(streamed.held_out[1])
    return StreamFit(
        streamed,
        blocks.features,
        blocks.skipped,
        target,
        blocks.classes,
        blocks.sentinels,
        (*findings, *left_out(blocks, n_used)),
    )


def _is_read(kind: Untyped) -> bool:
    import polars as pl

    return bool(kind.is_numeric() or kind in (pl.Boolean, pl.Null))


def _float() -> Untyped:
    import polars as pl

    return pl.Float64

"""Read a Parquet table piece by piece, for training on more rows than fit in memory."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from rung.core.sentinels import blank
from rung.data.panics import explained
from rung.errors import DataError, TargetProblem, UnreadableFile, UsageError, suggest
from rung.typing import Array

BLOCK_ROWS = 16_384
MOST_CLASSES = 100
SAMPLE_ROWS = 131_072


@dataclass(frozen=True)
class ParquetBlocks:
    """Give the rows of Parquet files in blocks, without ever holding them all.

    A block, or the row group of the file that it lies in, is what is in memory at a time.

    Attributes
    ----------
    paths : tuple of str
        The files, in order.
    n_file_rows : tuple of int
        Rows of each.
    features : tuple of str
        Columns of numbers and booleans that are read.
    skipped : tuple of str
        Columns of other kinds, which are not.
    target : str
        Column to predict.
    classes : tuple of str
        Classes, sorted; empty for values.
    block_rows : int
        Rows of a block; the last one of each file has what is left.
    sentinels : tuple of tuple of float
        For each feature the numbers that stand for missing, such as -99; they are read so.
    """

    paths: tuple[str, ...]
    n_file_rows: tuple[int, ...]
    features: tuple[str, ...]
    skipped: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    block_rows: int = BLOCK_ROWS
    sentinels: tuple[tuple[float, ...], ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows of all files, those without a target among them."""
        return sum(self.n_file_rows)

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        return sum(-(-n // self.block_rows) for n in self.n_file_rows)

    @property
    def n_inputs(self) -> int:
        """Number of features."""
        return len(self.features)

    @property
    def n_classes(self) -> int:
        """Number of classes, 0 for values."""
        return len(self.classes)

    def read(self, block: int) -> tuple[Array, Array]:
        """Return inputs (n_rows, n_inputs) and target (n_rows,) of the rows that have a target."""
        frame = self._rows(block, (*self.features, self.target)).drop_nulls(self.target)
        X = self.inputs(frame)
        if not self.classes:
            y = frame[self.target].cast(pl.Float64).to_numpy()
            known = np.isfinite(y)
            return X[known], y[known]
        names = frame[self.target].cast(pl.String).to_numpy().astype(str)
        return X, np.searchsorted(np.array(self.classes), names)

    def inputs(self, frame: pl.DataFrame) -> Array:
        """Return the features of a frame as float64, shape (n_rows, n_inputs), NaN for missing."""
        X = frame.select(pl.col(self.features).cast(pl.Float64)).to_numpy(writable=True)
        for i, values in enumerate(self.sentinels):
            X[:, i] = blank(X[:, i], values)
        return X

    def sample(self, columns: Sequence[str]) -> pl.DataFrame:
        """Return some columns of whole blocks, evenly from all over the table, of bounded size."""
        wanted = min(self.n_blocks, max(SAMPLE_ROWS // self.block_rows, 1))
        places = sorted({i * self.n_blocks // wanted for i in range(wanted)})
        return pl.concat([self._rows(block, columns) for block in places])

    def _rows(self, block: int, columns: Sequence[str]) -> pl.DataFrame:
        path, start = self._place(block)
        rows = pl.scan_parquet(path).slice(start, self.block_rows).select(columns)
        return _collect(rows, path)

    def _place(self, block: int) -> tuple[str, int]:
        for path, n_rows in zip(self.paths, self.n_file_rows, strict=True):
            n_blocks = -(-n_rows // self.block_rows)
            if block < n_blocks:
                return path, block * self.block_rows
            block -= n_blocks
        raise IndexError(block)


def open_blocks(
    source: str | Path | Sequence[str | Path],
    target: str,
    *,
    features: Sequence[str] | None = None,
    block_rows: int = BLOCK_ROWS,
) -> ParquetBlocks:
    """Look into Parquet files without reading their rows, and say how to read them in blocks.

    Parameters
    ----------
    source : path or sequence of paths
        One file, a folder of them, or several files with the same columns.
    target : str
        Column to predict: numbers, or text or booleans for classes.
    features : sequence of str, optional
        Columns to use; all numbers and booleans by default.
    block_rows : int
        Rows of a block.

    Raises
    ------
    DataError
        If the files cannot be read, or lack a column.
    """
    if type(block_rows) is not int or block_rows < 1:
        raise UsageError(
            f"block_rows={block_rows!r} is not a whole number of at least 1", "use 16384"
        )
    paths = _paths(source)
    schemas = [_schema(path) for path in paths]
    for path, schema in zip(paths[1:], schemas[1:], strict=True):
        if schema != schemas[0]:
            raise DataError(
                f"{path!r} has other columns than {paths[0]!r}", "give files of one table"
            )
    schema = schemas[0]
    for name in (target, *(features or ())):
        if name not in schema:
            near = suggest(name, schema)
            raise DataError(
                f"column {name!r} not found; the table has {', '.join(list(schema)[:20])}",
                f"did you mean {near!r}?" if near else "",
            )
    usable = [name for name, kind in schema.items() if kind.is_numeric() or kind == pl.Boolean]
    wanted = [name for name in (features or schema) if name != target]
    used = tuple(name for name in wanted if name in usable)
    if not used:
        raise DataError(f"none of {wanted[:10]} holds numbers or booleans", "name others")
    counts = tuple(int(_collect(pl.scan_parquet(p).select(pl.len()), p).item()) for p in paths)
    return ParquetBlocks(
        paths,
        counts,
        used,
        tuple(name for name in wanted if name not in usable),
        target,
        () if schema[target].is_numeric() else _classes(paths, target, schema[target]),
        block_rows,
    )


def _paths(source: str | Path | Sequence[str | Path]) -> tuple[str, ...]:
    given = [source] if isinstance(source, str | Path) else list(source)
    found: list[str] = []
    for each in map(Path, given):
        if each.is_dir():
            found += sorted(str(path) for path in each.glob("*.parquet"))
        elif each.is_file():
            found.append(str(each))
        else:
            raise UnreadableFile(f"{str(each)!r} is no file or folder", "give a Parquet file")
    if not found:
        raise UnreadableFile(f"{given!r} holds no file *.parquet", "give a Parquet file")
    return tuple(found)


def _schema(path: str) -> dict[str, pl.DataType]:
    with _explained(path):
        return dict(pl.read_parquet_schema(path))


def _collect(frame: pl.LazyFrame, path: str) -> pl.DataFrame:
    with _explained(path):
        return frame.collect()


def _explained(path: str) -> AbstractContextManager[None]:
    return explained(f"{path!r} cannot be read as Parquet", "give a Parquet file")


def _classes(paths: Sequence[str], target: str, kind: pl.DataType) -> tuple[str, ...]:
    if kind not in (pl.String, pl.Boolean, pl.Categorical) and not isinstance(kind, pl.Enum):
        raise TargetProblem(
            f"target column {target!r} is of type {kind}; numbers, text and booleans can be "
            "predicted",
            "name another target",
        )
    found: set[str] = set()
    for path in paths:
        names = pl.scan_parquet(path).select(pl.col(target).cast(pl.String).unique().drop_nulls())
        found |= set(_collect(names, path)[target].to_list())
        if len(found) > MOST_CLASSES:
            raise TargetProblem(
                f"target column {target!r} has more than {MOST_CLASSES} classes", "name another"
            )
    if len(found) < 2:
        raise TargetProblem(
            f"target column {target!r} has {len(found)} class", "name another target"
        )
    return tuple(sorted(found))

"""Estimate what a family holds in memory, before it starts."""

from __future__ import annotations

import errno
import math
import re
from dataclasses import dataclass

from rung.errors import UsageError

KB, MB, GB = 10**3, 10**6, 10**9
UNITS = {"KB": KB, "MB": MB, "GB": GB, "TB": 10**12}
# What a run may hold if nothing is said: a laptop with 8 GB, with room for its system.
DEFAULT_LIMIT = 6 * GB
LEAST = 100 * MB
_NUMBER = 8  # bytes
# How libraries in C, C++ and Rust say that memory is short, in errors of any type.
WANT_OF_MEMORY = (
    "cannot allocate memory",
    "can't allocate memory",
    "unable to allocate",
    "failed to map segment",
    "memory allocation of",
    "not enough memory",
    "out of memory",
    "bad_alloc",
    "can't start new thread",
    "resource temporarily unavailable",
)


@dataclass(frozen=True)
class ProblemSizes:
    """Say how large a problem is; all that an estimate depends on.

    Attributes
    ----------
    n_rows : int
        Rows to learn from, in all folds together.
    n_train, n_test : int
        Rows of the largest training set and of the largest held-out part.
    n_splits : int
        Splits; one model each, and for many families one more for all rows.
    n_atoms : int
        Parts that rows are cut into by all splits.
    n_numbers, n_categories : int
        Columns as they are.
    n_columns : int
        Columns once levels of categories and missing cells have their own.
    n_outputs : int
        Columns of a prediction.
    n_pixels : int
        Of the image that stands beside a row, in one channel; 0 without images.
    """

    n_rows: int
    n_train: int
    n_test: int
    n_splits: int
    n_atoms: int
    n_numbers: int
    n_categories: int
    n_columns: int
    n_outputs: int
    n_pixels: int = 0

    @property
    def n_scores(self) -> int:
        """Scores that a sum of columns needs: one for a value or two classes."""
        return self.n_outputs if self.n_outputs > 2 else 1

    @property
    def n_features(self) -> int:
        """Columns of the matrix that trees cut: a category gives eight at most."""
        return min(self.n_columns, self.n_numbers + 8 * self.n_categories)

    def matrix(self, n_rows: int, n_columns: int) -> int:
        """Return the bytes of a matrix of doubles."""
        return _NUMBER * n_rows * n_columns


@dataclass(frozen=True)
class MemoryEstimate:
    """Estimate the largest memory of a cross-fit, beside the table and all predictions.

    Attributes
    ----------
    job : int
        Bytes of each job, of which as many run at a time as there are threads.
    held : int
        Bytes held throughout, however many jobs run.
    """

    job: int
    held: int = 0

    def jobs_in(self, room: int) -> int:
        """Return how many jobs at a time fit; 0 if not even one does.

        Examples
        --------
        >>> MemoryEstimate(job=2, held=1).jobs_in(6), MemoryEstimate(job=9).jobs_in(6)
        (2, 0)
        """
        return max(room - self.held, 0) // max(self.job, 1)


def read_bytes_text(text: str | int) -> int:
    """Return the bytes that a text such as `6GB` or a number stands for.

    Raises
    ------
    UsageError
        If it is no amount of memory of at least 100 MB.

    Examples
    --------
    >>> read_bytes_text("6GB"), read_bytes_text("1.5 gb")
    (6000000000, 1500000000)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]B)?", str(text).strip().upper())
    amount = 0 if found is None else int(float(found[1]) * UNITS.get(found[2] or "", 1))
    if isinstance(text, bool) or amount < LEAST:
        raise UsageError(
            f"memory {text!r} is not an amount of at least {say_bytes(LEAST)}, such as 6GB",
            "use --memory 6GB",
        )
    return amount


def is_want_of_memory(error: BaseException) -> bool:
    """Tell whether an error, of whatever type, says that memory or a thread could not be had.

    Examples
    --------
    >>> is_want_of_memory(MemoryError()), is_want_of_memory(ValueError("odd"))
    (True, False)
    >>> is_want_of_memory(ImportError("libtorch.so: failed to map segment from shared object"))
    True
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOMEM, errno.EAGAIN):
        return True
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in WANT_OF_MEMORY)


def say_bytes(amount: int) -> str:
    """Write an amount of memory for people.

    Examples
    --------
    >>> say_bytes(9_100_000_000), say_bytes(40_000_000)
    ('9.1 GB', '40 MB')
    """
    return f"{amount / GB:.1f} GB" if amount >= GB else f"{max(round(amount / MB), 1)} MB"


def option_text(amount: int) -> str:
    """Write the smallest round amount that is enough, as the option takes it.

    Examples
    --------
    >>> option_text(9_100_000_000), option_text(410_000_000)
    ('10GB', '500MB')
    """
    unit, name = (GB, "GB") if amount > 900 * MB else (100 * MB, "00MB")
    return f"{max(math.ceil(amount / unit), 1)}{name}"

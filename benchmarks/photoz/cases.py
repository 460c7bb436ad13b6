"""Name the questions that are put to the ladder, and read their tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from benchmarks.peers.tables import ROOT
from benchmarks.tables.sources import SDSS

RAIL = "rail_dc2_photoz/test_dc2_training_9816.pq"
XGASS = "xgass/xGASS_representative_sample.csv"
BANDS, LSST_BANDS = ("u", "g", "r", "i", "z"), ("u", "g", "r", "i", "z", "y")
COLOURS = ("u_g", "g_r", "r_i", "i_z")
MAGNITUDES = tuple(f"mag_{band}_lsst" for band in LSST_BANDS)
ERRORS = tuple(f"mag_err_{band}_lsst" for band in LSST_BANDS)
SHAPES = ("model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL")
RUNGS = (*("constant", "linear", "neighbours", "polynomial", "tree", "forest", "boosting", "mlp"),)
QUICK = RUNGS[:-1]


@dataclass(frozen=True)
class Case:
    """Say what is learned from what.

    Attributes
    ----------
    name, title : str
        Key in the results; what people call it.
    table : callable
        Reads the table.
    target : str
        Column to predict.
    features : tuple of str
        Columns that models may use.
    families : tuple of str
        Rungs to climb.
    keeps_sentinels : bool
        Whether 99 stays a number.
    is_course : bool
        Whether the folds are five in the order of the file, and nothing is sealed.
    besides : str
        Another case of the same rows that this one is held against.
    """

    name: str
    title: str
    table: Callable[[], pl.DataFrame]
    target: str
    features: tuple[str, ...]
    families: tuple[str, ...] = RUNGS
    keeps_sentinels: bool = False
    is_course: bool = False
    besides: str = ""


def sdss() -> pl.DataFrame:
    """Read 10,000 objects, with colours beside the magnitudes.

    The seal hashes whole rows: the colours are always there, so that runs which use them and runs
    which do not seal, and fold, the same rows.
    """
    frame = pl.read_csv(ROOT / SDSS, infer_schema_length=None)
    return frame.with_columns((pl.col(a) - pl.col(b)).alias(f"{a}_{b}") for a, b in pairwise(BANDS))


def sdss_galaxies() -> pl.DataFrame:
    """Read the rows that the spectrum calls galaxies; the label selects rows and nothing else."""
    return sdss().filter(pl.col("class") == "GALAXY")


def rail() -> pl.DataFrame:
    """Read the simulated galaxies, 99 for what was not detected."""
    return pl.read_parquet(ROOT / RAIL)


def xgass() -> pl.DataFrame:
    """Read the galaxies as the file has them."""
    return pl.read_csv(ROOT / XGASS, infer_schema_length=None)


def xgass_measured() -> pl.DataFrame:
    """Read the galaxies that have an NUVr."""
    return xgass().filter(pl.col("NUVr") > -90)


CASES = (
    Case("sdss", "SDSS, all objects", sdss, "redshift", BANDS),
    Case("galaxies", "SDSS, galaxies", sdss_galaxies, "redshift", BANDS),
    Case(
        "sdss_colours",
        "SDSS, all objects, colours added",
        sdss,
        "redshift",
        BANDS + COLOURS,
        QUICK,
        besides="sdss",
    ),
    Case(
        "galaxies_colours",
        "SDSS, galaxies, colours added",
        sdss_galaxies,
        "redshift",
        BANDS + COLOURS,
        QUICK,
        besides="galaxies",
    ),
    Case("lsst", "LSST, simulated", rail, "redshift", MAGNITUDES + ERRORS),
    Case(
        "lsst_magnitudes",
        "LSST, magnitudes alone",
        rail,
        "redshift",
        MAGNITUDES,
        QUICK,
        besides="lsst",
    ),
    Case(
        "lsst_99",
        "LSST, 99 kept as a number",
        rail,
        "redshift",
        MAGNITUDES + ERRORS,
        QUICK,
        keeps_sentinels=True,
        besides="lsst",
    ),
    Case("course", "xGASS, five folds in order", xgass_measured, "lgGF", SHAPES, is_course=True),
    Case("xgass", "xGASS, sealed", xgass, "lgGF", SHAPES),
)

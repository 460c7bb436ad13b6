"""Check real tables: `python -m benchmarks.dependence.real` prints what each of the two folds says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from benchmarks.check.tables import DATA
from rung.core.findings import Finding
from rung.workbench import check_table

CODES = ("groups", "time", "space")
PRICE = re.compile(r"flatter by (\S+), 95 % interval (\S+) to (\S+) \((.*?) (\S+) → (\S+)\)")
# Table, target, columns that give it away and are left out.
DEPENDENT: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("life_expectancy/Life_Expectancy_Data.csv", "Life expectancy ", ()),
    ("crowd_truth/d_Duck Identification/answer.csv", "answer", ()),
    ("california_housing/housing.csv", "median_house_value", ()),
    ("electricity/elec.csv", "class", ()),
    ("beijing_pm25/pollution.csv", "pm2.5", ()),
    ("bike_sharing/Bike-Sharing-Dataset.zip:hour.csv", "cnt", ("casual", "registered")),
    ("air_quality_uci/AirQualityUCI.csv", "C6H6_GT", ("PT08_S2_NMHC",)),
    ("time_series_small/daily-min-temperatures.csv", "Temp", ()),
    ("vega/seattle-weather.csv", "weather", ()),
    ("earth_course/cannelton_flow.dat", "192392_00060_00003", ()),
    ("pmlb/503_wind.tsv.gz", "target", ()),
    ("sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv", "class", ("redshift",)),
    ("earth_course/usgs_major_earthquakes_1900-2023.csv", "mag", ()),
)
INDEPENDENT: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("concrete/concrete.csv", "strength", ()),
    ("insurance/insurance.csv", "charges", ()),
    ("titanic/titanic_kaggle.csv", "Survived", ()),
    ("adult/adult-train.csv", "column_15", ()),
    ("diamonds/diamonds.csv", "price", ()),
    ("abalone/abalone.csv", "column_9", ()),
    ("wine_quality/winequality-white.csv", "column_12", ()),
    ("xgass/xGASS_representative_sample.csv", "lgGF", ("lgMHI",)),
    ("credit_g/german_named.csv", "y", ()),
    ("telco_churn/Telco-Customer-Churn.csv", "Churn", ()),
    ("magic_gamma/telescope.csv", "Class", ()),
    ("energy_efficiency/energy.csv", "Heating Load", ("Cooling Load",)),
)


def main() -> None:
    """Print the rows of the table."""
    sys.stdout.write("| table | rows | finding | random folds | honest folds | flatters by |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- |\n")
    for name, table, target, dropped in _tables():
        findings = check_table(table, target=target, drop=dropped)
        rows = pl.DataFrame(table).height if isinstance(table, pl.DataFrame) else ""
        found = [one for one in findings if one.code in CODES]
        for one in found or [None]:
            sys.stdout.write(f"| {name} → `{target.strip()}` | {rows} | {_row(one)} |\n")
            sys.stdout.flush()


def _tables() -> Iterator[tuple[str, Any, str, tuple[str, ...]]]:
    winds = _winds()
    yield "winds of a reanalysis, 200 hPa", winds, "u", ()
    yield "the same, without names", winds.rename({"longitude": "a", "latitude": "b"}), "u", ()
    for path, target, dropped in (*DEPENDENT, *INDEPENDENT):
        yield path.split("/")[0], str(DATA / path), target, dropped


def _winds() -> pl.DataFrame:
    """Return winds and heights of one level and month, a row a point of the grid."""
    from scipy.io import netcdf_file

    with netcdf_file(str(DATA / "xarray_nc" / "eraint_uvz.nc"), mmap=False) as file:
        parts = file.variables
        lat, lon = np.meshgrid(parts["latitude"][:], parts["longitude"][:], indexing="ij")
        fields = {
            name: (parts[name][0, 0] * parts[name].scale_factor + parts[name].add_offset).ravel()
            for name in ("z", "v", "u")
        }
    return pl.DataFrame({"longitude": lon.ravel() * 1.0, "latitude": lat.ravel() * 1.0} | fields)


def _row(one: Finding | None) -> str:
    if one is None:
        return "nothing | | |"
    found = PRICE.search(one.message)
    columns = ", ".join(f"`{name}`" for name in one.columns) or "order of the file"
    if found is None:
        return f"{one.severity}: {one.code}, {columns} | | |"
    by, low, high, name, random, honest = found.groups()
    return f"{one.severity}: {one.code}, {columns} | {name} {random} | {honest} | {by} ({low} to {high})"


if __name__ == "__main__":
    main()

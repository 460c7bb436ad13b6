"""Name the twelve tables, from the one that costs least to the dearest."""

from __future__ import annotations

from benchmarks.peers.tables import Source

SDSS = "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv"
MAGNITUDES = ("u", "g", "r", "i", "z")
SPLIT_SEEDS = (101, 102, 103, 104, 105)

SOURCES = (
    Source("concrete", "concrete/concrete.csv", "strength"),
    Source("insurance", "insurance/insurance.csv", "charges"),
    Source(
        "titanic",
        "titanic/titanic_kaggle.csv",
        "Survived",
        "binary",
        drop=("PassengerId", "Name", "Ticket"),
    ),
    Source("weather", "vega/seattle-weather.csv", "weather", "multiclass"),
    Source("segmentation", "pmlb/segmentation.tsv.gz", "target", "multiclass"),
    Source("ames", "ames/ames_openintro.csv", "price", drop=("rownames", "Order", "PID")),
    Source(
        "telco churn",
        "telco_churn/Telco-Customer-Churn.csv",
        "Churn",
        "binary",
        drop=("customerID",),
    ),
    Source("sdss class", SDSS, "class", "multiclass", keep=MAGNITUDES),
    Source("sdss redshift", SDSS, "redshift", keep=MAGNITUDES),
    Source("magic_gamma", "magic_gamma/telescope.csv", "Class", "binary"),
    Source("california", "california_housing/housing.csv", "median_house_value"),
    Source("adult", "adult/adult-train.csv", "column_15", "binary", has_header=False, blank="?"),
)

"""Name the tables."""

from __future__ import annotations

from benchmarks.peers.tables import Source

SDSS = "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv"
# Names of things, and what else was read off the radio measurement that gives the target.
XGASS_LEFT_OUT = (
    *("GASS", "AGCnr", "SDSS", "PLATEID", "MJD", "FIBERID", "group_id_B", "NYU_id", "weight"),
    *("lgMHI", "HIsrc", "HI_FLAG", "zHI", "W50cor", "HIconf_flag"),
)
SOURCES = (
    Source("concrete", "concrete/concrete.csv", "strength"),
    Source("insurance", "insurance/insurance.csv", "charges"),
    Source("xgass", "xgass/xGASS_representative_sample.csv", "lgGF", drop=XGASS_LEFT_OUT),
    Source("forest fires", "forest_fires/forest.csv", "area"),
    Source(
        "titanic",
        "titanic/titanic_kaggle.csv",
        "Survived",
        "binary",
        drop=("PassengerId", "Name", "Ticket"),
    ),
    Source("ames", "ames/ames_openintro.csv", "price", drop=("rownames", "Order", "PID")),
    Source("abalone", "abalone/abalone.csv", "column_9", has_header=False),
    Source("wine white", "wine_quality/winequality-white.csv", "column_12", has_header=False),
    Source("sdss redshift", SDSS, "redshift", keep=("u", "g", "r", "i", "z")),
    Source("sdss class", SDSS, "class", "multiclass", keep=("u", "g", "r", "i", "z")),
    Source("magic_gamma", "magic_gamma/telescope.csv", "Class", "binary"),
    Source(
        "telco churn",
        "telco_churn/Telco-Customer-Churn.csv",
        "Churn",
        "binary",
        drop=("customerID",),
    ),
)

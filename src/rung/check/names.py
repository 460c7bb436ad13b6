"""Read from the name of a column what it may be: a thing that is measured, a time, a part of one."""

from __future__ import annotations

import re

_THINGS = """
animal aperture author bag basin batch bird block borehole camera catchment cell chip clinic
cohort country county cow cruise device dog donor experiment exposure eye family farm fish flock
glacier hospital house household image individual instrument item lake lesion litter machine
mmsi mother mouse mrn msid nest nurse object observer owner panel parcel participant patient
person pid plant plate platform player plot pond probe product profile protein quadrat rat
reactor reader record recording respondent river run sample scan scene school sensor serial
session ship shop sid site slide speaker specimen spectrum station storm stream student subj
subject subjid survivor tailnum tank teacher tile tool tower track transect tree trip turbine
twin uid user vehicle vessel video volunteer wafer watershed well worker writer
"""
_COUNTED = "id ids no nr num number code key index idx name label uid uuid"
_TIMES = """
bjd date dates datetime day_number days decyear elapsed epoch gps_time hjd hours jd minutes mjd
seconds stamp t time timestamp tstamp utc year yyyymmdd
"""
_PARTS_OF_TIME = """
day day_of_week day_of_year dayofweek dayofyear dow doy hour hr minute mnth month period season
second week weekday weekofyear yr
"""
THINGS, COUNTED = frozenset(_THINGS.split()), frozenset(_COUNTED.split())
TIMES, PARTS_OF_TIME = frozenset(_TIMES.split()), frozenset(_PARTS_OF_TIME.split())


def plain(name: str) -> str:
    """Write a name in small letters, with one underscore for whatever parts its words.

    Examples
    --------
    >>> plain(" Pickup.Longitude (deg)")
    'pickup_longitude_deg'
    """
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")


def is_time_name(name: str) -> bool:
    """Tell whether a name says that numbers are times, which run on.

    Examples
    --------
    >>> is_time_name("MJD"), is_time_name("month"), is_time_name("time_spent")
    (True, False, False)
    """
    return plain(name) in TIMES


def is_part_name(name: str) -> bool:
    """Tell whether a name says that numbers are parts of a time, which come again.

    Examples
    --------
    >>> is_part_name("Month"), is_part_name("monthly income")
    (True, False)
    """
    return plain(name) in PARTS_OF_TIME


def is_thing_name(name: str) -> bool:
    """Tell whether a name says that the values name things, as `patient_id`, and measure nothing.

    Examples
    --------
    >>> [is_thing_name(name) for name in ("PatientID", "Plate", "plate no.", "subject#: ")]
    [True, True, True, True]
    >>> [is_thing_name(name) for name in ("patient_age", "sex", "id", "site_area", "month")]
    [False, False, False, False, False]
    """
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()
    words = [word for word in re.split(r"[\W_\d]+", spaced) if word]
    if len(words) == 1 and not _is_thing(words[0]):
        words = [_without_id(words[0])]
    things = [word for word in words if _is_thing(word)]
    return bool(things) and all(word in things or word in COUNTED for word in words)


def _is_thing(word: str) -> bool:
    return word in THINGS or word.removesuffix("s") in THINGS


def _without_id(word: str) -> str:
    return next((word.removesuffix(end) for end in ("id", "no", "nr") if word.endswith(end)), word)

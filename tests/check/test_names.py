import pytest

from rung.check.names import is_part_name, is_thing_name, is_time_name


@pytest.mark.parametrize(
    "name", ["subject", "Subject ID", "plate", "patientId", "siteNo", "Stations"]
)
def test_names_of_things(name: str) -> None:
    assert is_thing_name(name)


@pytest.mark.parametrize("name", ["patient_weight", "sex", "region", "class", "x1"])
def test_names_of_other_columns(name: str) -> None:
    assert not is_thing_name(name)


def test_times_run_on_and_their_parts_come_again() -> None:
    assert (is_time_name("Timestamp"), is_part_name("Timestamp")) == (True, False)
    assert (is_time_name("weekday"), is_part_name("weekday")) == (False, True)

from rung.check import Seen
from rung.check.dirty_number import CHECK
from rung.core.dataset import Dataset
from rung.core.findings import Finding


def test_what_reading_found_is_reported_once_and_nothing_else() -> None:
    mine, other = (
        Finding("dirty_number", "info", ("x",), "seen"),
        Finding("renamed", "info", (), "seen"),
    )
    assert CHECK.look(Seen(Dataset((), {}, 0), (mine, other))) == (mine,)

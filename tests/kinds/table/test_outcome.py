import rung
from tests.workbench.frames import frame


def test_columns_are_described_with_role_and_missing_cells() -> None:
    table = frame()
    columns = {c.name: c for c in rung.fit(table, target="mass").result.dataset.columns}
    assert columns["size"].missing == int(table["size"].is_nan().sum())
    assert (columns["colour"].kind, columns["colour"].distinct) == ("category", 3)
    assert (columns["mass"].role, columns["survey"].role) == ("target", "constant")


def test_a_failed_family_is_an_alarm() -> None:
    from rung.core.result import LadderEntry
    from rung.workbench.run import failures

    entry = LadderEntry("odd", "Odd", 50, "skipped", "failed: MemoryError: 12 GB")
    (found,) = failures((entry,))
    assert (found.code, found.severity) == ("family_failed", "alarm")
    assert "12 GB" in found.message

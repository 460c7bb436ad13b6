from rung.core.history import History, Opened
from rung.report.openings import summarise_openings

DAY = "2026-01-31T12:00:00Z"


def said(*earlier: Opened) -> str:
    history = History(is_opened=True, earlier=earlier, ledger="written")
    return str(summarise_openings(history, "rows", "table")["said"])


def test_places_days_shares_and_targets_are_named() -> None:
    assert said(
        Opened(1.0, "first", DAY),
        Opened(0.194, "", DAY),
        Opened(1.0, "x", DAY, is_here=True),
        Opened(0.5, is_here=True, changed=("seed", "target")),
    ) == (
        "opened 5 times on this table, here and elsewhere: 'first' on 2026-01-31; a call from "
        "Python on 2026-01-31 (19% of these rows); here on 2026-01-31; here (50% of these rows, "
        "for another target); now"
    )


def test_what_is_alike_is_joined_and_long_lists_are_cut() -> None:
    many = [Opened(1.0, f"run{i}", DAY) for i in range(9)]
    assert said(*many[:1] * 3) == (
        "opened 4 times on this table, here and elsewhere: 3 times 'run0' on 2026-01-31; now"
    )
    assert ": 5 more; 'run5' on" in said(*many)


def test_names_are_made_safe_and_short() -> None:
    text = said(Opened(1.0, "\x1b[31m" + "x" * 500, "\x1b[2Jnow and ever"))
    assert "\x1b" not in text
    assert len(text) < 200


def test_what_is_not_known_is_said() -> None:
    told = {
        ledger: summarise_openings(History(is_opened=True, ledger=ledger), "rows", "table")
        for ledger in ("written", "off", "not written")
    }
    assert [one["said"] for one in told.values()] == ["opened once"] * 3
    assert told["written"]["unknown"] == ""
    assert "was switched off: openings elsewhere are not known" in told["off"]["unknown"]
    assert "could not be written" in told["not written"]["unknown"]

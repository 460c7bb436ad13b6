from rung.core.history import History, Opened


def test_openings_before_and_now_are_counted() -> None:
    history = History(is_opened=True, earlier=(Opened(1.0), Opened(0.2, changed=("target",))))
    assert history.n_openings == 3
    assert history.to_dict()["openings"] == 3
    assert history.to_dict()["schema"] == 1
    assert history.to_dict()["earlier"][0] == {
        "share": 1.0, "run": "", "when": "", "is_here": False, "changed": [],
    }  # fmt: skip
    assert [one.is_for_another_target for one in history.earlier] == [False, True]


def test_nothing_sealed_is_no_opening() -> None:
    assert History().n_openings == 0
    assert History().to_dict()["ledger"] == "unused"

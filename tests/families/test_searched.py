import numpy as np

from rung.core.fold_searches import choosing_splits
from rung.core.folds import partition_folds
from rung.families.searched import SettingSearch, cross_fit_searched
from tests.tables import SerialContext, classification

N = 40
PROBLEM = classification(np.arange(N) % 2, 2, numbers=np.arange(float(N))[:, None])


class Share:
    """Say one probability to all rows, and remember what it was fitted on."""

    def __init__(self, rows, share):
        self.rows, self.share = rows, share

    def predict(self, design, rows=None):
        n = design.n_rows if rows is None else len(rows)
        return np.tile([1 - self.share, self.share], (n, 1))


def cross_fit(folds, *, best=0.5, most_rows=None):
    fitted = []

    def fit(rows, setting):
        fitted.append(rows)
        return Share(rows, dict(setting)["share"])

    def seek(loss):
        return min(((("share", share),) for share in (0.1, best, 0.9)), key=loss)

    how = SettingSearch(fit, seek, (("share", 0.9),), most_rows)
    return cross_fit_searched(PROBLEM, folds, SerialContext(PROBLEM), how), fitted


def test_the_setting_of_least_loss_is_taken_by_every_split_and_by_all_rows():
    found, _ = cross_fit(partition_folds(np.arange(N) % 5))
    assert [dict(settings) for settings in found.settings] == [{"share": 0.5}] * 5
    assert found.model.share == 0.5
    assert found.model.rows.tolist() == list(range(N))


def test_no_fit_of_a_split_and_none_of_its_search_has_seen_its_held_out_rows():
    folds = partition_folds(np.arange(N) % 5)
    found, fitted = cross_fit(folds)
    for model, split in zip(found.models, folds.splits, strict=True):
        assert model.rows.tolist() == split.train.tolist()
    searched = {rows.tobytes() for rows in fitted} - {s.train.tobytes() for s in folds.splits}
    for own, split in zip(choosing_splits(folds), folds.splits, strict=True):
        assert own[0].train.tobytes() in searched
        assert not np.isin(split.test, own[0].train).any()


def test_what_is_said_of_choosing_rows_comes_from_the_search():
    folds = partition_folds(np.arange(N) % 5)
    found, _ = cross_fit(folds)
    for own, said in zip(choosing_splits(folds), found.paired, strict=True):
        assert said.shape == (len(own[0].test), 2)
        assert (said == 0.5).all()


def test_a_search_learns_from_no_more_rows_than_it_may():
    _, fitted = cross_fit(partition_folds(np.arange(N) % 5), most_rows=7)
    assert min(map(len, fitted)) == 7

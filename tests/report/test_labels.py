"""Labels of a picture that would cover each other."""

import numpy as np

from rung.report.labels import N_DIRECTIONS, N_RINGS, apart

SIZE, FRAME = (8.0, 12.0), (300.0, 300.0)


def overlaps(places):
    x, y = np.array(places).T
    near = (np.abs(x[:, None] - x) < SIZE[0] - 1e-9) & (np.abs(y[:, None] - y) < SIZE[1] - 1e-9)
    return int(near.sum()) - len(places)


def test_labels_that_are_apart_stay_where_they_are():
    places = [(20.0, 20.0), (29.0, 20.0), (20.0, 33.0)]
    assert apart(places, SIZE, FRAME) == places


def test_sixty_labels_of_a_cluster_can_all_be_read_and_none_goes_far():
    rng = np.random.default_rng(0)
    places = [tuple(each) for each in rng.normal((150, 150), 25, size=(60, 2))]
    assert overlaps(places) > 100
    moved = apart(places, SIZE, FRAME)
    assert overlaps(moved) == 0
    steps = np.abs(np.array(moved) - np.array(places)) / SIZE
    assert steps.max() <= N_RINGS
    assert steps.mean() < 1.0


def test_labels_that_are_moved_stay_inside():
    moved = apart([(4.0, 6.0)] * 5, SIZE, FRAME)
    assert overlaps(moved) == 0
    assert all(x >= 4.0 and y >= 6.0 for x, y in moved)


def test_where_there_is_no_room_a_label_stays_in_its_place():
    n = 4 * N_DIRECTIONS * N_RINGS
    moved = apart([(5.0, 7.0)] * n, SIZE, (10.0, 14.0))
    assert moved == [(5.0, 7.0)] * n

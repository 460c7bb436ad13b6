import numpy as np

from rung.core.mixing import mix


def test_the_first_numbers_are_those_of_splitmix64() -> None:
    # the generator of Steele, Lea & Flood from seed 0: its published first outputs
    states = np.arange(3, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert mix(states).tolist() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_one_bit_changes_half_of_the_bits() -> None:
    values = np.arange(1000, dtype=np.uint64)
    changed = np.bitwise_count(mix(values) ^ mix(values ^ np.uint64(1 << 40)))
    assert 31 < changed.mean() < 33

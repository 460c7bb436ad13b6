import pytest

from rung.errors import ResourceError

torch = pytest.importorskip("torch")

from rung.nets.training.devices import choose_device, repeatable  # noqa: E402


def test_settings_of_torch_are_as_before():
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    with repeatable(torch.device("cpu")):
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before


def test_auto_takes_an_accelerator_only_where_there_is_one():
    wanted = "cuda" if torch.cuda.is_available() else "cpu"
    assert choose_device("auto").type == wanted
    assert choose_device("cpu").type == "cpu"


def test_an_accelerator_that_is_not_there_is_refused():
    if torch.cuda.is_available():
        pytest.skip("there is an accelerator here")
    with pytest.raises(ResourceError, match="device 'cuda'"):
        choose_device("cuda")

"""A notebook is known by its kernel, and no other shell of IPython is taken for one."""

import sys
from types import SimpleNamespace

from rung.report.kernel import is_in_notebook


def test_only_a_shell_with_a_kernel_is_a_notebook(monkeypatch):
    for shell, expected in (
        (SimpleNamespace(kernel=1), True),
        (SimpleNamespace(), False),
        (None, False),
    ):
        module = SimpleNamespace(get_ipython=lambda shell=shell: shell)
        monkeypatch.setitem(sys.modules, "IPython", module)
        assert is_in_notebook() is expected
    monkeypatch.delitem(sys.modules, "IPython")
    assert not is_in_notebook()

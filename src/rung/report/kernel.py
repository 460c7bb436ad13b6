"""Tell whether the code runs in a notebook."""

from __future__ import annotations

import sys


def is_in_notebook() -> bool:
    """Tell whether a kernel of Jupyter runs the code, which shows what cells return.

    Examples
    --------
    >>> is_in_notebook()
    False
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")

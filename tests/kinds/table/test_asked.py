"""Keywords become options, and what is no option or no name of a column is named."""

from __future__ import annotations

import pytest

from rung.errors import UsageError
from rung.kinds.table.asked import make_options


def test_a_misspelt_option_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match=r"unknown option 'familys'.*did you mean families="):
        make_options("y", {"familys": ["linear"]})


def test_a_target_that_is_no_name_is_refused() -> None:
    with pytest.raises(UsageError, match="target 3 is not a column name"):
        make_options(3, {})

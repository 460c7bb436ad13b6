"""bigram"""

import pytest

from rung.families.text.bigram import FAMILY
from tests.families.text.laws import PROBLEMS, check_text_family


@pytest.mark.parametrize("kind", PROBLEMS)
def test_every_law_holds(kind):
    check_text_family(FAMILY, PROBLEMS[kind]())

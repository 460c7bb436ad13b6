"""Options of the commands: declared once, with help and a panel."""

from dataclasses import fields
from typing import get_type_hints

import pytest

from rung.cli import arguments

DECLARED = [
    each
    for name, each in vars(arguments).items()
    if name.endswith("Arguments") and name != "Arguments"
]


@pytest.mark.parametrize("declared", DECLARED, ids=lambda each: each.__name__)
def test_every_option_says_what_it_does(declared):
    hints = get_type_hints(declared, include_extras=True)
    for field in fields(declared):
        (about,) = hints[field.name].__metadata__
        assert about.help, field.name
        assert about.help.endswith("."), field.name

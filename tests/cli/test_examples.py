import re

import pytest
import typer

from rung.cli.app import app
from rung.cli.examples import EXAMPLES, epilog

COMMANDS = typer.main.get_command(app).commands
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")


def test_every_command_has_two_examples_and_every_example_a_command():
    assert set(EXAMPLES) == set(COMMANDS)
    assert all(len(set(shown)) == 2 for shown in EXAMPLES.values())


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_name_the_command_and_options_that_it_has(name):
    options = {flag for one in COMMANDS[name].params for flag in one.opts}
    for line in EXAMPLES[name]:
        assert line.split()[:2] == ["rung", name]
        assert set(OPTION.findall(line)) <= options
    assert all(line in epilog(name) for line in EXAMPLES[name])

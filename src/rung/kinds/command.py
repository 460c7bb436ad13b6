"""Write the command line that repeats a run, from its options."""

from __future__ import annotations

from rung.core.result import Command, whole_text
from rung.kinds.options import Options


def command_of(options: Options, source: str) -> Command:
    """Return the words of the `rung fit` line that repeats a run.

    Threads and the output folder are left out, as they never change the result. So are options
    at their defaults; what only Python can say is named apart.

    Parameters
    ----------
    options : Options
        What was asked.
    source : str
        Name of the data.

    Examples
    --------
    >>> from rung.kinds.table.options import FitOptions
    >>> command_of(FitOptions("mass", drop=("id", "x y")), "galaxies.csv").words
    ('rung', 'fit', 'galaxies.csv', '--target=mass', '--drop=id,x y')
    """
    name = whole_text(source)
    spelled = options.spell()
    return Command(
        words=(
            "rung",
            "fit",
            f"./{name}" if name.startswith("-") else name,
            *(word for one in spelled.values() for word in one.words),
        ),
        from_python={name: one.left_out for name, one in spelled.items() if one.left_out},
    )

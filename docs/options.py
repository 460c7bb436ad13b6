"""Write the table of options from their declarations: `python docs/options.py`."""

from __future__ import annotations

from pathlib import Path

from rung.cli.arguments import RUN_OPTIONS, FitArguments
from rung.kinds.declaration import Option, declared
from rung.kinds.options import options_of_kinds

PAGE = Path(__file__).with_name("options.md")
BEGIN, END = "<!-- options -->\n", "<!-- end of options -->\n"


def table() -> str:
    """Return the table, a row an option."""
    own = [option for option in declared(FitArguments) if not option.is_argument]
    rows = [_row(option) for option in (*RUN_OPTIONS, *own)]
    return "\n".join(["| option | of | what it does |", "|---|---|---|", *rows, ""])


def _row(option: Option) -> str:
    is_of_all = option.kinds in {(), tuple(options_of_kinds())}
    kinds = "" if is_of_all else ", ".join(f"{kind}s" for kind in option.kinds)
    said = f"{option.sentence} {option.more}".strip().replace("|", "\\|")
    return f"| `{option.shell_flag}` | {kinds} | {said} |"


def written(page: str) -> str:
    """Return a page with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), encoding="utf-8")

"""Tell what `rung check` looks at: a table, a text or images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rung.cli.asked import refuse_idle_options, refuse_options_of_others
from rung.core.findings import Finding


def checked(data: str, given: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Check images where data are some, a text where neither a target nor looks say otherwise.

    Raises
    ------
    UsageError
        If an option is of another kind of data.
    """
    from rung.kinds.image.kind import KIND as IMAGES

    if IMAGES.recognises(data, given):
        refuse_options_of_others(data, given, IMAGES.name)
        return IMAGES.check(data, given)
    from rung.kinds.text.lines_or_stream import is_text_file, may_be_table

    is_text = "target" not in given and is_text_file(data) and not may_be_table(data)
    if "reading" in given or is_text:
        from rung.kinds.text.checks import check_text

        refuse_options_of_others(data, given, "text")
        refuse_idle_options(given)
        return check_text(data, reading=given.get("reading"), encoding=given.get("encoding"))
    from rung.workbench import check_table

    return check_table(data, **{"target": None, **given})

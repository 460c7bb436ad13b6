"""Explain saved models of images in a shell."""

from __future__ import annotations

from typing import Any

import typer

from rung.cli.arguments import ExplainArguments
from rung.cli.printing import print_found
from rung.errors import UsageError


def explain_of_images(arguments: ExplainArguments, fitted: Any) -> None:
    """Say what matters to a model of images; with --row, what it makes of one.

    Raises
    ------
    UsageError
        If an option is given that changes nothing.
    """
    from rung.workbench.explaining_images import (
        check_page_output,
        explain_image,
        explain_images,
        explained_images_text,
        image_text,
        write_image_page,
    )

    if arguments.change is not None:
        raise UsageError("--change is for models of tables", "leave it out")
    if arguments.row is None:
        if arguments.out is not None:
            raise UsageError("--out is of one image, and none is named", "add --row N")
        found = explain_images(fitted, arguments.data, arguments.labels)
        print_found(found, explained_images_text(found), as_json=arguments.as_json)
        return
    if arguments.out is not None:
        check_page_output(arguments.out, force=arguments.force)
    found = explain_image(fitted, arguments.data, arguments.row)
    if arguments.out is not None:
        write_image_page(found, arguments.out, force=True)
    print_found(found, image_text(found), as_json=arguments.as_json)
    said = "--out image.html shows it in pictures"
    typer.echo(said if arguments.out is None else f"written to {arguments.out}", err=True)


def refuse_options_of_images(arguments: ExplainArguments) -> None:
    """Raise if an option is given that models of other data do not have.

    Raises
    ------
    UsageError
        With the option.
    """
    for name in ("labels", "out", "force"):
        if getattr(arguments, name):
            raise UsageError(
                f"--{name} is for models of images, and {arguments.model!r} is none", "leave it out"
            )

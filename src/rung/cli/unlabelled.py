"""Offer the commands for tables without a target: groups and maps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rung.cli.arguments import ReadingArguments, argument, of_run, option_of, switch_of, takes
from rung.cli.examples import epilog
from rung.cli.words import reading
from rung.errors import UsageError

if TYPE_CHECKING:
    from rung.typing import JSON


@dataclass(frozen=True, kw_only=True)
class ClusterArguments(ReadingArguments):
    """What `rung cluster` takes."""

    data: str = argument("Table: CSV, TSV, Parquet or Arrow.", "DATA")
    label: str | None = option_of(
        str, "Column to leave out and compare with the groups.", None, metavar="COL"
    )
    features: tuple[str, ...] | None = of_run("features")
    drop: tuple[str, ...] | None = of_run("drop")
    seed: int = option_of(int, "Of halves and starts.", 0)
    out: Path | None = option_of(
        Path, "File for the group of every row: .csv, .parquet or .arrow.", None
    )
    picture: Path | None = option_of(
        Path, "Picture of the groups: .svg, or .html for a page with all that was found.", None
    )
    force: bool = switch_of("Replace what is there.")
    as_json: bool = switch_of("Print JSON and nothing else.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class EmbedArguments(ReadingArguments):
    """What `rung embed` takes."""

    data: str = argument("Table: CSV, TSV, Parquet or Arrow.", "DATA")
    method: str = option_of(str, "components or tsne.", "components")
    color: str | None = option_of(
        str, "Column that is left out of the map, and colours it.", None, metavar="COL"
    )
    features: tuple[str, ...] | None = of_run("features")
    drop: tuple[str, ...] | None = of_run("drop")
    seed: int = option_of(int, "Of shuffles, resamples and t-SNE.", 0)
    out: Path | None = option_of(
        Path, "File for the place of every row: .csv, .parquet or .arrow.", None
    )
    new: str | None = option_of(
        str, "Another table: its rows are placed on the map, and --out holds them.", None
    )
    picture: Path | None = option_of(Path, "Picture of the map: .svg, or .html for a page.", None)
    force: bool = switch_of("Replace what is there.")
    as_json: bool = switch_of("Print JSON and nothing else.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@takes(ClusterArguments)
def cluster(arguments: ClusterArguments) -> None:
    """Say whether the rows of a table form groups, how many, and what makes them."""
    from rung.workbench.clusters import cluster as find
    from rung.workbench.clusters import cluster_to_file, groups_picture_to_file
    from rung.workbench.maps import check_picture
    from rung.workbench.verbs import check_table_output

    if arguments.out is not None:
        check_table_output(arguments.out, arguments.force)
    if arguments.picture is not None:
        check_picture(arguments.picture, force=arguments.force)
    found = find(
        arguments.data,
        label=arguments.label,
        features=arguments.features,
        drop=tuple(arguments.drop or ()),
        seed=arguments.seed,
        options=reading(arguments),
    )
    if arguments.out is not None:
        cluster_to_file(found, arguments.out)
    if arguments.picture is not None:
        groups_picture_to_file(found, arguments.picture, Path(arguments.data).name)
    described = found.to_dict()
    if arguments.as_json:
        _print_json(described)
        return
    for line in _cluster_lines(described):
        _print(line)


def _cluster_lines(found: JSON) -> list[str]:
    lines = [found["sentence"]]
    lines += [
        f"  group {one['group']}: {one['rows']:,} rows, stability {one['stability']:.2f}; "
        f"{one['text']} ({one['accuracy']:.0%} of held-out rows, {one['base']:.0%} without it)"
        for one in found["groups"]
    ]
    if found["agreement"]:
        one = found["agreement"]
        lines.append(
            f"  with the column: adjusted Rand {one['rand']:.2f} ({one['low']:.2f} to "
            f"{one['high']:.2f}), mutual information {one['information']:.3f} nats a row "
            f"({one['information_low']:.3f} to {one['information_high']:.3f}), "
            f"as much by chance in {one['level']:.1%} of shuffles"
        )
    return [*lines, *(f"  {note}" for note in found["notes"])]


@takes(EmbedArguments)
def embed(arguments: EmbedArguments) -> None:
    """Place the rows of a table on a map, and say what may be read from it."""
    from rung.workbench.maps import check_picture, map_to_file, new_rows_to_file, picture_to_file
    from rung.workbench.maps import embed as find
    from rung.workbench.verbs import check_table_output

    if arguments.out is not None:
        check_table_output(arguments.out, arguments.force)
    if arguments.new is not None and arguments.out is None:
        raise UsageError("--new places rows, and --out is not given", "name a file with --out")
    if arguments.picture is not None:
        check_picture(arguments.picture, force=arguments.force)
    found = find(
        arguments.data,
        method=arguments.method,
        features=arguments.features,
        drop=(*(arguments.drop or ()), *((arguments.color,) if arguments.color else ())),
        seed=arguments.seed,
        options=reading(arguments),
    )
    if arguments.new is not None and arguments.out is not None:
        new_rows_to_file(found, arguments.new, arguments.out, reading(arguments))
    elif arguments.out is not None:
        map_to_file(found, arguments.out)
    if arguments.picture is not None:
        picture_to_file(found, arguments.picture, Path(arguments.data).name, arguments.color)
    described = found.to_dict()
    if arguments.as_json:
        _print_json(described)
        return
    for line in _map_lines(described):
        _print(line)


def _map_lines(found: JSON) -> list[str]:
    from rung.report.row_map import CAUTIONS

    n_real, n_predicting = found["n_real"], found["n_predicting"]
    lines = [f"principal components with more variance than in shuffled columns: {n_real}"]
    if n_predicting is not None:
        lines.append(f"  held-out cells are reconstructed best with {n_predicting}")
    for one in found["components"]:
        chance = f"shuffled up to {one['by_chance']:.1%}"
        share = f"{one['share']:.1%} of the variance ({chance})"
        lines.append(f"  component {one['component']}: {share}: {one['words']}")
    trust = f"{found['trustworthiness']:.3f}, of shuffled columns "
    lines.append(f"  trustworthiness of the map {trust}{found['trustworthiness_shuffled']:.3f}")
    if found["method"] == "tsne":
        lines.append(f"  {CAUTIONS['tsne']}")
    return [*lines, *(f"  {note}" for note in found["notes"])]


def _print(line: str) -> None:
    from rung.report.numbers import clean

    typer.echo(clean(line))


def _print_json(found: JSON) -> None:
    from rung.cli.shown import escaped

    typer.echo(escaped(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)))


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (cluster, embed):
        app.command(epilog=epilog(command.__name__))(command)

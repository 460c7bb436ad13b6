"""Pages of small runs, made once, and a browser to open them in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.findings import Finding
from rung.core.result import ColumnSummary, Command, Result
from rung.report.html import render
from tests.journeys.hostile import strings
from tests.report.example import nasty

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUICK = ("constant", "linear", "tree")
SETTINGS = {"ledger": False, "folds": 3}


@dataclass
class Opened:
    """A page in the browser, and what it did that a page of a run must not do."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How wide its content is, in pixels."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Debian's Chromium; a test is skipped where it, or playwright, is not installed.

    It is closed before tests elsewhere run, since it keeps an event loop running.
    """
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make .venv/.dev"
    )
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def visit(browser: Any) -> Iterator[Any]:
    """Open a page as it was written: `visit(path, width=360, scheme="dark")`.

    A page is opened once and loaded anew each time, and keeps note of all that it ever did.
    """
    known: dict[Path, Opened] = {}

    def go(
        path: Path, *, width: int = 1280, scheme: str = "light", media: str = "screen"
    ) -> Opened:
        if path not in known:
            known[path] = _watched(browser.new_page(), path.as_uri())
        opened = known[path]
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.page.emulate_media(color_scheme=scheme, media=media)
        opened.page.goto(path.as_uri())
        return opened

    yield go
    for opened in known.values():
        opened.page.close()


def _watched(page: Any, own: str) -> Opened:
    opened = Opened(page)
    page.on("request", lambda one: one.url != own and opened.requests.append(one.url))
    page.on("console", lambda one: one.type == "error" and opened.errors.append(one.text))
    page.on("pageerror", lambda one: opened.errors.append(str(one)))
    page.on("dialog", lambda one: (opened.dialogs.append(one.message), one.dismiss()))
    return opened


@dataclass(frozen=True)
class Reports:
    """Folders of runs by name, and the hostile strings that were put into those that hold some."""

    folders: dict[str, Path]
    hostile: tuple[str, ...]

    def page(self, name: str) -> Path:
        return self.folders[name] / "report.html"


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """Four runs on small tables and a text, and three more with hostile strings in every place."""
    root = tmp_path_factory.mktemp("journeys")
    hostile = strings()
    folders = {
        "regression": _fit(root, "regression", table_of("regression"), "y"),
        "binary": _fit(root, "binary", table_of("binary"), "y"),
        "multiclass": _fit(root, "multiclass", table_of("multiclass"), "y"),
        "text": _fit_text(root, "text", [f"name {k % 40} of {k}" for k in range(240)]),
        "hostile regression": _fit(
            root, "hostile-regression", named(table_of("regression"), hostile[:3], hostile[3:33]), hostile[0]
        ),
        "hostile classes": _fit(
            root, "hostile-classes", named(table_of("multiclass"), hostile[33:36], hostile[36:66]), hostile[33]
        ),
        "hostile text": _fit_text(root, "hostile-text", [one for one in hostile[66:] for _ in range(3)]),
    }  # fmt: skip
    folders["every sink"] = root / "every-sink"
    folders["every sink"].mkdir()
    (folders["every sink"] / "report.html").write_text(render(everywhere(hostile)), "utf-8")
    return Reports(folders, tuple(hostile))


def everywhere(hostile: list[str]) -> Result:
    """Return a result in which every name, class, title, text and file is one of these, in turn."""
    base, turn = nasty(), cycle(hostile)
    columns = tuple(ColumnSummary(one, "number", "feature", 1, 2, next(turn)) for one in hostile)
    findings = tuple(
        Finding(one, "warning", (one, next(turn)), next(turn), next(turn)) for one in hostile
    )
    ladder = tuple(
        replace(entry, title=next(turn), reason=next(turn), notes=tuple(hostile))
        for entry in base.ladder
    )
    return replace(
        base,
        dataset=replace(base.dataset, columns=columns, source=next(turn)),
        classes=tuple(hostile[:3]),
        target=next(turn),
        findings=findings,
        ladder=ladder,
        choice=replace(base.choice, sentence=" ".join(hostile)),
        options={**base.options, "drop": hostile, "time": next(turn)},
        versions=dict(zip(hostile, reversed(hostile), strict=True)),
        command=Command(tuple(hostile), dict(zip(hostile, reversed(hostile), strict=True))),
    )


def table_of(task: str) -> pl.DataFrame:
    """Return 90 rows: a number that matters, a category of thirty levels, and the target."""
    rng = np.random.default_rng(7)
    n = 90
    x, level = rng.normal(size=n), np.arange(n) % 30
    signal = 2 * x + level / 10 + rng.normal(size=n) / 2
    target = {
        "regression": signal,
        "binary": np.where(signal > 1.5, "yes", "no"),
        "multiclass": np.array(["a", "b", "c"])[np.digitize(signal, [0.5, 2.5])],
    }[task]
    return pl.DataFrame({"y": target, "x": x, "level": [f"level {k}" for k in level]})


def named(table: pl.DataFrame, names: list[str], cells: list[str]) -> pl.DataFrame:
    """Return the table with these names of columns, and these texts as levels and classes."""
    levels = {f"level {k}": cell for k, cell in enumerate(cells)}
    changed = table.with_columns(pl.col("level").replace_strict(levels))
    if changed.schema["y"] == pl.String:
        classes = dict(zip("abc", cells, strict=False))
        changed = changed.with_columns(pl.col("y").replace_strict(classes))
    return changed.rename(dict(zip(changed.columns, names, strict=True)))


def _fit(root: Path, name: str, table: pl.DataFrame, target: str) -> Path:
    folder = root / name
    rung.fit(table, target, families=list(QUICK), out=folder, **SETTINGS)
    return folder


def _fit_text(root: Path, name: str, lines: list[str]) -> Path:
    source = root / f"{name} <img src=x onerror=alert(1)>.txt"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    folder = root / name
    rung.fit(
        source, families=["uniform", "bigram", "ngram"], out=folder, reading="lines", ledger=False
    )
    return folder

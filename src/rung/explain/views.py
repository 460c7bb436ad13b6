"""Ask a run why: explanations with a short text, a frame and HTML, and their pictures.

They are made when they are asked for, of any family that keeps the models of its folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rung.core.family import Family
from rung.core.polynomial_curves import DEGREES
from rung.core.result import Result, plain
from rung.errors import UsageError
from rung.explain.effects import effect as effect_of
from rung.explain.effects import effect_lines, effect_row, effect_table, shown_outputs
from rung.explain.explanation import Explained, thinned
from rung.explain.formula import formula_of
from rung.explain.held_out import HeldOut
from rung.explain.image_explanations import ImageExplanations
from rung.explain.importance import importance as importance_of
from rung.explain.impurity import impurity_of
from rung.explain.leave_out import leave_out_of
from rung.explain.polynomials import PolynomialView, polynomials_of
from rung.explain.residuals import HeldOutRows
from rung.explain.row_view import row_of
from rung.explain.shap import MOST_ROWS
from rung.explain.shap_view import shap_of
from rung.explain.subgroups import subgroups_of
from rung.explain.surface import surface_of
from rung.explain.surface_view import asked_output, check_columns, surface_lines, surface_rows
from rung.explain.telling_words import word_rows, words_of
from rung.explain.tree import tree_of
from rung.explain.truth import truth_of
from rung.explain.truth_explanations import TruthExplanations
from rung.report.notebook import framed
from rung.report.sections import discover
from rung.report.sections.row import row_lines
from rung.report.sections.subgroups import subgroup_lines
from rung.typing import JSON, Untyped

LINES = 24


@dataclass(frozen=True)
class ExplanationView:
    """One explanation of one family.

    Attributes
    ----------
    name : str
        Its section of the page.
    data : dict
        All of it, as `results.json` would hold it.
    rows : tuple of dict
        Its main table.
    lines : tuple of str
        In a few words.
    result : Result
        Of the run.
    """

    name: str
    data: JSON
    rows: tuple[JSON, ...]
    lines: tuple[str, ...]
    result: Result

    def frame(self) -> Untyped:
        """Return the main table as a polars frame."""
        import polars as pl

        return pl.DataFrame(list(self.rows), infer_schema_length=None)

    def __repr__(self) -> str:
        more = len(self.lines) - LINES
        return "\n".join(
            [*self.lines[:LINES], *([f"... and {more} lines more"] if more > 0 else [])]
        )

    def _repr_html_(self) -> str:
        """Return the section of the page, in a frame of its own."""
        section = next(one for one in discover() if one.name == self.name)
        result = replace(self.result, sections={self.name: self.data.get("each", [self.data])})
        body = section.render(section.found(result, {}), result)
        return framed(body, section.title)


@dataclass(frozen=True)
class Explanations(TruthExplanations, ImageExplanations):
    """Why models of a run predict what they do, on rows that they have not seen.

    Every method takes `family`, the choice of the run if not given.
    """

    result: Result
    found: Explained | None

    def importance(self, family: str | None = None) -> ExplanationView:
        """Return what each column is worth: the metric when it is shuffled, with intervals."""
        held = self._held(family)
        found = importance_of(held)
        data = self._plain({"title": held.title, **plain(found)})
        rows = tuple({**row, "columns": " + ".join(row["columns"])} for row in _flat(data))
        lines = [
            f"{row['columns']}: {data['metric']} {row['metric']:.4g} when shuffled "
            f"({row['low']:.4g} to {row['high']:.4g}), {row['verdict']}"
            for row in rows
        ]
        head = f"{held.title}: {data['metric']} {data['whole']:.4g} with all columns"
        return self._view("importance", data, rows, [head, *lines])

    def shap(
        self, family: str | None = None, *, rows: int = MOST_ROWS, by_row: bool = False
    ) -> ExplanationView:
        """Return exact SHAP values of so many held-out rows: mean sizes, or a line a row.

        Of linear, additive, trees, forests and boosting. `by_row` gives a frame in which `base` and
        the columns add up to `sum`: the prediction, or the log odds of a class.
        """
        found, held = self._explained(), self._held(family)
        return self._view("shap", *shap_of(found, held, most_rows=rows, by_row=by_row))

    def impurity(self, family: str | None = None) -> ExplanationView:
        """Return shares of impurity by column, of a tree or a forest, with their bias beside them."""
        return self._view("impurity", *impurity_of(self._explained(), self._held(family)))

    def leave_out(self, families: Sequence[str] | None = None) -> ExplanationView:
        """Return what each column is worth to the verdict: rungs are trained again without it.

        Linear, additive and tree if no families are named, and boosting where rows are few; it takes
        as long as these for each column.
        """
        return self._view("leave_out", *leave_out_of(self._explained(), families))

    def effects(self, column: str, family: str | None = None) -> ExplanationView:
        """Return how predictions change with a column, with bands over folds."""
        held = self._held(family)
        names = [one.name for one in held.features if one.kind != "text"]
        if column not in names:
            raise UsageError(
                f"column {column!r} is none that {held.family} uses; it uses {', '.join(names)}",
                "name one of these",
            )
        found, outputs = effect_of(held, column), shown_outputs(held)
        classes = held.problem.classes
        section = {
            "family": held.family,
            "title": held.title,
            "outputs": [classes[k] for k in outputs] if classes else [""],
            "n_rows": sum(found.density),
            "columns": [effect_row(held, found, outputs)],
        }
        data = self._plain(section)
        return self._view("effects", data, effect_table(data), effect_lines(data))

    def surface(
        self,
        first: str,
        second: str,
        families: Sequence[str] | str | None = None,
        *,
        fold: int = 0,
        of: str | None = None,
    ) -> ExplanationView:
        """Return how predictions change with two columns together, of one fold's models.

        `of` names the class whose probability is meant: the positive one if not given.
        """
        names = [families] if families is None or isinstance(families, str) else families
        found = []
        for held in map(self._held, names):
            check_columns(held, (first, second))
            output = asked_output(held, of)
            found.append(
                surface_of(self._explained(), held, (first, second), fold=fold, output=output)
            )
        data = self._plain({"surfaces": found, "interaction": None})
        lines = surface_lines(data["surfaces"], self.result.metric)
        return self._view("surface", data, surface_rows(data["surfaces"]), lines)

    def subgroups(self, column: str, family: str | None = None) -> ExplanationView:
        """Return the score in each group of rows that a column makes, against the rest."""
        found = self._explained()
        names = [one.name for one in found.prepared.dataset.columns if one.name != found.target]
        if column not in names:
            raise UsageError(
                f"column {column!r} is none that rows can be grouped by; {', '.join(names)} are",
                "name one of these",
            )
        (data,) = self._plain({"found": subgroups_of(found, self._family(family), [column])})[
            "found"
        ]
        lines = [f"{data['title']} by {column}, {data['how']}", *subgroup_lines(data)]
        return self._view("subgroups", data, data["rows"], lines)

    def polynomials(self, column: str, degrees: Sequence[int] = DEGREES) -> PolynomialView:
        """Return polynomials of a column: how they score on training rows and on held-out ones."""
        return polynomials_of(self._explained(), column, degrees)

    def formula(self, family: str | None = None) -> ExplanationView:
        """Return the formula of a family: text, LaTeX, a program, coefficients with intervals."""
        own = self._family(family)
        if own.formula is None:
            able = [one.name for one in self._ladder().trained if one.formula]
            raise UsageError(
                f"{own.title} is no formula here; of this run {', '.join(able) or 'no family'} is",
                f"ask for formula({able[-1]!r})" if able else "ask for importance() or words()",
            )
        data = self._plain(formula_of(self._explained(), own))
        rows = tuple(
            {**row, "what": " ".join(row["what"]) or "intercept"} for row in data["coefficients"]
        )
        return self._view("formula", data, rows, data["text"])

    def words(self) -> ExplanationView:
        """Return the words of columns of text that tell most to the linear rung, with intervals."""
        data = self._plain({"each": words_of(self._explained())})
        return self._view("telling_words", data, *word_rows(data["each"]))

    def tree(self, family: str | None = None) -> ExplanationView:
        """Return the whole tree of a family, or its most typical one."""
        from rung.families.forms import BoostingForm, ForestForm, TreeForm

        own = self._family(family)
        forms = {TreeForm, ForestForm, BoostingForm}
        if own.form not in forms:
            able = [one.name for one in self._ladder().trained if one.form in forms]
            raise UsageError(
                f"{own.title} holds no tree; of this run {', '.join(able) or 'no family'} does",
                "name a family of trees",
            )
        from rung.report.sections.tree import tree_rules

        data = self._plain(tree_of(self._explained(), own))
        rows = tuple({k: v for k, v in row.items() if k != "counts"} for row in data["nodes"])
        return self._view("tree", data, rows, tree_rules(data))

    def row(
        self,
        row: int,
        family: str | None = None,
        *,
        data: Untyped = None,
        change: float | None = None,
    ) -> ExplanationView:
        """Return why a row is predicted as it is, which rows are like it, and what would change it.

        `row` counts from 1, in the file of the run or in `data`; a row that a fold held out is
        explained by the model that has not seen it. `change` of a value counts as another answer:
        the RMSE if not given.
        """
        own = self._family(family)
        if self._explained().pictures is not None:
            raise UsageError("the rows of this run are images", "ask for image(name)")
        found = row_of(self._explained(), own, row, data=data, change=change, result=self.result)
        made = self._plain(found)
        return self._view("row", made, made["columns"], row_lines(made))

    def truth(self, family: str | None = None) -> ExplanationView:
        """Return predictions held against the truth, and the rows with the largest errors."""
        own = self._family(family)
        data = self._plain(
            {"family": own.name, "title": own.title, **truth_of(self._explained(), own)}
        )
        rows = tuple(data["largest"])
        lines = [f"{own.title}: {data['n_rows']} rows out of fold; the largest errors:"]
        lines += [", ".join(f"{key} {value}" for key, value in row.items()) for row in rows]
        return self._view("truth", data, rows, lines)

    def held_out_rows(self, family: str | None = None) -> HeldOutRows:
        """Return every row that was held out, with its prediction."""
        return HeldOutRows.of(self._explained(), self._family(family))

    def _view(
        self, name: str, data: JSON, rows: Sequence[JSON], lines: Sequence[str]
    ) -> ExplanationView:
        return ExplanationView(name, data, tuple(rows), tuple(lines), self.result)

    def _plain(self, data: Any) -> JSON:
        found: JSON = thinned(plain(data))
        return found

    def _explained(self) -> Explained:
        if self.found is None:
            raise UsageError(
                "this run has no columns to explain, or was read back from files",
                "explain a run that rung.fit returned for a table",
            )
        return self.found

    def _ladder(self) -> Any:
        return self._explained().ladder

    def _family(self, name: str | None) -> Family:
        trained: dict[str, Family] = {family.name: family for family in self._ladder().trained}
        wanted = self.result.choice.family if name is None else name
        if wanted not in trained:
            raise UsageError(
                f"family {wanted!r} was not scored in this run; {', '.join(trained)} were",
                "name one of these",
            )
        return trained[wanted]

    def _held(self, name: str | None) -> HeldOut:
        found, own = self._explained(), self._family(name)
        held = found.held_out(own) if name else (found.held_out(own) or found.opened()[0])
        if held is None:
            able = [one.name for one in found.ladder.trained if found.fitted(one).models]
            raise UsageError(
                f"{own.title} keeps no models of its folds; {', '.join(able)} do",
                "name one of these",
            )
        return held


def _flat(data: JSON) -> list[JSON]:
    return [{k: v for k, v in row.items() if k != "loss"} for row in data["columns"]]

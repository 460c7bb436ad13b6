"""A model that reads and writes text, and the file that holds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from rung.compute import one_thread_each
from rung.core.family import Family, State
from rung.core.findings import Finding
from rung.core.result import TextSample, plain
from rung.data import ReadOptions
from rung.data.text_source import open_text
from rung.errors import BadModelFile, UsageError
from rung.families import discover, find
from rung.kinds.model_file import REMEDY, under
from rung.store.durable import write_bytes
from rung.store.modelfile import pack
from rung.text.corpus import NEWLINE
from rung.text.membership import Membership, read_membership
from rung.text.passages import Passages, lines
from rung.text.problem import TextModel
from rung.text.sampling import SampleOptions, draw_texts
from rung.text.vocabulary import BOUNDARY, Vocabulary, from_code_points, to_code_points
from rung.typing import JSON, Array

TASK = "language modelling"
KINDS = ("lines", "stream")
MOST_SHOWN = 5


@dataclass(frozen=True)
class FittedText:
    """A model of text with all it needs to read and write.

    Attributes
    ----------
    family : Family
        The rung it stands on.
    model : TextModel
        What predicts.
    vocabulary : Vocabulary
        Characters that it knows.
    membership : Membership
        Hashes of the training text.
    kind : str
        `lines` or `stream`.
    about : mapping
        Where it comes from: scores, settings, fingerprint of the data, versions.
    """

    family: Family
    model: TextModel
    vocabulary: Vocabulary
    membership: Membership
    kind: str
    about: Mapping[str, Any]
    task: str = TASK

    def __repr__(self) -> str:
        """Say in a line what predicts what."""
        return f"FittedText({self.family.title} {self._said})"

    def _repr_html_(self) -> str:
        from rung.report.notebook import model_html

        return model_html(self.family.title, self._said)

    @property
    def _said(self) -> str:
        return f"predicts the next of {len(self.vocabulary.characters)} characters ({self.kind})"

    def surprise(self, data: Any, *, encoding: str | None = None) -> dict[str, list[Any]]:
        """Return what each character of a text costs the model, in bits.

        Parameters
        ----------
        data : path or sequence of str
            A text file, or lines. A model of lines reads each line on its own and predicts its
            end; a model of a stream reads the text in one go.
        encoding : str, optional
            How a file is written; None finds out.

        Returns
        -------
        dict
            `line` (in the file, or place in the list; blank ones are counted) and `position` (in
            the line, or in the stream), from 1, `character` (an empty one for the end of a line), `nats` and `bits`, and
            `known`: False for a character that the model does not know, which has no cost (None);
            count them before adding up. After such a character the text begins anew.
        """
        table: dict[str, list[Any]] = {
            name: [] for name in ("line", "position", "character", "nats", "bits", "known")
        }
        for number, text in self._texts(data, encoding):
            nats = self.nats(text)
            ends = [""] if self.kind == "lines" else []
            ended = np.cumsum([0, *(letter == "\n" for letter in text)])
            table["line"] += (number + ended[: len(nats)]).tolist()
            table["position"] += range(1, len(nats) + 1)
            table["character"] += [*text, *ends]
            table["nats"] += [None if np.isnan(one) else one for one in nats.tolist()]
            bits = (nats / np.log(2)).tolist()
            table["bits"] += [None if np.isnan(one) else one for one in bits]
            table["known"] += (~np.isnan(nats)).tolist()
        return table

    predict = surprise

    def _texts(self, data: Any, encoding: str | None) -> Iterator[tuple[int, str]]:
        """Yield each text with the number of its line; blank lines are counted and left out."""
        source = open_text(data, encoding)
        if self.kind == "stream":
            yield 1, "".join(source.pieces())
            return
        number, rest = 1, ""
        for piece in source.pieces():
            *whole, rest = (rest + piece).split("\n")
            yield from ((at, line) for at, line in enumerate(whole, start=number) if line)
            number += len(whole)
        if rest:
            yield number, rest

    def nats(self, text: str) -> Array:
        """Return the surprise of each character of one text; NaN for characters unknown.

        Raises
        ------
        BadModelFile
            If the model gives something that is no log probability: the file was forged.
        """
        tokens = self.vocabulary.encode(text)
        tokens = np.append(tokens, BOUNDARY) if self.kind == "lines" else tokens
        known = tokens >= 0
        found = np.full(len(tokens), np.nan)
        if known.any():
            with one_thread_each(), np.errstate(all="ignore"):
                logs = self.model.predict(cut_at_unknown(tokens, self.vocabulary))
            if logs.shape != (int(known.sum()),) or not np.all(logs <= 1e-3):
                raise BadModelFile("the model predicts what is no log probability", REMEDY)
            found[known] = np.maximum(-logs, 0.0)
        return found

    def sample(
        self, options: SampleOptions, *, prompt: str = "", seed: int = 0
    ) -> tuple[TextSample, ...]:
        """Write texts, and say what of each stands in the training text.

        Raises
        ------
        UsageError
            If the prompt holds a character that the model does not know.
        BadModelFile
            If the model gives something that is no log probability: the file was forged.
        """
        tokens = self.vocabulary.encode(prompt)
        if (tokens < 0).any():
            unknown = prompt[int(np.argmax(tokens < 0))]
            raise UsageError(
                f"the prompt holds {unknown!r}, which the model has never seen; it knows "
                f"{len(self.vocabulary.characters)} characters",
                "leave it out",
            )
        rng = np.random.default_rng([0x7E47, seed % 2**63])
        with one_thread_each(), np.errstate(all="ignore"):
            drawn = draw_texts(self.model, tokens, options, rng)
        return tuple(self._sampled(one) for one in drawn)

    def _sampled(self, tokens: Array) -> TextSample:
        text = self.vocabulary.decode(tokens)
        return TextSample(text, self.membership.copied(to_code_points(text)))

    def describe(self) -> JSON:
        """Return what `inspect` says of the model; JSON-ready."""
        return {
            "family": self.family.name,
            "title": self.family.title,
            "task": TASK,
            "kind": self.kind,
            "characters": "".join(self.vocabulary.characters),
            "n_characters": len(self.vocabulary.characters),
            "remembers_training_text": {
                "as": "hashes of " + ("lines" if self.membership.kind == "lines" else "runs")
                if self.membership.kind != "unknown"
                else "not at all, there were too many lines",
                "hashes": len(self.membership.hashes),
            },
            "stores_training_rows": False,
        }

    def table(self, data: Any, options: ReadOptions, tell: Callable[[Finding], None]) -> JSON:
        """Return what each character of a text costs; say which characters are unknown."""
        found = self.surprise(data, encoding=options.encoding)
        unknown = [
            c
            for c, is_known in zip(found["character"], found["known"], strict=True)
            if not is_known
        ]
        if unknown:
            tell(_unknown(unknown))
        return found

    def save(self, path: str | Path) -> Path:
        """Write the model file; it holds numbers and names, and no code."""
        target = Path(path)
        write_bytes(target, self.to_bytes())
        return target

    def to_bytes(self) -> bytes:
        """Return what the model file holds."""
        state, record = self.model.to_state(), self.membership.to_state()
        spec = {
            "family": self.family.name,
            "state_version": self.family.state_version,
            "task": TASK,
            "kind": self.kind,
            "state": plain(state.spec),
            "membership": plain(record.spec),
            "about": plain(self.about),
        }
        arrays = {f"state/{name}": array for name, array in state.arrays.items()}
        arrays |= {f"membership/{name}": array for name, array in record.arrays.items()}
        arrays["characters"] = self.vocabulary.code_points.astype(np.uint32)
        strings = {f"state/{name}": table for name, table in state.strings.items()}
        return pack(spec, arrays, strings)


def cut_at_unknown(tokens: Array, vocabulary: Vocabulary) -> Passages:
    """Return the known tokens as passages: after an unknown character the text begins anew.

    Examples
    --------
    >>> cut_at_unknown(np.array([1, 2, -1, 1]), Vocabulary(("a", "b"), ends=False)).starts
    array([0, 2, 3])
    """
    known = tokens >= 0
    begins = known & ~np.concatenate([[False], known[:-1]])
    kept = tokens[known].astype(vocabulary.dtype)
    starts = np.append(np.flatnonzero(begins[known]), len(kept))
    return lines(kept, starts)


def parse_text_model(
    spec: Mapping[str, Any], arrays: Mapping[str, Array], strings: Mapping[str, Sequence[str]]
) -> FittedText:
    """Turn the contents of a model file into a model, after checking all of them."""
    name, kind = spec["family"], spec["kind"]
    family = find(name, "text") if isinstance(name, str) else None
    if family is None:
        raise BadModelFile(
            f"family {name!r} is unknown; this version knows "
            f"{', '.join(one.name for one in discover('text'))}",
            "update rung",
        )
    if spec["state_version"] != family.state_version:
        raise BadModelFile(
            f"the state of family {family.name!r} has version {spec['state_version']!r}, this "
            f"rung reads {family.state_version}",
            "update rung, or train again",
        )
    if kind not in KINDS:
        raise BadModelFile(f"a text of kind {kind!r}; {' and '.join(KINDS)} are known", REMEDY)
    vocabulary = _vocabulary(arrays["characters"], ends=kind == "lines")
    state = State(dict(spec["state"]), under(arrays, "state/"), under(strings, "state/"))
    model = cast(TextModel, family.load(state))
    membership = read_membership(dict(spec["membership"]), under(arrays, "membership/"))
    found = FittedText(family, model, vocabulary, membership, kind, dict(spec["about"]))
    _try_out(found)
    return found


def _vocabulary(code_points: Array, *, ends: bool) -> Vocabulary:
    if code_points.dtype != np.uint32 or code_points.ndim != 1 or not len(code_points):
        raise BadModelFile("the model knows no characters", REMEDY)
    if np.any(code_points[1:] <= code_points[:-1]) or code_points[-1] > 0x10FFFF:
        raise BadModelFile("the characters of the model are out of order", REMEDY)
    if ends and NEWLINE in code_points:
        raise BadModelFile("a line cannot hold a line end", REMEDY)
    return Vocabulary(tuple(from_code_points(code_points)), ends)


def _try_out(found: FittedText) -> None:
    """Read and write a little: state and vocabulary must fit each other."""
    n_tokens, first = found.vocabulary.n_tokens, found.vocabulary.first
    with one_thread_each(), np.errstate(all="ignore"):
        memory, logs = found.model.start(2)
        _check_logs(logs, (2, n_tokens), first)
        for token in (1, n_tokens - 1):
            memory, logs = found.model.step(memory, np.full(2, token))
            _check_logs(logs, (2, n_tokens), first)
    tokens = found.vocabulary.code_points[[0, -1, 0]]
    found.nats(from_code_points(tokens))


def _check_logs(logs: Array, shape: tuple[int, int], first: int) -> None:
    if logs.shape != shape:
        raise BadModelFile(f"the model predicts shape {logs.shape}; {shape} is expected", REMEDY)
    total = np.exp(logs[:, first:]).sum(axis=1)
    if not np.all(np.abs(total - 1) < 1e-3) or not np.all(logs[:, :first] == -np.inf):
        raise BadModelFile("the model's probabilities do not sum to one", REMEDY)


def _unknown(letters: Sequence[str]) -> Finding:
    """Say which characters a model cannot judge, the most frequent first."""
    counts = Counter(letters).most_common()
    shown = ", ".join(f"{letter!r} ({n:,} times)" for letter, n in counts[:MOST_SHOWN])
    more = f" and {len(counts) - MOST_SHOWN:,} others" if len(counts) > MOST_SHOWN else ""
    return Finding(
        "unknown_characters",
        "warning",
        (),
        f"the training text did not hold {shown}{more}; {len(letters):,} characters have no cost",
        "leave them out of sums: `known` is false for them, and the text begins anew after each",
    )

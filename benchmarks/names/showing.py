"""Turn the figures into the page."""

from __future__ import annotations

from typing import Any

# What the course and its repository print, and on which part: their loss in nats a character.
PRINTED = {
    "bigram": (2.4533, "dev"),
    "neural_bigram": (2.454, "dev"),
    "char_mlp": (2.170, "dev"),
    "char_mlp_batchnorm": (2.105, "dev"),
    "wavenet": (1.993, "dev"),
    "gpt": (1.92, "test"),
}
HEAD = """# Every rung of text on names, beside what a well-known course prints

`names.txt` holds {n_lines:,} first names. *Course* is the split of the course that made it known: names shuffled
with Python's seed 42, 80 % to learn from, 10 % (*dev*) to choose by, 10 % to test on. *Rung* is the split of
`rung fit names.txt`: lines dealt by a hash of what they say, with {train:,} of them to learn from. Losses are nats a
character, a name's end counted, with 95 % intervals over names where the verdict is reached; rung's sealed
tenth stays shut. Settings were tuned by the parts to choose by alone. One thread; *seconds* are of the
processor, all of a training and its scoring, on a machine with other work, in the course's split.
`python -m benchmarks.names --data FOLDER` writes this page; `--families gpt` trains only some anew.

"""


def page(found: dict[str, Any]) -> str:
    """Return the page."""
    parts = found["sizes"]
    n_lines = sum(parts["course"][name][0] for name in ("train", "validation", "verdict"))
    train = parts["ours"]["train"][0]
    return "\n".join(
        (HEAD.format(n_lines=n_lines, train=train) + scores(found), "", *notes(found), "")
    )


def ordered(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return families by their place on the ladder."""
    return sorted(found["families"].items(), key=lambda item: item[1]["step"])


def scores(found: dict[str, Any]) -> str:
    """Return the table of losses."""
    head = ("rung", "numbers learned", "printed", "course, dev", "course, test")
    rows = [(*head, "of these no copies", "rung, verdict", "seconds"), ("---",) * 8]
    for name, cell in ordered(found):
        at_course, at_ours = cell["course"], cell["ours"]
        printed = PRINTED.get(name)
        rows.append(
            (
                cell["title"],
                f"{at_course['numbers']:,}",
                f"{printed[0]:g} ({printed[1]})" if printed else "",
                f"{at_course['dev']:.4f}",
                f"{at_course['test'][0]:.4f}",
                f"{at_course['others']:.4f}",
                "{:.4f} ({:.4f} to {:.4f})".format(*at_ours["test"]),
                f"{at_course['seconds']:.0f}",
            )
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def notes(found: dict[str, Any]) -> list[str]:
    """Return what explains the differences, with the figures of this run."""
    return ["## What differs", "", _splits(found), _against_printed(found), *_norm(found)]


def _splits(found: dict[str, Any]) -> str:
    sizes = found["sizes"]
    sequences = [cell for _, cell in ordered(found) if "copies" in cell["course"]]
    best = min(sequences, key=lambda cell: cell["course"]["test"][0])
    one, other = best["course"], best["ours"]
    n_course, n_ours = (sizes[name]["train"][0] for name in ("course", "ours"))
    return (
        f"- **Copies.** {100 * sizes['copies']:.1f} % of the course's test names stand among its "
        "training names too; rung deals equal lines to the same part. The best rung of the table, "
        f"{best['title']}, has {one['copies']:.3f} on those copies and {one['others']:.3f} on the "
        f"others, {one['test'][0]:.3f} together; on rung's verdict part {other['test'][0]:.3f}. "
        f"What is left between {one['others']:.3f} and {other['test'][0]:.3f} is the training "
        f"part, {n_ours:,} names instead of {n_course:,}, and which names chance dealt: a text's "
        "interval is as wide as the table says."
    )


def _against_printed(found: dict[str, Any]) -> str:
    told = []
    for name, cell in ordered(found):
        if name in PRINTED:
            wanted, part = PRINTED[name]
            held = cell["course"]["dev"] if part == "dev" else cell["course"]["test"][0]
            told.append(f"{cell['title']} {held - wanted:+.4f}")
    return (
        "- **Against what is printed**, on the part it was printed for (less is better): "
        + ", ".join(told)
        + ". The learned bigram can reach the counts and not beat them by more than chance: it is "
        "the same table. The GPT's figure was printed for another split of the same names; "
        "there it reaches it ([measured](../characters/README.md))."
    )


def _norm(found: dict[str, Any]) -> list[str]:
    families = found["families"]
    if not {"char_mlp", "char_mlp_batchnorm"} <= families.keys():
        return []
    plain, normed = (families[name]["course"]["dev"] for name in ("char_mlp", "char_mlp_batchnorm"))
    told = (
        "- **Batch norm** lets the noise of a batch's mean and spread into every unit, and here "
        "there is little for it to mend: first weights are drawn so that signals neither grow nor "
        "fade, with the norm or without; the course's gain from 2.17 is over weights that were "
        "not. From small batches the noise costs: with 200 units, ten passes and a rate of .01 "
        "the normed perceptron had 2.111 on dev from batches of 256, 2.099 from batches of 1,024, "
        "and 2.094 without the norm. As the rungs are now, with 300 units, fifteen passes and "
        f"batches of 1,024, it has {normed:.4f} with the norm and {plain:.4f} without."
    )
    return [told]

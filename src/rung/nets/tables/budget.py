"""Say how much training a table gets: counts that follow from its rows, never the clock."""

from __future__ import annotations

from dataclasses import dataclass

from rung.typing import Settings

# A candidate plans its own passes, as a share of those of the budget, and ends them all: a training
# that is cut off while rates are high ends worse than a short one. The first is taken where training
# rows hold no inner split to choose on. Numbers are turned for half of them: where few rows vary
# in many ways, the narrow directions are noise. `muon` counts iterations, 0 for AdamW: five move all
# directions of a slope alike, but its small ones are mostly noise.
QUICK: tuple[Settings, ...] = tuple(
    {
        "learning_rate": rate,
        "weight_decay": decay,
        "dropout": dropout,
        "pieces": pieces,
        "turned": turned,
        "part": part,
        "muon": muon,
    }
    for rate, decay, dropout, pieces, turned, part, muon in (
        (0.02, 0.1, 0.0, 0.3, 1.0, 0.25, 2),
        (0.02, 0.1, 0.1, 1.0, 0.0, 0.25, 2),
        (0.01, 0.1, 0.0, 1.0, 0.0, 0.25, 0),
        (0.02, 0.3, 0.3, 0.3, 1.0, 0.25, 2),
    )
)
# Few rows may need more passes and less restraint, and can afford them where short trainings ask.
LONG: Settings = {
    "learning_rate": 0.02,
    "weight_decay": 0.02,
    "dropout": 0.0,
    "pieces": 1.0,
    "turned": 0.0,
    "part": 0.375,
    "muon": 5,
}
CALM: Settings = {
    "learning_rate": 1e-2,
    "weight_decay": 0.3,
    "dropout": 0.2,
    "pieces": 0.3,
    "turned": 0.0,
    "part": 1.0,
    "muon": 0,
}
MANY = 4_000
FEWEST_TO_CHOOSE = 200  # below, twenty held-out rows cannot tell


@dataclass(frozen=True)
class Budget:
    """State how much is spent on one set of training rows.

    Attributes
    ----------
    epochs, batch_rows : int
        Passes over the rows; rows of a step.
    width, n_blocks, n_members : int
        Size of the network.
    n_trial_members : int
        Members of the networks that settings are compared by.
    n_judges : int
        Inner splits on which settings are compared.
    candidates : tuple of mapping
        Settings that are compared; `part` is the share of the epochs that they take.
    longer : tuple of mapping
        Settings that are tried where the others are best at their ends.
    """

    epochs: int
    batch_rows: int
    width: int
    n_blocks: int
    n_members: int
    n_trial_members: int
    n_judges: int
    candidates: tuple[Settings, ...]
    longer: tuple[Settings, ...] = ()

    def epochs_of(self, candidate: Settings) -> int:
        """Return the passes that a candidate takes."""
        return max(round(self.epochs * float(candidate["part"])), 1)


def budget_for(n_rows: int) -> Budget:
    """Return the budget for so many training rows.

    Examples
    --------
    >>> budget_for(16_000).batch_rows, budget_for(60).batch_rows
    (256, 30)
    """
    if n_rows < FEWEST_TO_CHOOSE:
        half = max(n_rows // 2, 1)
        return Budget(
            max(12, n_rows // 4),
            half,
            width=32,
            n_blocks=1,
            n_members=8,
            n_trial_members=8,
            n_judges=0,
            candidates=(CALM,),
        )
    batch = min(max(1 << (n_rows // 16).bit_length(), 16), 256)
    epochs = max(8, round(_steps(n_rows) * batch / n_rows))
    return Budget(
        epochs=epochs,
        batch_rows=batch,
        width=64 if n_rows < 1_000 else 96 if n_rows < MANY else 128,
        n_blocks=1,
        n_members=8 if n_rows < MANY else 4,
        n_trial_members=8 if n_rows < MANY else 2,
        n_judges=1,
        candidates=QUICK,
        longer=() if n_rows >= MANY else (LONG,),
    )


def _steps(n_rows: int) -> float:
    """Return steps of a full training: as many as rows at first, then as their root."""
    return float(min(n_rows, 2_400, 1_000 * (n_rows / 1_000) ** 0.42))

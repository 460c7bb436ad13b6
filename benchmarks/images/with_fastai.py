"""Train fastai's xresnet18 on arrays of a file; run in an environment of its own that has fastai.

`python with_fastai.py DATA.npz OUT.json EPOCHS BATCH`: one thread, processor seconds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from fastai.vision.all import (
    Callback,
    DataLoaders,
    LabelSmoothingCrossEntropy,
    Learner,
    TfmdDL,
    xresnet18,
)


class Turned(Callback):
    """Turn a batch by a quarter turn or more, drawn anew each time."""

    def before_batch(self) -> None:
        """Turn what is learned from, not what is judged."""
        if self.training:
            k = int(torch.randint(0, 4, (1,)))
            self.learn.xb = (torch.rot90(self.xb[0], k, dims=(2, 3)),)


def main(path: str, out: str, epochs: int, batch: int) -> None:
    """Train, predict the held-out images in four poses, and write what it took."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    data = np.load(path)
    mean, spread = data["train"].mean(axis=(0, 2, 3)), data["train"].std(axis=(0, 2, 3))

    def scaled(pixels: np.ndarray) -> torch.Tensor:
        return torch.tensor((pixels - mean[:, None, None]) / spread[:, None, None])

    train = list(zip(scaled(data["train"]), torch.tensor(data["y_train"]), strict=True))
    held = list(zip(scaled(data["held"]), torch.tensor(data["y_held"]), strict=True))
    start, wall = time.process_time(), time.perf_counter()
    dls = DataLoaders(
        TfmdDL(train, bs=batch, shuffle=True, drop_last=True),
        TfmdDL(held, bs=128, shuffle=False),
    )
    model = xresnet18(n_out=int(data["y_train"].max()) + 1)
    learner = Learner(dls, model, loss_func=LabelSmoothingCrossEntropy(0.05), cbs=[Turned()])
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(epochs, 4e-3)
    trained = time.process_time() - start
    model.eval()
    with torch.inference_mode():  # the same four poses that the rung averages over
        x = torch.stack([each for each, _ in held])
        scores = sum(model(torch.rot90(x, k, dims=(2, 3))) for k in range(4)) / 4
    shares = torch.softmax(scores, dim=1).numpy()
    found = {
        "train_seconds": round(trained, 1),
        "processor_seconds": round(time.process_time() - start, 1),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        "parameters": sum(p.numel() for p in model.parameters()),
        "shares": shares.astype(float).round(7).tolist(),
    }
    Path(out).write_text(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

"""The ladder for text, one rung a file, found by scanning: a file that declares FAMILY is a rung.

What a family is
----------------
`FAMILY = Family(name=..., title=..., step=..., tasks=("language modelling",), inputs="text",
final="same", sources=(...), cross_fit=cross_fit, load=load, needs=("torch",))`.

What it gets
------------
`cross_fit(problem, folds, context)`: a `rung.text.problem.TextProblem`, its one split over units
(`problem.folds`), and a `Context`.

- `problem.train`, `.validation`, `.verdict` are `rung.text.passages.Passages`: one flat array
  `tokens` (uint8, uint16 or uint32; on disk if the file is large), and `starts`. Token 0 is the
  boundary. A passage is read alone: before its first token stands the boundary, and a context that
  reaches further back is filled with it (`passages.contexts(length, places)` does that). Lines end
  with token 0, which is predicted; in a stream token 0 is never predicted and its probability is
  zero (`vocabulary.first` is 1).
- `problem.context`: characters that the family may look back on at most. A stream's scored passages
  begin with that many characters that are read and not scored (unit -1).
- `context.rng("key", seed)` is the only source of randomness, `context.map(work, jobs)` the only
  way to spread work, and what makes a killed run resume; a job's value is plain data (arrays,
  numbers, dataclasses of rung).
- Learn from `train` only; choose settings, and when to stop, by `validation` only (refitting on
  both is not done: the verdict is about the models that were trained). Nothing may be learned from
  `verdict`: whatever stands there, the model stays the same to the bit.

What it returns
---------------
`CrossFit(predictions=(), settings=({...},), model=model, notes=(...),
unit_losses=(unit_losses(model, problem.verdict),), seed_scores=(...))`.

- `settings`: one mapping, JSON-ready: what was chosen (order, width, epochs, ...).
- `unit_losses`: from `rung.text.problem.unit_losses`; nats and characters of every unit.
- `seed_scores`: nats a character on the verdict's part of models of other seeds, if there are any;
  shown as their spread, apart from the interval.
- `model`: a `rung.text.problem.TextModel`: `predict(passages)` gives the log probability of each
  token, `start(n)` and `step(memory, tokens)` the distribution of the next token for n texts at
  once (memory is the model's own: the last tokens, a state, a cache of keys and values).
- `model.to_state()` and `FAMILY.load(state)`: all that the model is, as arrays; `load` checks every
  shape and value (`rung.prep.states`), as a file may be hostile.

Steps so far: uniform 0, unigram 100, bigram 200, ngram 300; networks follow from 400 on.
`NotApplicable("why")` skips the rung. `tests/families/text/laws.py` holds the laws that every rung
must pass: held-out text changes nothing, probabilities sum to one, steps agree with predictions,
a model saved and loaded is the same.
"""

BASELINE = "unigram"

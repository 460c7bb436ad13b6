# Everything happens in .venv, made by the first command that needs it.
PYTHON ?= python3
BIN := .venv/bin
DEMO := demo-run
WORKERS ?= 2
# What meets a library's interface: readers, trees and their conversion, whole runs, files, shell.
MAIN_TESTS := $(addprefix tests/, data check store trees report cli families) \
  tests/workbench/test_run.py tests/workbench/test_verbs.py tests/kinds

# No variable of OpenBLAS or OpenMP is set here: tests, demo and benchmarks run as they do for a
# user, and a run that does not hold its libraries to one thread is seen (tests/conftest.py).

.DEFAULT_GOAL := help
.PHONY: help demo test test-lowest test-frames lint format bench mutants docs site clean

help:  ## show these lines
	@echo "make COMMAND, where COMMAND is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-13s %s\n", $$1, $$2 }'
	@echo "PYTHON=python3.12 chooses another Python (3.11 or newer)."

# Its rows are opened again and again: the demo keeps out of your ledger, its folder counts.
demo: .venv/.runtime  ## climb the ladder on a real table; the report is demo-run/report.html
	$(BIN)/rung demo --out $(DEMO) --force

test: .venv/.dev  ## run all tests (WORKERS=4 for more at a time)
	$(BIN)/python -m pytest -n $(WORKERS)

test-lowest: .venv-lowest/.made  ## run the main tests with the lowest versions that are declared
	.venv-lowest/bin/python -m pytest -n $(WORKERS) $(MAIN_TESTS)

test-frames: .venv-frames/.made  ## run the tests of frames where pyarrow is not installed
	.venv-frames/bin/python -m pytest tests/data/test_frames.py tests/data/test_spelling.py

lint: .venv/.dev  ## check style, types and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev  ## lay the code out, and mend what can be mended safely
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/.dev  ## check that README, decisions and docstrings are still true
	$(BIN)/python -m pytest tests/test_docs.py

site: .venv/.dev  ## build the pages of docs as a site: build/site/index.html
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/site

bench: .venv/.runtime  ## time the ladder on seeded tables of growing size
	$(BIN)/python -m benchmarks.speed

mutants: .venv/.dev  ## change one line at a time, and count what the tests see (most of an hour)
	$(BIN)/python -m benchmarks.mutants --workers $(WORKERS) --write

clean:  ## remove what make, tests and the demo wrote
	rm -rf .venv .venv-* $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say what is installed; they are older than what they were made from when that changes.
.venv/.made:
	@command -v '$(PYTHON)' >/dev/null || { \
	  echo "there is no '$(PYTHON)'; rung needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "rung needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1);"; \
	  echo "name another one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' lacks its venv module; install it (often called python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/.runtime: .venv/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/.dev: .venv/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,deep,science,embed,site]'
	touch $@ .venv/.runtime

# Without pyarrow, and with what else the tests import.
.venv-lowest/.made: .venv/.made pyproject.toml constraints-lowest.txt
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints-lowest.txt -e '.[deep,export]' hypothesis pandas pytest pytest-xdist safetensors
	touch $@

.venv-frames/.made: .venv/.made pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-frames
	.venv-frames/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e . hypothesis pandas pytest
	touch $@

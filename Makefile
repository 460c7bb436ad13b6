# Everything happens in .venv, made by the first command that needs it.
PYTHON ?= python3
BIN := .venv/bin
DEMO := demo-run
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench docs clean

help:  ## show these lines
	@echo "make COMMAND, where COMMAND is one of"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-10s %s\n", $$1, $$2 }'
	@echo "PYTHON=python3.12 chooses another Python (3.11 or newer)."

demo: .venv/.runtime  ## climb the ladder on a real table; the report is demo-run/report.html
	$(BIN)/rung demo --out $(DEMO) --force

test: .venv/.dev  ## run all tests (WORKERS=4 for more at a time)
	$(BIN)/python -m pytest -n $(WORKERS)

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

bench: .venv/.runtime  ## time the ladder on seeded tables of growing size
	$(BIN)/python -m benchmarks.speed

clean:  ## remove what make, tests and the demo wrote
	rm -rf .venv $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
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
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,deep]'
	touch $@ .venv/.runtime

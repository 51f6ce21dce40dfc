# Everything sets itself up first: a fresh clone needs nothing but Python 3.11 or newer and make.

ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; \
  done)
endif
# Whoever sets it pays in every process for compiling revet anew: the suite starts thousands.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
# One more than there are cores: the longest tests wait for the provider, which waits for AWS.
WORKERS ?= 3
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=15

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-embedded test-full check format bench docs golden

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup: ## what the others do first; within a second when it is done already
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer: install one, or name it: make PYTHON=/path/to/python3" >&2; exit 3; }
	@"$(PYTHON)" scripts/setup.py

demo: setup ## the whole road, on a secure application stack
	@$(BIN)/revet demo

# `make check` runs the tests of the layout.
test: setup ## the test suite: everything fast, and one whole rehearsal
	@$(PYTEST) -m "not slow and not aws and (not embedded or rehearsal)" --ignore=tests/layout

test-embedded: setup ## the embedded AWS, small stacks on it, the basic resources' contracts
	@$(PYTEST) -m "embedded and not rehearsal and not slow and not aws"

test-full: setup ## all rehearsals and contracts, long differential runs, fuzzing
	@$(PYTEST) -m "not aws"

check: setup ## lint, format, types, imports, layout
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/layout

format: setup ## write the code as the formatter wants it
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

bench: setup ## the benchmarks, beside their peers
	@$(BIN)/python benchmarks/run.py

docs: setup ## write the generated pages anew and run the code of all pages
	$(BIN)/python scripts/update_docs.py
	@$(PYTEST) tests/docs

golden: setup ## write the golden files anew; look at the difference before you commit it
	@set -e; for script in scripts/update_golden*.py; do test ! -e "$$script" || $(BIN)/python "$$script"; done
	@git --no-pager diff --stat -- tests/golden

# The few words of this house; `make help` lists them.
#
# Only Python 3.11 or newer and make are needed.  What a word needs is set up in
# .venv, once: packages at the versions and hashes of requirements/*.txt, then this
# checkout itself.

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
            "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
            && { echo "$$p"; break; }; done)

DEMO_ARGS ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
LOCK_ARGS ?=
MUTANTS_ARGS ?= --sample 500 --seed 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo demo-once test test-long coverage mutants lint format types contracts \
        bench wheel-test lock clean

help:  ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.run  ## open the specimen books in Fava; prints the address and stays
	$(BIN)/beanscrow demo $(DEMO_ARGS)

demo-once: $(VENV)/.run  ## the same, but look at each page once and end
	$(BIN)/beanscrow demo --once $(DEMO_ARGS)

test: $(VENV)/.test  ## run the tests
	$(BIN)/pytest -n auto --dist loadfile $(PYTEST_ARGS)

test-long: $(VENV)/.test  ## run the tests that take minutes
	$(BIN)/pytest -m long $(PYTEST_ARGS)

coverage: $(VENV)/.test  ## run the tests and show the lines none of them reaches
	$(BIN)/pytest --cov --cov-report=term-missing:skip-covered $(PYTEST_ARGS)

mutants: $(VENV)/.dev  ## spoil lines of the engine and show what no test notices
	$(BIN)/python -m tests.mutants $(MUTANTS_ARGS)

lint: $(VENV)/.dev  ## look for slips and for lines that are not formatted
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(VENV)/.dev  ## mend what lint can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(VENV)/.dev  ## check types with mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright

contracts: $(VENV)/.dev  ## check that imports go down only
	$(BIN)/lint-imports

bench: $(VENV)/.test  ## measure the README's figures
	$(BIN)/python benchmarks $(BENCH_ARGS)

wheel-test: $(VENV)/.test  ## build, install in an empty environment, and use it there
	$(BIN)/python tests/house/prove_wheel.py

lock: $(VENV)/.dev  ## write requirements/*.txt anew (LOCK_ARGS=--upgrade for newer ones)
	$(call compile,dev,--group install --group test --group dev)
	$(call compile,test,--group install --group test -c requirements/dev.txt)
	$(call compile,run,--group install -c requirements/dev.txt)

compile = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
          --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
          $(LOCK_ARGS) $(2) --output-file requirements/$(1).txt pyproject.toml

clean:  ## remove what make and the tools have left here
	rm -rf $(VENV) build dist src/*.egg-info .coverage htmlcov
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# --- set-up: each stamp is as old as the last time it was done ------------------

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "beanscrow needs Python 3.11 or newer; none was" \
	  "found (make PYTHON=/path/to/python3 names one)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make" \
	  "a virtual environment; on Debian and Ubuntu install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON); this happens once" >&2
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The locks are complete, so nothing is resolved: a release of today changes nothing.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/.made
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/run.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt | $(VENV)/.run
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.test
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

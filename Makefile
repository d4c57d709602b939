# On a fresh machine: `make demo` sets up and runs the bundled study, `make test` sets up and passes the tests.
# Both need Python 3.11 or newer and make, nothing else. Set PYTHON to choose an interpreter: make PYTHON=python3.12 demo

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Some systems forbid bytecode; each process that a test starts would then compile the whole package again.
unexport PYTHONDONTWRITEBYTECODE
# Stamps: an environment is made again only when what it is made from has changed.
BASE   := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contract pytest docs bench wheelhouse test-minimum clean

help: ## list what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(BASE) ## set up, solve the bundled study, write its report
	@$(BIN)/landlink demo

# Checks and docs each keep one processor busy, so they go side by side; the tests take all, and their summary comes last.
test: $(DEV) ## set up, then every check, the docs and the tests
	@$(MAKE) --no-print-directory -j2 check docs
	@$(MAKE) --no-print-directory pytest

check: lint types contract ## style, types and the import contract

lint: $(DEV)
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check --quiet

types: $(DEV)
	$(BIN)/python -m mypy

contract: $(DEV)
	$(BIN)/lint-imports

# Tests of one file share what they solve, so a file stays with one worker (tests/conftest.py says which need not).
pytest: $(DEV)
	$(BIN)/python -m pytest -n auto --dist loadfile --durations 20

docs: $(DEV) ## build the docs into docs/_build/html
	$(BIN)/python -m sphinx -W --keep-going -q -j auto -b html docs docs/_build/html

bench: $(DEV) ## times, sizes and memory of this machine
	$(BIN)/python -m benchmarks

wheelhouse: $(BASE) ## every wheel needed to install without a network, into wheelhouse/
	$(BIN)/python -m pip wheel --quiet --wheel-dir wheelhouse .
	@echo "On the other machine: pip install --no-index --find-links wheelhouse landlink"

test-minimum: ## run the tests with the lowest versions of every dependency
	$(PYTHON) -m venv $(VENV)-minimum
	$(VENV)-minimum/bin/python -m pip install --quiet --disable-pip-version-check -c constraints/minimum.txt -e ".[dev]"
	$(VENV)-minimum/bin/python -m pytest

clean: ## remove the environments and what was built
	rm -rf $(VENV) $(VENV)-minimum build dist docs/_build wheelhouse

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "landlink needs Python 3.11 or newer; this is $$($(PYTHON) -V). Try: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(BASE): $(VENV)/.made pyproject.toml
	@echo "Installing landlink into $(VENV) (a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

# One installation for both stamps. Bytecode is made of what is imported, when it is: a tenth of what is installed.
$(DEV): $(VENV)/.made pyproject.toml
	@echo "Installing landlink, and what its tests and docs need, into $(VENV) (a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e ".[dev,docs]"
	@touch $(BASE) $@

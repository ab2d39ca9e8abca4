# The commands of the project. Each sets up what it needs; a second run reuses what is there.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv 2>/dev/null),.cache/uv/bin/uv)
PYTHON := .venv/bin/python
export PYTHONUTF8 := 1
export RASA_TELEMETRY_ENABLED := false

.PHONY: help setup run train test check format catalogs bench evaluate exchanges clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 18

setup: .venv/.complete compiled ## make .venv with everything in it

run: setup ## start the assistant and the estimator; Ctrl-C stops both
	@$(PYTHON) run.py

train: setup ## train the model, if none fits the data
	@$(PYTHON) -m bot train

test: setup ## run every test
	@bash .ci/system-packages
	@$(PYTHON) -m bot train
	@$(PYTHON) -m pytest

check: setup ## format, lint, types, rule data, catalogs, assistant's data
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m core check
	@$(PYTHON) -m core.catalogs check
	@$(PYTHON) -m bot validate

format: setup ## put the code into the project's format
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

catalogs: setup ## collect new sentences into the catalogs, and compile them
	@$(PYTHON) -m core.catalogs update
	@$(PYTHON) -m core.catalogs compile

bench: setup ## measure speed, as ratios within one run
	@for bench in tests/bench/bench_*.py; do $(PYTHON) $$bench || exit 1; done

evaluate: train ## measure the assistant on the held-out messages
	@$(PYTHON) -m tests.heldout.evaluate

exchanges: train ## write random exchanges in each language, to read
	@$(PYTHON) -m tests.tuning.exchanges

clean: ## remove everything that was made
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache locales/*/LC_MESSAGES/*.mo

.venv/.complete: pyproject.toml uv.lock .python-version | $(UV)
	@echo "Making .venv (the first time this downloads about a gigabyte) …"
	@$(UV) sync --locked --compile-bytecode
	@touch $@

# The Makefile's own uv, when the machine has none.
.cache/uv/bin/uv:
	@echo "Fetching uv …"
	@mkdir -p .cache
	@python3 -m venv .cache/uv && .cache/uv/bin/python -m pip install --quiet uv==$(UV_VERSION) \
	  || { rm -rf .cache/uv; python3 -m pip install --quiet --target .cache/uv uv==$(UV_VERSION); } \
	  || { rm -rf .cache/uv; echo "uv could not be fetched. Install it (or python3-venv) and try again." >&2; exit 1; }

.PHONY: compiled
compiled: locales/fi/LC_MESSAGES/messages.mo locales/sv/LC_MESSAGES/messages.mo

locales/%/LC_MESSAGES/messages.mo: locales/%/LC_MESSAGES/messages.po | .venv/.complete
	@$(PYTHON) -m core.catalogs compile
	@touch $@

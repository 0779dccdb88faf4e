# Everything this project needs is set up in .venv by the first target that needs it.

PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate \
	$(if $(filter 1,$(UPGRADE)),--upgrade) pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help setup test long browser failover chaos fuzz mutate bench audit sbom demo serve lock \
	openapi diagram pages traceability format clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Set up .venv from the lock; the other targets do so when they need it

test: $(READY) ## Check format, lint, types and layers, then run the tests (WORKERS=2)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

long: $(READY) ## Run the tests that take long: every person at every stage over HTTP, and more
	$(BIN)/pytest -n $(WORKERS) -m long

browser: $(READY) ## Press the mocks' links in a real browser (needs /usr/bin/chromium)
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements-browser.lock
	$(BIN)/pytest tests/browser -m browser

chaos: $(READY) ## Kill, restart, cut off and fill up both stores, and count what was lost (about 20 minutes)
	$(BIN)/pytest tests/chaos -m chaos -s

failover: $(READY) ## Kill the primary PostgreSQL again and again, and count what was lost (FAILOVERS=5)
	FAILOVERS=$(or $(FAILOVERS),5) $(BIN)/pytest tests/failover tests/scaled -m long -s

fuzz: $(READY) ## Ask what nobody would ask, 20,000 times, of both stores as two people (FUZZ_CASES=20000)
	FUZZ_CASES=$(or $(FUZZ_CASES),20000) $(BIN)/pytest tests/fuzz -m fuzz -s

mutate: $(READY) ## Change app/domain everywhere and see that a test fails; ONLY="app.domain.clocks*" picks some
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements-mutate.lock
	@PYTHONPATH=tests WORKERS=$(WORKERS) $(BIN)/python -m mutation $(ONLY)

bench: $(READY) ## Measure everything that is claimed, side by side; ONLY="finalise delivery" picks some
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements-bench.lock
	PYTHONPATH=tests $(BIN)/python -m bench $(ONLY) $(if $(filter 1,$(QUICK)),--quick)

audit: $(READY) ## Ask for known vulnerabilities of everything that the service installs
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements-supply.lock
	@$(BIN)/pip-audit --strict --disable-pip --progress-spinner off $(AUDIT) \
		--require-hashes --requirement requirements.lock || { \
		echo "The audit found something, or could not be made: where no list of vulnerabilities is above," \
			"no service that knows them answered, and nothing was audited. Run it where one does;" \
			"AUDIT='--vulnerability-service osv' asks another." >&2; exit 1; }

sbom: $(READY) ## Write what the service consists of to dist/sbom.json (CycloneDX)
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements-supply.lock
	@$(BIN)/python tests/sbom.py

demo: $(READY) ## Play both journeys between real processes; ONCE=1 ends after them
	$(BIN)/transfers demo $(if $(filter 1,$(ONCE)),--once)

serve: $(READY) ## Run the API and the relay
	$(BIN)/transfers serve

lock: $(READY) ## Write the lock files from pyproject.toml; UPGRADE=1 takes newer versions
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --output-file requirements-dev.lock
	$(LOCK) --group dev --group browser --output-file requirements-browser.lock
	$(LOCK) --group dev --group bench --output-file requirements-bench.lock
	$(LOCK) --group dev --group mutate --output-file requirements-mutate.lock
	$(LOCK) --group supply --output-file requirements-supply.lock

openapi: $(READY) ## Write the API's contract to openapi/
	$(BIN)/transfers openapi

diagram: $(READY) ## Draw the page of stages from the transition table
	$(BIN)/transfers diagram

pages: $(READY) ## Write docs/protocols from the councils' protocols
	$(BIN)/transfers protocol pages

traceability: $(READY) ## Write which tests prove which clause, and link those that docs name
	$(BIN)/python tests/traceability.py
	$(BIN)/python tests/named_tests.py

format: $(READY) ## Format the code and fix what the linter can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean: ## Remove .venv, caches and what the demo wrote
	rm -rf $(VENV) .transfers dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
		.grimp_cache .hypothesis mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements-dev.lock pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
			"Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up $(VENV) from requirements-dev.lock; the first time takes about a minute"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements-dev.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

# From a fresh clone: `make run` scores the fixture village, `make test` checks everything.
# Needed: make and Python 3.11 (with venv and pip). All else goes into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := run
.PHONY: run test soak bench bench-short clean

# Made once, and again when what it is made from changes; hashes hold every package to its file.
$(INSTALLED): requirements.txt pyproject.toml
	"$(PYTHON)" -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 is needed: make PYTHON=/path/to/python3.11")'
	"$(PYTHON)" -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: $(INSTALLED)
	$(BIN)/jifen-batch run --events fixtures/events --households fixtures/households.csv \
		--villages fixtures/villages.csv --redemptions fixtures/redemptions.csv \
		--rules configs/rules/baoshan-2023.toml --rules fixtures/rules \
		--as-of 2024-07-20 --out out/fixtures --top 5
	$(BIN)/jifen-batch explain --out out/fixtures --year 2023 TH-04

test: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -n 2 -q

# The oracle on other villages, broken inputs, other damage for verify, runs stopped anywhere:
# SEEDS=FIRST:LAST; a failing seed, given again, fails again.
SEEDS ?= 1000:9000
# Faults of publishing: all of them, or the sample of a seed, as `make test` takes that of seed 0.
FAULTS ?= all
soak: $(INSTALLED)
	SOAK_SEEDS=$(SEEDS) $(BIN)/pytest -n 2 -q --timeout 7200 tests/test_agreement.py tests/hostile \
		tests/verify/test_random_damage.py
	SOAK_FAULTS=$(FAULTS) $(BIN)/pytest -n 2 -q -o timeout=3600 tests/faults/test_kills.py \
		tests/faults/test_power.py tests/faults/test_failing.py tests/faults/test_two_runs.py

bench: $(INSTALLED)
	$(BIN)/pytest benchmarks -q --sizes 2000,20000,200000 --rounds 5 --benchmark-quiet --benchmark-autosave

# That the benchmarks run and their results agree, not how fast they are.
bench-short: $(INSTALLED)
	$(BIN)/pytest benchmarks -q --sizes 2000,20000 --rounds 1 --benchmark-quiet

clean:
	rm -rf .venv out build .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

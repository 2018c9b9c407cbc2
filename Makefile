# From a fresh clone: `make run` scores the fixture village, `make check` is the one-minute lane while one works,
# `make test` checks everything, `make soak` tries the long forms.
# Needed: make and Python 3.11 (with venv and pip). All else goes into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := run
.PHONY: compiled unprinted run lint check test suite test-stores test-cluster soak clean docs docs-check pictures wheelhouse bench bench-short bench-margin \
	bench-kernels bench-growth bench-books bench-villages bench-start bench-memory bench-commands bench-reconcile bench-duckdb

# Made once, and again when what it is made from changes; hashes hold every package to its file.
$(INSTALLED): requirements.txt pyproject.toml
	"$(PYTHON)" -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 is needed: make PYTHON=/path/to/python3.11")'
	"$(PYTHON)" -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# A process that finds no compiled program compiles it anew, each time where Python may write none: that is
# an eighth of what a village's run takes, and tests start a thousand.
compiled: $(INSTALLED)
	@$(BIN)/python -m compileall -q src

# The notices that it printed last time; a folder of notices is new or none.
unprinted:
	@rm -rf out/fixtures-notices

# From a clerk's workbook to the report and the draft of a notice; each line is a command of its own.
run: compiled unprinted
	$(BIN)/jifen-batch run --events fixtures/workbook/积分登记.xlsx --households fixtures/workbook/积分登记.xlsx \
		--villages fixtures/workbook/积分登记.xlsx --redemptions fixtures/workbook/积分登记.xlsx \
		--mapping fixtures/workbook/events.toml --mapping fixtures/workbook/households.toml \
		--mapping fixtures/workbook/villages.toml --mapping fixtures/workbook/redemptions.toml \
		--rules configs/rules/baoshan-2023.toml --rules fixtures/rules \
		--as-of 2024-07-20 --out out/fixtures --top 5
	$(BIN)/jifen-batch explain --out out/fixtures --year 2023 TH-04
	$(BIN)/jifen-batch report --out out/fixtures --to out/fixtures/report.html
	$(BIN)/jifen-batch announce --out out/fixtures --quarter 2023Q1 --dry-run --top 0 \
		--notices out/fixtures-notices --households fixtures/workbook/积分登记.xlsx --mapping fixtures/workbook/households.toml

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Forty villages of the oracle beside what needs no files: the house, kernels, rules and pencil cases.
CHECKED := tests/test_floors.py tests/test_docs.py tests/kernels tests/rules tests/oracle tests/test_oracle.py \
	$(wildcard tests/*/test_pencil*.py)
check: lint compiled
	$(BIN)/pytest -n 2 -q $(CHECKED) tests/test_agreement.py

# Lint and types beside the tests: they leave a core idle. A worker often waits, for a child or a library's
# thread, so that on two cores three are faster. Each takes a run of tests in their order, so that what a module
# makes once is made once, and some of another's when it is done.
WORKERS ?= 3
test: compiled
	@$(MAKE) --no-print-directory -j 2 lint suite
# What pytest makes of a test's file is kept for the next time, also where Python else keeps nothing.
suite: compiled
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(WORKERS) --dist worksteal -q

# Object stores at a server that speaks S3: what it needs quarrels with our own packages, so it has its own environment.
SERVED := .venv-moto/.installed
$(SERVED): requirements-moto.txt
	"$(PYTHON)" -m venv .venv-moto
	.venv-moto/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-moto.txt
	touch $@
test-stores: compiled $(SERVED)
	MOTO_SERVER=$(CURDIR)/.venv-moto/bin/moto_server $(BIN)/pytest -n 2 -q tests/stores/server

# Runs by workers of dask: in an environment of its own upon ours, so that everything else is tested without it.
# Of Spark, which is the cluster's own, where pyspark and Java are there.
CLUSTERED := .venv-cluster/.installed
$(CLUSTERED): $(INSTALLED) requirements-cluster.txt
	rm -rf .venv-cluster
	"$(PYTHON)" -m venv .venv-cluster
	$(BIN)/python -c 'import sysconfig; print("import site; site.addsitedir(\"" + sysconfig.get_path("purelib") + "\")")' \
		> $$(.venv-cluster/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/upon.pth
	.venv-cluster/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-cluster.txt
	touch $@
test-cluster: compiled $(CLUSTERED)
	.venv-cluster/bin/python -m pytest -n 2 --dist loadfile -q -rs tests/engine/cluster

# The oracle on other villages, broken inputs, two things that go wrong in one night, other damage for verify,
# mistakes planted in statements, histories, rule fields in counties of their own, runs stopped anywhere:
# SEEDS=FIRST:LAST; a failing seed, given again, fails again.
SEEDS ?= 0:8000
# Faults of publishing, and errors of libraries: all of them, or the sample of a seed, as `make test` takes that of seed 0.
FAULTS ?= all
# Rule books broken at random.
MUTANTS ?= 10000
soak: compiled
	SOAK_SEEDS=$(SEEDS) $(BIN)/pytest -n 2 -q --timeout 7200 tests/test_agreement.py tests/test_laws.py tests/hostile \
		tests/hunt tests/rules/test_fitted.py tests/verify/test_random_damage.py tests/reconcile/test_every_field.py \
		tests/test_peers.py tests/printed/test_notices.py
	SOAK_SEEDS=1:11 $(BIN)/pytest -n 2 -q --timeout 7200 tests/breaks/test_planted.py tests/announce/test_histories.py
	SOAK_MUTANTS=$(MUTANTS) $(BIN)/pytest -n 2 -q --timeout 7200 tests/rules/test_mutations.py
	SOAK_FAULTS=$(FAULTS) $(BIN)/pytest -n 2 -q -o timeout=3600 tests/faults/test_kills.py \
		tests/faults/test_power.py tests/faults/test_failing.py tests/faults/test_two_runs.py tests/faults/test_full_disk.py \
		tests/operators/test_canaries.py tests/stores/test_publishing.py

# The whole run, the floor and the peers in one table and one chart; both are committed with the page on speed.
BENCH := $(BIN)/pytest -q --benchmark-quiet
SIZES ?= 200,2000,20000,200000
ROUNDS ?= 5
# Small sizes take ten rounds, for their noise is a tenth; of the largest there are at most three.
bench: ROUNDS = 10
bench: compiled
	$(BENCH) benchmarks/test_run.py --sizes $(SIZES) --rounds $(ROUNDS) --record benchmarks/results.json \
		--benchmark-autosave
	PYTHONPATH=benchmarks $(BIN)/python benchmarks/chart.py
	$(MAKE) docs

# The short form of .ci/run: ratios at three sizes against benchmarks/baseline.json, which bench-margin records, and the
# kernels once.
bench-short: compiled
	$(BENCH) benchmarks/test_ratios.py benchmarks/test_kernels.py --sizes 2000 --rounds 1

# Twenty short forms; the limits follow from how far they lie apart. To be done on a quiet machine.
RUNS ?= 20
bench-margin: compiled
	PYTHONPATH=benchmarks $(BIN)/python benchmarks/margin.py $(RUNS)

# What was tried on the DuckDB peer, in turns, so that the fastest can be kept.
bench-duckdb: $(INSTALLED)
	rm -rf out/bench-duckdb
	$(BIN)/jifen-batch synth --households $(or $(HOUSEHOLDS),20000) --years 1 --seed 20230426 --out out/bench-duckdb
	PYTHONPATH=benchmarks:benchmarks/peers $(BIN)/python benchmarks/duckdb_variants.py out/bench-duckdb $(ROUNDS)

bench-kernels: $(INSTALLED)
	$(BENCH) benchmarks/test_kernels.py --sizes $(or $(HOUSEHOLDS),20000) --rounds $(ROUNDS)

# Each size is ten times the one before: 100 thousand, 1, 10 and 100 million events.
GROWTH ?= 2650,26500,265000,2650000
bench-growth: $(INSTALLED)
	$(BENCH) benchmarks/test_scaling.py -k growth --growth $(GROWTH) --rounds $(ROUNDS)

bench-books: $(INSTALLED)
	$(BENCH) benchmarks/test_scaling.py -k books --sizes $(or $(HOUSEHOLDS),50000) --rounds $(ROUNDS)

bench-villages: $(INSTALLED)
	$(BENCH) benchmarks/test_scaling.py -k villages --sizes $(or $(HOUSEHOLDS),50000) --rounds $(ROUNDS)

bench-start: compiled
	$(BENCH) benchmarks/test_scaling.py -k start

bench-memory: $(INSTALLED)
	$(BENCH) benchmarks/test_scaling.py -k memory --sizes $(or $(HOUSEHOLDS),2650000) --rounds $(ROUNDS)

# What the commands beside `run` take: two nights, announcements, an edit of the rules.
bench-commands: compiled
	$(BENCH) benchmarks/test_commands.py --sizes $(or $(HOUSEHOLDS),200000)

bench-reconcile: $(INSTALLED)
	$(BENCH) benchmarks/test_reconcile.py --sizes $(or $(HOUSEHOLDS),1000000)

# What the code knows is written into the pages, and the pages are built; `make docs-check` says whether they are current.
COG := POLARS_MAX_THREADS=1 PYTHONPATH=docs:benchmarks $(BIN)/python -m cogapp -U -I docs -p "import generate"
PAGES := $(wildcard README*.md CONTRIBUTING.md docs/*.md docs/*/*.md)
docs: $(INSTALLED)
	$(COG) -r $(PAGES)
	PYTHONPATH=docs $(BIN)/python -m generate.flow
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --clean

docs-check: $(INSTALLED)
	PYTHONPATH=docs $(BIN)/python -m generate.flow --check
	$(COG) --check --check-fail-msg "run make docs" $(PAGES)

# Pictures of printed notices change only where notices do; they are looked at before they are kept.
pictures: $(INSTALLED)
	PYTHONPATH=docs $(BIN)/python -m generate.pictures

# What a server without internet needs: the program with its pages, and its packages, held to their hashes.
wheelhouse: docs
	rm -rf build wheelhouse
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir wheelhouse .
	$(BIN)/pip download --quiet --disable-pip-version-check --require-hashes -r requirements-print.txt --dest wheelhouse
	$(BIN)/pip download --quiet --disable-pip-version-check --require-hashes -r requirements-cluster.txt --dest wheelhouse
	$(BIN)/pip download --quiet --disable-pip-version-check --require-hashes -r requirements-s3.txt --dest wheelhouse
	cp requirements-run.txt requirements-print.txt requirements-s3.txt requirements-cluster.txt wheelhouse/

clean:
	rm -rf .venv .venv-moto .venv-cluster out build wheelhouse src/jifen_batch/starter/site .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

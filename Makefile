# `make report` and `make test` do their own set-up from a bare clone; `make` alone lists everything.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
CAPTURE ?= samples/mcp-tls13.pcapng
REPORT ?= build/report.md
PYTEST_ARGS ?=
BENCH_ARGS ?=
FUZZ_ARGS ?=
SECONDS ?= 60
N ?= 1000
# Another one in every run, and told in what is said of faults.
SEED ?= $(shell echo $$RANDOM)
CHECKS ?= site types lint layers check-samples
# Many tests wait for something: one worker more than there are cores makes use of that.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist worksteal
# Make 3.81, which macOS has, prints what goes side by side as it comes.
BY_TARGET := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

CATALOGS := $(patsubst %.po,%.mo,$(wildcard pcap_report/locale/*/LC_MESSAGES/*.po))
# Only there once the tests bring Mermaid's parsers.
MERMAID := $(if $(wildcard tests/mermaid/package.json),tests/mermaid/node_modules/.ready)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What is built carries the time of the last commit, and is the same, byte for byte, wherever it is built (reproducible-builds.org).
# Without git it is a fixed time of hatchling's.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null)
ifneq ($(SOURCE_DATE_EPOCH),)
export SOURCE_DATE_EPOCH
endif

.PHONY: help
help: ## what can be made
	@echo 'make TARGET, where TARGET is one of:'
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: report
report: setup $(CATALOGS) ## analyze a sample capture (CAPTURE=…) and say where the report lies
	@mkdir -p $(dir $(REPORT))
	@$(BIN)/pcap-report analyze $(CAPTURE) -o $(REPORT)
	@echo 'The report lies in $(REPORT)'

# What needs one core each goes side by side; the tests take all there are, and come last, with pytest's summary.
.PHONY: test
test: setup $(CATALOGS) ## everything that CI runs: lint, types, layers, catalogs, tests (CHECKS='… check-wheel')
	@checks=0; $(MAKE) --no-print-directory --keep-going --jobs=2 $(BY_TARGET) $(CHECKS) || checks=$$?; \
	    $(MAKE) --no-print-directory --keep-going pytest pytest-compiled && exit $$checks

.PHONY: lint
lint: setup ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: setup ## mypy --strict
	$(BIN)/mypy

.PHONY: layers
layers: setup ## import-linter: imports point one way
	$(BIN)/lint-imports

.PHONY: check-samples
check-samples: setup $(CATALOGS) ## hold the samples against samples/expectations.yaml
	$(BIN)/pcap-report check 'samples/*.pcapng' --expect samples/expectations.yaml --quiet

.PHONY: pytest
pytest: setup chromium $(CATALOGS) $(MERMAID) ## only the tests (PYTEST_ARGS=…)
	$(PYTEST) $(PYTEST_ARGS)

# Apart from the tests, because tracing every line makes them several times slower.
.PHONY: coverage
coverage: setup chromium $(CATALOGS) $(MERMAID) ## the tests again, with coverage of branches
	PCAP_REPORT_PURE=1 $(PYTEST) $(PYTEST_ARGS) --cov

# atheris is fetched where it is wanted: it is large, and `make test` has the same questions without it.
.PHONY: fuzz
fuzz: setup $(CATALOGS) ## look for inputs that break a parser, guided by coverage (SECONDS=… for each, TARGETS=…)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install -qq 'atheris>=3'
	PCAP_REPORT_PURE=1 $(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(TARGETS)

.PHONY: fuzz-captures
fuzz-captures: setup $(CATALOGS) ## put spoiled captures through the whole program (N=…, SEED=…, FUZZ_ARGS=--ends or --shards)
	$(BIN)/python -m tests.fuzz.captures --count $(N) --seed $(SEED) $(FUZZ_ARGS)

.PHONY: fuzz-kills
fuzz-kills: setup $(CATALOGS) ## end the program at random moments and look at what is left (N=…, SEED=…)
	$(BIN)/python -m tests.fuzz.kills --count $(N) --seed $(SEED)

# mypyc makes C of the modules that run for every packet; what is there already and fits is kept.
.PHONY: compiled
compiled: setup ## compile what runs for every packet, which takes a C compiler and a minute: reading costs half
	$(BIN)/python tools/compile.py

# The rest of the tests asks the same of compiled modules as of their sources.
.PHONY: pytest-compiled
pytest-compiled: setup $(CATALOGS) ## the tests of what is compiled, compiled
	@$(BIN)/python tools/compile.py || [ $$? = 3 ]
	$(PYTEST) --quiet tests/engine tests/flow tests/analyzers/test_plugins.py tests/test_compiled.py

.PHONY: bench
bench: setup $(CATALOGS) ## measured beside tshark and other tools: build/bench.md (BENCH_ARGS='--sizes 1000 --rounds 1')
	@$(BIN)/python tools/compile.py || [ $$? = 3 ]
	$(BIN)/python -m tests.bench $(BENCH_ARGS)

.PHONY: kills
kills: setup $(CATALOGS) ## kill a batch at many moments (KILLS=40, SEED=…): nothing is lost, nothing is left behind
	PCAP_REPORT_KILLS=$(or $(KILLS),40) PCAP_REPORT_SEED=$(SEED) \
	    $(BIN)/pytest -n 0 -s tests/batch/test_batch_killed.py tests/batch/test_batch_dask.py

.PHONY: agree
agree: setup $(CATALOGS) ## hold our reports against other tools' (CAPTURES=…, a folder with captures and oracles)
	$(BIN)/python -m tests.agreement $(CAPTURES)

.PHONY: mcp-speed
mcp-speed: setup $(CATALOGS) ## how long every MCP tool takes, as a client sees it (CAPTURES=…, files)
	$(BIN)/python -m tests.mcp.latency $(or $(CAPTURES),$(CAPTURE))

.PHONY: mcp-budgets
mcp-budgets: setup $(CATALOGS) ## walk through all pages of all MCP answers, with several budgets (CAPTURES=…, files)
	$(BIN)/python -m tests.mcp.budgets $(or $(CAPTURES),$(CAPTURE))

.PHONY: mcp-versions
mcp-versions: setup $(CATALOGS) ## the MCP tests with the lowest and the newest SDK that pyproject.toml allows
	@tools/test-mcp-versions

.PHONY: tsharks
tsharks: setup $(CATALOGS) ## the same facts with other releases' tsharks, fetched with apt (TSHARKS='jammy --every')
	$(BIN)/python -m tests.tsharks $(TSHARKS)

.PHONY: gallery
gallery: setup chromium $(CATALOGS) ## write docs/gallery anew: reports of all samples, pictures of the README
	$(BIN)/python -m tests.gallery

.PHONY: format
format: setup ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: catalogs
catalogs: .venv/.ready ## take the messages of sources and templates into the catalogs, and compile them
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k msg -k msg_n:1,2 --no-location --sort-output --width=110 \
	    -o build/messages.pot .
	for po in pcap_report/locale/*/LC_MESSAGES/pcap_report.po; do \
	    $(BIN)/pybabel -q update -i build/messages.pot -o $$po -l $$(basename $$(dirname $$(dirname $$po))) \
	        --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=110; \
	done
	$(BIN)/python hatch_build.py

%.mo: %.po hatch_build.py .venv/.ready
	@$(BIN)/python hatch_build.py $<

.PHONY: site
site: setup $(CATALOGS) ## build the documentation into build/site, strictly: each link and anchor is looked at
	$(BIN)/python -m tools.site
	@echo 'The site lies in build/site/index.html'

.PHONY: reference
reference: setup ## write the pages below docs/ that come from the code, and the schemas, anew
	$(BIN)/python -m tools.reference
	$(BIN)/pcap-report schema > docs/report.schema.json
	$(BIN)/pcap-report schema --expectations > docs/expectations.schema.json

.PHONY: wheel
wheel: setup ## build the sdist and the wheel into dist/
	@rm -rf dist
	$(BIN)/hatchling build -t sdist -t wheel

.PHONY: check-wheel
check-wheel: wheel tshark ## build again elsewhere and compare; use the wheel in an empty environment as the README says
	@tools/check-reproducible dist
	@tools/check-wheel dist/*.whl $(CAPTURE)

.PHONY: check-hook
check-hook: setup ## try the pre-commit hook on a repository of its own (what is committed here; needs a package index)
	@tools/check-hook

.PHONY: install-paths
install-paths: wheel tshark ## install wheel and sdist with pip, pipx and uv, each in an empty place, and read a capture
	@tools/install-paths dist $(CAPTURE)

.PHONY: sbom
sbom: setup ## write what the program is installed with as CycloneDX: build/sbom.json
	@mkdir -p build
	@tools/make-sbom build/sbom.json

.PHONY: lock
lock: COMPILE := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --custom-compile-command 'make lock' --quiet
lock: ## renew requirements/*.txt from pyproject.toml, rivals.in and release.in (needs uv; LOCK_ARGS=--upgrade)
	uv pip compile pyproject.toml --group dev $(COMPILE) --output-file requirements/dev.txt $(LOCK_ARGS)
	uv pip compile requirements/rivals.in $(COMPILE) --output-file requirements/rivals.txt $(LOCK_ARGS)
	uv pip compile requirements/release.in $(COMPILE) --output-file requirements/release.txt $(LOCK_ARGS)

.PHONY: setup
setup: tshark .venv/.ready ## tshark and .venv, without running anything

.PHONY: tshark
tshark:
	@tools/ensure-tshark

.PHONY: chromium
chromium:
	@tools/ensure-chromium

.venv/.ready: pyproject.toml hatch_build.py requirements/dev.txt tools/ensure-venv
	@tools/ensure-venv
	@touch $@

tests/mermaid/node_modules/.ready: tests/mermaid/package.json $(wildcard tests/mermaid/package-lock.json)
	@tools/ensure-mermaid

.PHONY: clean
clean: ## remove what was built and what tools left behind, .venv included
	rm -rf .venv build dist htmlcov tests/mermaid/node_modules $(CATALOGS)
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -maxdepth 5 -name '*.so' -delete; rm -f pcap_report/compiled.txt

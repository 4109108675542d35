# `make help` lists the targets and their settings.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
SHELL := bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9

DISCLOSURES ?= disclosures
WAREHOUSE ?= warehouse.duckdb
EXPORT ?= export
POSTGRES ?=
JOBS ?=
STRICT ?=
REBUILD ?=
DOCUMENTS ?= 200
ROUNDS ?= 100
SIZES ?= 1000
FORGED ?= .build/forged
DOCS ?=
export DOCS
export DISCLOSURES WAREHOUSE EXPORT POSTGRES JOBS STRICT REBUILD
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
# Where no bytecode is kept, every build compiles its libraries anew: 15 seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help build test ocr spark export dashboard query trace bi cookbook notebook sql unknown accuracy bench bench-formats bench-builds bench-queries crash docs lint format lock clean

help: ## list the targets and settings
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16
	@echo
	@echo "settings: DISCLOSURES=dir (default disclosures/)  WAREHOUSE=file (default warehouse.duckdb)"
	@echo "          JOBS=n (default: all cores)             STRICT=1 (open findings of severity error fail the build)"
	@echo "          REBUILD=1 (work every document anew)    BATCH_DOCUMENTS=n (default 1000)   MODEL_MEMORY_MB=n (default 1300)"
	@echo "          SQL=\"select …\" or FILE=….sql           ROWS=n or all   FORMAT=table, records or csv"
	@echo "          CELL=cell_id                            EXPORT=dir (default export/)"
	@echo "          DASHBOARD=dir (default dashboard_site/) POSTGRES=postgresql://user:password@host/database"
	@echo "          DOCUMENTS=n (accuracy, default 200)     ROUNDS=n (crash, default 100)"
	@echo "          SIZES=\"1000 10000\" (bench, default 1000) FORGED=dir (bench, default .build/forged)"
	@echo "          WORK=dir (default .build/)   NO_COLOR=1   DOCS=dir (default docs_site/)"
	@echo "all settings of a command: $(BIN)/python -m pipeline.build --help (query, trace, unknown; exports, dashboard.build, handbook.build)"

build: $(VENV)/.installed$(if $(filter spark,$(TARGET)),-spark) ## read the disclosures, build, check and publish the warehouse (TARGET=spark: docs/scale.md)
	@$(BIN)/python -m $(if $(filter spark,$(TARGET)),distributed,pipeline).build

test: $(VENV)/.installed-dev $(VENV)-sql/.installed ## run every test
	@$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST_ARGS)

ocr: $(VENV)/.installed-ocr ## install what recognises scanned pages (optional, 200 MB)

spark: $(VENV)/.installed-dev $(VENV)/.installed-spark ## run the models on Apache Spark too and compare every mart with DuckDB (DISCLOSURES=dir or DOCUMENTS=n made ones; needs Java 17)
	@$(BIN)/python -m tests.spark.parity $(if $(filter file,$(origin DOCUMENTS)),,--documents $(DOCUMENTS))

export: $(VENV)/.installed ## write Excel, CSV, Parquet and DuckDB to EXPORT=dir, load POSTGRES=url; personal data masked
	@$(BIN)/python -m exports

query: $(VENV)/.installed ## run SQL="…" or FILE=analyses/….sql on the published warehouse, read-only
	@$(BIN)/python -m pipeline.query

sql: $(VENV)/.installed ## open the published warehouse in a terminal client, read-only
	@test ! -t 0 -o ! -f "$(WAREHOUSE)" -o $(VENV)-sql/.installed -nt requirements-sql.lock || \
	  { echo "正在安装查询终端 harlequin（只在第一次）…"; \
	    $(MAKE) --no-print-directory $(VENV)-sql/.installed || \
	    echo "没有装上，改用简单的提示符。"; } >&2
	@SQL_CLIENT=$(VENV)-sql/bin/harlequin $(BIN)/python -m pipeline.query --prompt

trace: $(VENV)/.installed ## print where a number comes from, with its page as a picture (CELL=…, a cell_id)
	@$(BIN)/python -m pipeline.trace

dashboard: $(VENV)/.installed ## write the warehouse as static pages that open from disk
	@$(BIN)/python -m dashboard.build

cookbook: $(VENV)/.installed ## write docs/cookbook.md: the questions of analyses/ with the answers of a warehouse of the samples
	@$(BIN)/python -m pipeline.cookbook

unknown: $(VENV)/.installed ## list titles, labels and units that no seed knows
	@$(BIN)/python -m pipeline.unknown

accuracy: $(VENV)/.installed-dev ## measure amounts read rightly and errors found on made disclosures (DOCUMENTS=n)
	@$(BIN)/python -m tests.bench.accuracy --documents $(DOCUMENTS)
	@$(BIN)/python -m tests.bench.errors --documents $(DOCUMENTS)
	@$(BIN)/python -m tests.bench.errors --documents $(DOCUMENTS) --errors 2

bench: bench-formats bench-builds bench-queries ## measure readers, builds of SIZES made documents and auditors' queries; docs/performance.md

bench-formats: $(VENV)/.installed-dev $(VENV)-bench/.installed ## readers beside other libraries
	@$(BIN)/python -m tests.bench.speed --documents 2
	@$(BIN)/python -m tests.bench.report

bench-builds: $(VENV)/.installed-dev ## builds of SIZES made documents; those of the same code are not measured again
	@$(BIN)/python -m tests.bench.scale --cache $(FORGED) --sizes $(SIZES)
	@$(BIN)/python -m tests.bench.report

bench-queries: $(VENV)/.installed-dev ## auditors' queries on WAREHOUSE, or on the builds that were measured
	@for warehouse in $(if $(filter file,$(origin WAREHOUSE)),$(SIZES:%=$(FORGED)/%.duckdb),$(WAREHOUSE)); do \
	  $(BIN)/python -m tests.bench.queries $$warehouse --work .build/bench || exit; done
	@$(BIN)/python -m tests.bench.report

crash: $(VENV)/.installed-dev ## kill builds, exports and dashboards ROUNDS=n times at any moment (default 100), damage, fill disks
	@$(BIN)/python -m tests.bench.crash --rounds $(ROUNDS) --scenes

notebook: $(VENV)/.installed-dev ## run notebooks/worked_example.ipynb on a warehouse of the samples, write it as a page, too
	@$(BIN)/python -m pipeline.notebook

bi: $(VENV)/.installed-dev ## try Apache Superset on WAREHOUSE in an environment of its own (700 MB, docs/bi.md)
	@$(BIN)/python -m tests.bi.superset --picture

docs: $(VENV)/.installed ## write rules, tables, terms and pictures as static pages that open from disk
	@$(BIN)/python -m handbook.build

lint: $(VENV)/.installed-dev ## check style and types of Python and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	WAREHOUSE_BUILD=:memory: DBT_TARGET_PATH=.build/lint DBT_LOG_PATH=.build/lint \
	  $(BIN)/sqlfluff lint --processes 0 models

format: $(VENV)/.installed-dev ## format the Python
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## lock the dependencies anew
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --python-version 3.11 --extra ocr --constraint requirements-dev.lock \
	  pyproject.toml -o requirements-ocr.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --python-version 3.11 --group pyproject.toml:sql -o requirements-sql.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --python-version 3.11 --group pyproject.toml:bench -o requirements-bench.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --python-version 3.11 --extra spark --constraint requirements-dev.lock \
	  pyproject.toml -o requirements-spark.lock

clean: ## remove everything that a build can make again; the published warehouse stays
	rm -rf .build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f $(basename $(WAREHOUSE)).checks.html $(basename $(WAREHOUSE)).unsound.html

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "需要 Python 3.11 (Python 3.11 is needed): make … PYTHON=python3.11" >&2; exit 2; }
	@echo "首次使用，建立 $(VENV)，约一分钟 … setting up $(VENV), once" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# uv is ten times faster than pip; where it cannot reach the registry (certificates
# or an index known to pip alone) pip installs the same lock.
define install
echo "安装依赖 installing $(1) …" >&2; \
$(BIN)/uv pip install --quiet --python $(or $(2),$(VENV))/bin/python --require-hashes -r $(1) || \
  $(BIN)/python -m pip --python $(or $(2),$(VENV))/bin/python install --quiet \
  --disable-pip-version-check --require-hashes -r $(1)
endef

$(VENV)/.installed: requirements.lock | $(BIN)/uv
	@test -f $(VENV)/.installed-dev -a requirements-dev.lock -ot $(VENV)/.installed-dev || \
	  { $(call install,requirements.lock); }
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock | $(BIN)/uv
	@$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.installed

# Beside the other locks, never instead of them: it has all that a build needs.
$(VENV)/.installed-ocr: requirements-ocr.lock | $(VENV)/.installed
	@$(call install,requirements-ocr.lock)
	@touch $@

# The terminal client wants other versions of some libraries than the pipeline.
$(VENV)-sql/.installed: requirements-sql.lock | $(BIN)/uv
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)-sql
	@$(call install,requirements-sql.lock,$(VENV)-sql)
	@touch $@

# What other libraries need never comes near a build.
$(VENV)-bench/.installed: requirements-bench.lock | $(BIN)/uv
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)-bench
	@$(call install,requirements-bench.lock,$(VENV)-bench)
	@touch $@

# Beside the other locks as well; 450 MB, and Java 17 is needed.
$(VENV)/.installed-spark: requirements-spark.lock | $(VENV)/.installed
	@$(call install,requirements-spark.lock)
	@touch $@

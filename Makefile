# Kefu: chat logs to a reviewed LoRA adapter. `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3.11
BOOT := $(shell command -v $(PYTHON) || command -v python3)
VENV := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR)
export GX_ANALYTICS_ENABLED := false
export DVC_NO_ANALYTICS := 1
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := 1
export DS_ACCELERATOR := cpu
export OMP_WAIT_POLICY := PASSIVE
PROFILE ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo simulate report test test-fast faults lint up down status check backup restore collect repro sample bench-masking bench-training bench-incremental lock clean purge

help:  ## this list
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup:  ## .venv, packages, keys, logins, base model, DeepSpeed's operators; a second call takes seconds
	@test -n "$(BOOT)" || { echo "error: there is no $(PYTHON); install Python 3.11, or make setup PYTHON=/path/to/it"; exit 2; }
	@"$(BOOT)" -m pipelines.bootstrap

demo: setup  ## a real Airflow run from the sample logs to a registered adapter; PROFILE=tiny for a quick one
	@python -m pipelines demo $(if $(PROFILE),--profile $(PROFILE))

simulate: setup  ## WEEKS=6 weeks of the sample company through the real DAG, in a clone and on servers of their own
	@python -m pipelines simulate $(if $(WEEKS),--weeks $(WEEKS)) $(if $(PROFILE),--profile $(PROFILE))

report:  ## open the newest run's report
	@if [ -x $(VENV)/python ]; then python -m pipelines report; else echo "nothing is installed: make setup"; fi

test: setup  ## every test, one end-to-end run included
	@python -m pytest

test-fast: setup  ## the tests without the end-to-end run
	@python -m pytest -m "not e2e"

faults: setup  ## kill and starve real runs, an hour or more; the table goes into docs/faults.md
	@python -m pytest tests/faults -m faults

lint: setup  ## ruff and mypy
	@ruff check . && ruff format --check . && mypy

up: setup  ## start Airflow and MLflow on 127.0.0.1; PROFILE=cluster: with two workers, PostgreSQL, Redis, S3
	@python -m pipelines up $(if $(PROFILE),--profile $(PROFILE))

down:  ## stop what `up` and `demo` started
	@if [ -x $(VENV)/python ]; then python -m pipelines down; else echo "nothing is installed, nothing runs"; fi

status:  ## which servers run, and where
	@if [ -x $(VENV)/python ]; then python -m pipelines status; else echo "nothing is installed: make setup"; fi

check:  ## do all servers live? tells what does not, once; RESTART=1 starts again what has died
	@$(VENV)/python -m pipelines check $(if $(RESTART),--restart)

backup:  ## databases, artifacts, keys, runs into one archive; TO=file, ALL=1 with restricted area and data, VAULT=1 with the vault
	@python -m pipelines backup $(if $(TO),--to $(TO)) $(if $(ALL),--restricted --data) $(if $(VAULT),--restricted --vault)

restore:  ## FROM=archive into an installation that has nothing yet, every hash checked
	@test -n "$(FROM)" || { echo "error: say which archive: make restore FROM=kefu-backup-....tar"; exit 2; }
	@python -m pipelines restore $(FROM)

collect:  ## remove what no version and no young run needs; DRY=1 only shows it
	@python -m pipelines collect $(if $(DRY),--dry-run)

repro: setup  ## all stages in this checkout, without Airflow
	@python -m pipelines pin-packages && dvc repro

sample: setup  ## generate the sample company's logs anew (same seed, same bytes)
	@python -m pipelines sample

bench-masking: setup  ## accuracy and speed of masking, ten minutes; the tables go into docs/masking.md
	@python bench/masking.py

bench-training: setup  ## this trainer beside Trainer and trl, 20 minutes; TRL=folder with trl; tables into docs/training.md
	@python bench/train.py --page $(if $(TRL),--trl $(TRL))

bench-incremental: setup  ## what one more week costs, by number of weeks, half an hour; tables into docs/incremental.md
	@python bench/incremental.py

lock:  ## requirements.txt from requirements.in
	@$(VENV)/python -m pipelines.lock

clean: down  ## remove what stages and tools wrote into this checkout; keys, models, registry, remote stay
	@rm -rf data/ingested data/masked data/deduped data/curated data/split data/synthesized data/adapters \
	  data/evaluation data/metrics data/checks dvc.lock .mypy_cache .ruff_cache .hypothesis

purge: clean  ## remove .venv and .kefu too, with keys, restricted area, registry and remote; asks first
	@read -r -p "This removes every key, model version and table of this checkout. Type purge to go on: " said; \
	  if [ "$$said" = purge ]; then rm -rf .venv .kefu; git worktree prune; else echo "nothing was removed"; fi

# Two commands on a fresh machine: `make demo` and `make test`. Everything lands in .venv and out/.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
LABEL_STUDIO := .venv-label-studio/.installed

.DEFAULT_GOAL := help
.PHONY: help setup label-studio demo model test test-all check format tree rules-version notebooks bench clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP)  ## make .venv with everything

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt --editable '.[dev]'
	touch $@

label-studio: $(LABEL_STUDIO)  ## a Label Studio server in a venv of its own, for its tests

$(LABEL_STUDIO): constraints-label-studio.txt
	$(PYTHON) -m venv .venv-label-studio
	.venv-label-studio/bin/python -m pip install --quiet --upgrade pip
	.venv-label-studio/bin/python -m pip install --quiet -c constraints-label-studio.txt label-studio
	touch $@

demo: $(STAMP)  ## train on the fictional reports, score on held-out districts, extract: out/demo/
	$(BIN)/zhibiao demo

# What the recommended model learns from; `make model CORPUS=... GOLD="a.jsonl b/"` names your own.
CORPUS ?= ../shared/corpus/reports_core.jsonl.gz
GOLD ?= ../shared/seeds ../shared/annotated data/gold.jsonl

model: $(STAMP)  ## train the recommended model into models/latest: silver by rules, then gold
	$(BIN)/zhibiao annotate silver $(CORPUS) -o build/silver.jsonl $(GOLD:%=--without-gold %)
	$(BIN)/zhibiao train training/configs/silver.toml --resume
	$(BIN)/zhibiao train training/configs/recommended.toml --resume $(GOLD:%=--gold %)

test: $(STAMP)  ## the fast tests (a newcomer's, under 5 minutes)
	$(BIN)/pytest -q -n 2

test-all: $(STAMP) $(LABEL_STUDIO)  ## all tests: slow ones and those in Chromium and Label Studio too
	$(BIN)/pytest -q -m 'not labelstudio and not ray' -n 2
	$(BIN)/pytest -q -m ray
	$(BIN)/pytest -q -m labelstudio

check: $(STAMP)  ## format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)  ## rewrite the sources in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

tree: $(STAMP)  ## rewrite the tree of files in both READMEs
	$(BIN)/python docs/tree.py

rules-version: $(STAMP)  ## raise the version of the rules where they give other records than before
	$(BIN)/python docs/rules_version.py

notebooks: $(STAMP)  ## run the notebooks and keep what they show
	$(BIN)/python docs/notebooks.py notebooks/*.ipynb

bench: $(STAMP)  ## speed and memory against public baselines (needs ../shared/corpus)
	$(BIN)/python -m benchmarks.rules ../shared/corpus/reports_core.jsonl.gz

clean:  ## remove what the targets made
	rm -rf .venv .venv-label-studio out

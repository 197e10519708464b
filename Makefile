# Every target brings what it needs and says so. `make` alone prints this list.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(or $(shell command -v python3.11),python3)
DEMO ?= primary
BIN := .venv/bin
UV := .tools/bin/uv
FACE := src/schoolgate/web/static/build/schoolgate.css

.PHONY: help
help: ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: up
up: .venv/.ready $(FACE) ## start a demonstration school and print its addresses (DEMO=early-years for a nursery)
	@$(BIN)/schoolgate up --demo $(DEMO) --dir var/$(DEMO)

.PHONY: test
test: .venv/.ready $(FACE) ## run all tests, a real browser among them
	@scripts/need chromium chromium || echo "Without it the tests in a browser are skipped (in CI they fail)."
	@$(BIN)/pytest

.PHONY: check
check: .venv/.ready $(FACE) ## format, lint, types, import contracts, migrations, templates
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; exit 1; }; rm -f .lint-imports.log
	@umask 077; export SCHOOLGATE_DIR=$$(mktemp -d) SCHOOLGATE_SECRET_KEY=only-for-this-check-and-longer-than-fifty-characters-1234; \
	 export SCHOOLGATE_SAFEGUARDING_PHONE=01632960001 SCHOOLGATE_SOCIAL_CARE_PHONE=01632960002 SCHOOLGATE_CHAIR_PHONE=01632960003; \
	 $(BIN)/schoolgate manage makemigrations --check --dry-run --verbosity 0; \
	 $(BIN)/schoolgate manage check --fail-level WARNING > /dev/null; \
	 rm -r "$$SCHOOLGATE_DIR"
	@$(BIN)/djlint src/schoolgate/web --lint --quiet
	@$(BIN)/mypy
	@echo "check: all well"

.PHONY: bench
bench: .venv/.ready $(FACE) ## measure against peers in the same run (Squid, nginx and wrk from Debian)
	@scripts/need squid squid-openssl nginx nginx-light wrk wrk chromium chromium
	@$(BIN)/python -m bench

.PHONY: format
format: .venv/.ready ## format the code
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

.PHONY: setup
setup: .venv/.ready $(FACE) ## only bring what is needed, and start nothing

.PHONY: lock
lock: .tools/bin/uv ## pin the newest versions that are at least seven days old
	@compile="$(UV) pip compile --quiet --universal --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --exclude-newer $$(date -u -d '7 days ago' +%F)"; \
	$$compile pyproject.toml -o locks/gate.txt; \
	$$compile pyproject.toml --extra web -c locks/gate.txt -o locks/school.txt; \
	$$compile pyproject.toml --extra web --group dev -c locks/school.txt -o locks/dev.txt; \
	echo uv | $$compile - -o locks/uv.txt

.PHONY: clean
clean: ## remove what was built and installed here, never a school's data in var/
	rm -rf .venv .tools node_modules src/schoolgate/web/static/build .mypy_cache .ruff_cache .hypothesis

# ── What the targets above stand on ─────────────────────────────────────────
.tools/bin/uv: locks/uv.txt
	@echo "Installing uv into .tools"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action ignore --upgrade --target .tools --require-hashes -r locks/uv.txt
	@touch $@

.venv/.ready: .tools/bin/uv locks/dev.txt pyproject.toml
	@echo "Installing Python packages into .venv"
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --require-hashes locks/dev.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.ready: .venv/.ready package-lock.json
	@echo "Installing the face's packages into node_modules"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-fund --no-audit --loglevel error
	@touch $@

$(FACE): node_modules/.ready package.json $(shell find src/schoolgate/web/components src/schoolgate/web/static -path '*/build' -prune -o -type f -print 2>/dev/null)
	@echo "Building the face"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	@touch $@

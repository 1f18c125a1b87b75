# Everything a checkout needs. Each command does its own set-up first, on a machine with Python 3.11 and make.

PYTHON ?= python3
BROWSERS := chromium chromium-browser google-chrome

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test lint shots lock browser

help: ## this list
	@echo 'Akkoord, a consent-capture frontend kit.'
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'The first command sets up .venv, which takes a minute. Then .venv/bin/akkoord --help tells the rest.'

demo: .venv/ready ## the kit with sample forms, a company site that embeds them and an inbox; ends with Ctrl-C
	@.venv/bin/akkoord demo

serve: .venv/ready ## the production server, as the AKKOORD_ settings of the environment say
	@.venv/bin/akkoord serve

test: lint browser ## lint, then every test; installs the browser that the tests drive where there is none
	@.venv/bin/pytest

lint: .venv/ready ## style, types, and imports that run downstairs only
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check . || { echo 'Run .venv/bin/ruff format, and look at what it did.' >&2; exit 1; }
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo

shots: .venv/ready browser ## the README's pictures, taken from the running product
	@.venv/bin/python -m tests.browser.shots

# Versions already locked are kept while they fit; for the newest of everything, delete the lock first.
lock: ## requirements.lock anew, after a change of the dependencies in pyproject.toml
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; \
	"$$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools; \
	"$$tools/bin/pip-compile" --quiet --all-extras --generate-hashes --allow-unsafe --strip-extras --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.lock pyproject.toml

# Only the lock decides what is in .venv, so nothing else makes it anew. Wheels only: a source distribution would
# bring build tools that no hash vouches for.
# The command is a script of two lines over a path file, not an editable install: in the wheel app/ is renamed to
# akkoord/, and hatchling refuses an editable install of a renamed folder. -P keeps the folder that the command is
# called from off the import path.
.venv/ready: requirements.lock
	@$(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo 'Akkoord needs Python 3.11 or newer, with its venv module (on Debian: apt-get install python3-venv).' >&2; exit 1; }
	@echo 'Setting up .venv from requirements.lock ...'
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.lock
	@echo "$(CURDIR)" > "$$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/checkout.pth"
	@printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m app "$$@"\n' "$(CURDIR)" > .venv/bin/akkoord
	@chmod +x .venv/bin/akkoord
	@touch $@

browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ]; then as_root=; elif [ -t 0 ]; then as_root=sudo; else as_root='sudo -n'; fi; \
	echo 'Installing Chromium with apt-get, because the tests drive a real browser ...'; \
	$$as_root apt-get update -qq >/dev/null && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
	    chromium fonts-liberation >/dev/null || { \
	    echo 'Could not install it: install Chromium (Debian: apt-get install chromium) and try again.' >&2; exit 1; }

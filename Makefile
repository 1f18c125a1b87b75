# Everything a checkout needs. Each command does its own set-up first, on a machine with Python 3.11 and make.

PYTHON ?= python3
BROWSERS := chromium chromium-browser google-chrome

# Images of containers often set it. Without the bytecode of the tests each worker takes 14 more seconds to collect them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test test-fast all-tests fast-tests faults planted postfix lint lint-score format docs wheel shots bench instructions lock browser shell strace valgrind npm frameworks

help: ## this list
	@echo 'Akkoord, a consent-capture frontend kit.'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'The first command sets up .venv, which takes a minute. Then .venv/bin/akkoord --help tells the rest.'
	@echo 'The first command that needs the tools of the tests adds them to it.'

demo: .venv/ready ## the kit with sample forms, a company site that embeds them and an inbox; ends with Ctrl-C
	@.venv/bin/akkoord demo

serve: .venv/ready ## the production server, as the AKKOORD_ settings of the environment say
	@.venv/bin/akkoord serve

# Types are checked while the tests run: mypy keeps one core busy, and some tests wait for processes that start.
test: shell strace valgrind frameworks .venv/complete ## lint and every test; installs the browser, strace, Valgrind and npm where there are none
	@$(MAKE) --no-print-directory --jobs=2 lint all-tests

test-fast: .venv/complete ## lint and all tests without browsers, servers and faults: before each commit
	@$(MAKE) --no-print-directory --jobs=2 lint fast-tests

# Files of the tests in memory where there is room: a commit waits for no disk (89 tests of pages: 26 to 17 s). That
# the product waits for the disk is seen by tests that trace its system calls.
IN_MEMORY = $(shell [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 3000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)

# One process more than there are cores: a third of the time a test waits, for a browser, a server or a clock. Each begins
# with a stretch of its own, which needs few of the servers and browsers that tests share, and takes over from the
# others' ends when it is done (worksteal).
WORKERS = $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

all-tests: .venv/complete
	@env $(IN_MEMORY) .venv/bin/pytest --numprocesses $(WORKERS) --dist worksteal

fast-tests: .venv/complete
	@env $(IN_MEMORY) .venv/bin/pytest --numprocesses auto --dist worksteal \
	    --ignore tests/browser --ignore tests/server --ignore tests/demo --ignore tests/faults \
	    --ignore tests/delivery/test_faults_of_the_set_up.py --ignore tests/benchmarks

faults: .venv/complete strace ## kills, full disks, lost databases and mail servers, in full: a quarter of an hour
	@FAULTS=full .venv/bin/pytest tests/faults

planted: .venv/complete ## plants bugs in a copy of the code, one at a time, and shows that the tests see each
	@.venv/bin/python -m tests.planted

postfix: .venv/complete ## real Postfix, wrongly set up and then put right, as root; installs it where there is none
	@command -v postfix >/dev/null || { \
	echo 'Installing Postfix with apt-get, without a configuration: it starts for this test only ...'; \
	echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections && \
	apt-get update -qq >/dev/null && \
	env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends postfix >/dev/null || { \
	    echo 'Could not install it: install Postfix (Debian: apt-get install postfix) and try again.' >&2; exit 1; }; }
	@.venv/bin/python -m tests.postfix

lint: .venv/complete ## style, types, and imports that run downstairs only
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check . || { echo 'Run `make format`, and look at what it did.' >&2; exit 1; }
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo

format: .venv/complete ## the code laid out and its imports sorted, as lint asks for
	@.venv/bin/ruff check --quiet --select I --fix .
	@.venv/bin/ruff format .

wheel: .venv/complete ## dist/: the source distribution, and the wheel that is made of it
	@.venv/bin/python -m build --no-isolation

lint-score: .venv/complete ## how well the linter reads: what it finds and misses in texts with a verdict, by kind and language
	@.venv/bin/python -m tests.lint_score

docs: .venv/ready ## the parts of docs/ that are made from the product: keys, codes, settings, commands, countries
	@.venv/bin/python -m tests.docs

shots: .venv/complete browser ## the pictures of README.md and docs/, taken from the running product
	@.venv/bin/python -m tests.browser.shots

bench: .venv/complete .venv-bench/ready valgrind ## the figures of docs/benchmarks.md, measured here; ARGS="--quick" takes two minutes
	@.venv/bin/python -m tests.benchmarks $(ARGS)

instructions: .venv/complete valgrind ## how many instructions each act takes, beside what is kept; ARGS="--keep" keeps them
	@.venv/bin/python -m tests.benchmarks.instructions $(ARGS)

# requirements.lock is what the product runs on, with the driver that a server on PostgreSQL needs. requirements-test.lock
# holds the very same versions and adds what tests need, so the second completes what the first has set up.
# Versions already locked are kept while they fit; for the newest of everything, delete the locks first.
lock: ## both locks anew, after a change of the dependencies in pyproject.toml
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; \
	"$$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools; \
	compile() { "$$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host "$$@"; }; \
	compile --extra postgres --output-file requirements.lock pyproject.toml; \
	compile --all-extras --constraint requirements.lock --output-file requirements-test.lock pyproject.toml; \
	compile --output-file tests/benchmarks/requirements.txt tests/benchmarks/requirements.in

# Only the locks decide what is in .venv, so nothing else makes it anew. Wheels only: a source distribution would
# bring build tools that no hash vouches for.
from_lock = .venv/bin/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r

# The command is a script of two lines over a path file, not an editable install: in the wheel app/ is renamed to
# akkoord/, and hatchling refuses an editable install of a renamed folder. -P keeps the folder that the command is
# called from off the import path.
.venv/ready: requirements.lock
	@$(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo 'Akkoord needs Python 3.11 or newer, with its venv module (on Debian: apt-get install python3-venv).' >&2; exit 1; }
	@echo 'Setting up .venv from requirements.lock ...'
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@$(from_lock) requirements.lock
	@echo "$(CURDIR)" > "$$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/checkout.pth"
	@printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m app "$$@"\n' "$(CURDIR)" > .venv/bin/akkoord
	@chmod +x .venv/bin/akkoord
	@touch $@

# Into the same .venv: a demo that runs from it goes on. Only what an older lock has completed is made anew.
.venv/complete: requirements-test.lock .venv/ready
	@test ! -e $@ || rm -rf .venv
	@test -e .venv/ready || $(MAKE) --no-print-directory .venv/ready
	@echo 'Adding what the tests need, from requirements-test.lock ...'
	@$(from_lock) requirements-test.lock
	@touch $@

# What the kit is measured against: another framework, which has no place in .venv.
.venv-bench/ready: tests/benchmarks/requirements.txt
	@echo 'Setting up .venv-bench, with what the kit is measured against ...'
	@rm -rf .venv-bench
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
	    -r tests/benchmarks/requirements.txt
	@touch $@

# Installs packages of the machine: $(call install,PACKAGES,NAME,WHY). Asks for a password only where somebody can answer.
define install
if [ "$$(id -u)" = 0 ]; then as_root=; elif [ -t 0 ]; then as_root=sudo; else as_root='sudo -n'; fi; \
echo 'Installing $(2) with apt-get, because $(3) ...'; \
$$as_root apt-get update -qq >/dev/null && \
$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $(1) >/dev/null || { \
    echo 'Could not install it: install $(2) (Debian: apt-get install $(firstword $(1))) and try again.' >&2; exit 1; }
endef

browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	$(call install,chromium fonts-liberation,Chromium,the tests drive a real browser)

# Chromium's shell shows the same pages for a third of the time, where there is a package of it; else Chromium does.
shell: browser
	@command -v chromium-headless-shell >/dev/null && exit 0; \
	apt-cache show chromium-headless-shell >/dev/null 2>&1 || exit 0; \
	( $(call install,chromium-headless-shell,Chromium without windows,tests of pages take a third of the time with it) ) || true

# Without it the instructions are left out, and it is said so.
valgrind:
	@command -v valgrind >/dev/null && exit 0; \
	( $(call install,valgrind,Valgrind,it counts the instructions of each act) ) || true

strace:
	@command -v strace >/dev/null && exit 0; \
	$(call install,strace,strace,the fault tests make system calls fail)

npm:
	@command -v npm >/dev/null && exit 0; \
	$(call install,npm,npm,the tests put the element into pages of web frameworks)

frameworks: .frameworks/ready

# `npm ci` installs what the lock says and nothing else. No script of a package runs, and nothing of them is shipped.
.frameworks/ready: tests/browser/frameworks/package.json tests/browser/frameworks/package-lock.json | npm
	@echo 'Setting up .frameworks, with the web frameworks that the tests put the element into ...'
	@rm -rf .frameworks
	@mkdir .frameworks
	@cp $^ .frameworks/
	@npm ci --prefix .frameworks --ignore-scripts --no-audit --no-fund --no-update-notifier --silent
	@touch $@

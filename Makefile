# The two main commands are `make deploy` and `make test`. They install everything into .venv, with the versions that
# requirements/ pins.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
STAGE ?= dev
PORT ?= 4566
STATE_DIR ?= $(CURDIR)/.local-aws
REGION ?= $(AWS_REGION)
REPORT ?= build/smoke-aws.json
EXAMPLE := playbooks/vars/example.yml

VENV := .venv
BIN := $(VENV)/bin
CHECK := $(VENV)/check
NEWEST := $(VENV)/newest
UV := $(VENV)/uv
CORE ?= devel
CORE_VENV := $(VENV)/core-$(CORE)
ENDPOINT := http://127.0.0.1:$(PORT)

# The access key `local`, with any secret, is the root user of account 000000000000 in the local AWS. These settings keep
# your own credentials out of the commands, whatever your shell sets.
LOCAL := env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SESSION_TOKEN -u AWS_URL \
	AWS_ENDPOINT_URL=$(ENDPOINT) AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=test AWS_REGION=eu-central-1
LOCAL_AWS := $(BIN)/local-apigateway
PLAYBOOK := $(LOCAL) $(BIN)/ansible-playbook
CHECK_TOOL := env PATH="$(CURDIR)/$(CHECK)/bin:$$PATH" ANSIBLE_HOME=$(CURDIR)/$(CHECK)/home

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: deploy
deploy: local ## Deploy the example to the local AWS, and send it a request (STAGE=dev)
	@$(PLAYBOOK) deploy.yml -e stage=$(STAGE) -e api=$(EXAMPLE)
	@$(BIN)/python tools/show_request.py build/example/$(STAGE)/outputs.json /config

.PHONY: destroy
destroy: $(VENV)/run ## Destroy the example, with its table and items
	@$(PLAYBOOK) playbooks/destroy.yml -e stage=$(STAGE) -e api=$(EXAMPLE) -e service_proxy_confirm_destroy=example \
		-e service_proxy_destroy_tables=true -e service_proxy_destroy_items=true

.PHONY: local
local: $(VENV)/run ## Start the local AWS on the loopback interface (PORT=4566 LOCAL_AWS_OPTIONS=--functions)
	@$(LOCAL_AWS) start --port $(PORT) --state-dir $(STATE_DIR) $(LOCAL_AWS_OPTIONS)

.PHONY: local-stop
local-stop: $(VENV)/run ## Stop the local AWS, and keep its data in .local-aws
	@$(LOCAL_AWS) stop --state-dir $(STATE_DIR)

.PHONY: local-log
local-log: $(VENV)/run ## Show the last requests to deployed APIs: route, templates, integration, status, times
	@$(LOCAL_AWS) requests --state-dir $(STATE_DIR)

.PHONY: test
test: $(VENV)/test lint ## Run the linter and all tests
	@VELOCITY_ORACLE=$$($(BIN)/python tools/velocity_oracle.py) $(BIN)/pytest -n auto --dist worksteal

.PHONY: coverage
coverage: $(VENV)/test ## Measure the test coverage, and write it to build/coverage (TESTS=tests/unit for some tests)
	@rm -rf build/coverage
	@VELOCITY_ORACLE=$$($(BIN)/python tools/velocity_oracle.py) $(BIN)/pytest -n auto --dist worksteal \
		--cov --cov-report=term:skip-covered --cov-report=html --cov-report=xml $(TESTS)

.PHONY: smoke-aws
smoke-aws: $(VENV)/test ## Check the assumptions about AWS in your AWS account (REGION=eu-central-1 ONLY=questions)
	@$(BIN)/python tests/smoke/aws.py "$(REGION)" --only "$(ONLY)" --remove "$(REMOVE)" --report "$(REPORT)"

.PHONY: benchmark
benchmark: $(VENV)/test ## Measure deployments, fleets and the local gateway, in under ten minutes (COMPARE=an earlier build/benchmark.json)
	@$(BIN)/python tests/benchmark/run.py $(if $(COMPARE),--compare $(COMPARE))

.PHONY: check
check: lint lint-yaml lint-workflows lint-docs docs lint-changelog sanity import-check ## Run the linters of the Ansible community, in about three minutes

.PHONY: molecule
molecule: $(CHECK)/ready $(VENV)/run ## Run the scenarios of extensions/molecule on a local AWS (SCENARIO=crud for one)
	@env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SESSION_TOKEN \
		PATH="$(CURDIR)/$(BIN):$(CURDIR)/$(CHECK)/bin:$$PATH" ANSIBLE_HOME=$(CURDIR)/$(CHECK)/home \
		MOLECULE_AWS_PORT=$$($(BIN)/python -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])') \
		molecule test $(if $(SCENARIO),-s $(SCENARIO),--all) --report

.PHONY: test-newest
test-newest: $(NEWEST)/ready ## Run all tests and ansible-test with the newest ansible-core, on Python 3.12 or newer
	$(call test_with,$(NEWEST))

.PHONY: test-core
test-core: $(CORE_VENV)/ready ## Run all tests and ansible-test with another ansible-core (CORE=2.20, milestone or devel)
	$(call test_with,$(CORE_VENV))

# $(1): an environment
define test_with
	@VELOCITY_ORACLE=$$($(1)/bin/python tools/velocity_oracle.py) $(1)/bin/python -m pytest -n auto --dist worksteal
	@$(1)/bin/python tools/sanity.py $(1)
endef

.PHONY: lint
lint: $(VENV)/test ## Check the style and the types of the Python code
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet || { echo "run: make format"; exit 1; }
	@$(BIN)/mypy plugins tools extensions packages/local-apigateway/src

.PHONY: format
format: $(VENV)/test ## Format the Python code
	@$(BIN)/ruff check --fix --quiet && $(BIN)/ruff format --quiet

.PHONY: lint-yaml
lint-yaml: $(CHECK)/ready ## Check playbooks, role and all YAML files (ansible-lint with the profile production, yamllint)
	@$(CHECK_TOOL) yamllint --strict .
	@printf 'ansible-lint ... ' && $(CHECK_TOOL) ansible-lint --offline --nocolor 2>&1

.PHONY: lint-workflows
lint-workflows: $(CHECK)/ready ## Check .github: schemas (check-jsonschema) and the security of the workflows (zizmor)
	@$(CHECK_TOOL) check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(CHECK_TOOL) check-jsonschema --quiet --builtin-schema vendor.github-actions .github/actions/*/action.yml
	@$(CHECK_TOOL) check-jsonschema --quiet --builtin-schema vendor.renovate .github/renovate.json5
	@printf 'zizmor ... ' && $(CHECK_TOOL) zizmor --offline --quiet .github

.PHONY: lint-docs
lint-docs: $(CHECK)/ready ## Check the documentation of modules, plugins and role, and the guides (antsibull-docs)
	@printf 'antsibull-docs ... ' && $(CHECK_TOOL) antsibull-docs lint-collection-docs \
		--plugin-docs --check-extra-docs-refs --validate-collection-refs all --disallow-unknown-collection-refs . && echo done

.PHONY: lint-changelog
lint-changelog: $(CHECK)/ready ## Check the fragments of the changelog (antsibull-changelog)
	@$(CHECK_TOOL) antsibull-changelog lint && $(CHECK_TOOL) antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml

.PHONY: sanity
sanity: $(VENV)/test ## Run ansible-test sanity on a copy of the checkout, with each installed Python
	@$(BIN)/python tools/sanity.py $(VENV)

.PHONY: import-check
import-check: $(CHECK)/ready build ## Import the tarball as Galaxy does (galaxy-importer)
	@$(CHECK_TOOL) $(CHECK)/bin/python tools/import_check.py $$(ls -t codeless-apigateway-*.tar.gz | head -n 1)

# The site contains the pages of the repository and the reference of antsibull-docs. It has the directories of the
# checkout, so that the links work. A broken link is an error.
SITE := build/docs
PAGES := README.md CHANGELOG.md CODE_OF_CONDUCT.md CONTRIBUTING.md SECURITY.md LICENSE Makefile deploy.yml docs extensions playbooks roles
.PHONY: docs
docs: $(CHECK)/ready ## Build the documentation site, without network access (antsibull-docs, Sphinx)
	@rm -rf $(SITE) && mkdir -p $(SITE)/source/reference $(SITE)/source/tests
	@cp -r $(PAGES) docs/site/index.md docs/site/ansible.rst $(SITE)/source && cp -r tests/smoke $(SITE)/source/tests
	@mkdir -p $(SITE)/source/$(PACKAGE) && cp $(PACKAGE)/*.md $(SITE)/source/$(PACKAGE)
	@printf 'antsibull-docs ... ' && $(CHECK_TOOL) antsibull-docs collection --use-current --squash-hierarchy --fail-on-error \
		--dest-dir $(SITE)/source/reference codeless.apigateway && echo done
	@printf 'sphinx-build ... ' && $(CHECK_TOOL) sphinx-build --quiet --nitpicky --fail-on-warning \
		--conf-dir docs/site $(SITE)/source $(SITE)/html && echo done
	@echo "$(CURDIR)/$(SITE)/html/index.html"

.PHONY: build
build: $(VENV)/run ## Build the tarball of the collection
	@$(BIN)/ansible-galaxy collection build --force

.PHONY: build-package
build-package: $(VENV)/test ## Build the wheel and the source distribution of the local AWS, to build/package
	@$(BIN)/python -m build --outdir build/package $(PACKAGE)

.PHONY: release
release: $(CHECK)/ready $(VENV)/test ## Create the commit, the tag and the tarball of a version, and publish nothing (VERSION=0.1.0)
	@$(CHECK_TOOL) $(CHECK)/bin/python tools/release.py $(VERSION)

DIST := build/dist
.PHONY: dist
dist: $(VENV)/run $(UV)/ready ## Build the tarball and the package of a tag in build/dist (VERSION=0.1.0)
	@$(BIN)/python tools/check_tag.py "$(VERSION)"
	@rm -rf $(DIST)
	@$(BIN)/ansible-galaxy collection build --output-path $(DIST)/galaxy
	@$(UV)/bin/uv build --quiet --out-dir $(DIST)/pypi --no-create-gitignore $(PACKAGE)
	@$(UV)/bin/uv run --quiet --isolated --no-project --with $(DIST)/pypi/*.whl local-apigateway --help > /dev/null
	@ls $(DIST)/*/*

.PHONY: publish-galaxy
publish-galaxy: $(VENV)/run ## Publish the tarball of build/dist, with the token in ANSIBLE_GALAXY_SERVER_GALAXY_TOKEN
	@ANSIBLE_GALAXY_SERVER_LIST=galaxy ANSIBLE_GALAXY_SERVER_GALAXY_URL=https://galaxy.ansible.com/ \
		$(BIN)/ansible-galaxy collection publish $(DIST)/galaxy/*.tar.gz

.PHONY: publish-pypi
publish-pypi: $(UV)/ready ## Publish the package of build/dist, from a trusted workflow or with UV_PUBLISH_TOKEN
	@$(UV)/bin/uv publish $(DIST)/pypi/*.tar.gz $(DIST)/pypi/*.whl

# The files begin with these commands, because Renovate reads the commands from there.
COMPILE := $(UV)/bin/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version=3.11
.PHONY: constraints
constraints: $(UV)/ready ## Pin the versions of all packages that requirements/*.in need (UPGRADE=1 for the newest ones)
	@$(COMPILE) --no-emit-package=ansible --no-emit-package=ansible-core --no-emit-package=local-apigateway \
		--output-file=requirements/constraints.txt \
		requirements/ansible.in requirements/run.in requirements/test.in $(PACKAGE)/pyproject.toml
	@$(COMPILE) --constraint=requirements/ansible.in --no-emit-package=ansible-core \
		--output-file=requirements/check-constraints.txt requirements/check.in

.PHONY: clean
clean: ## Remove the environment, the data of the local AWS and all build results
	@if [ -e $(VENV)/run ]; then $(MAKE) local-stop; fi
	@rm -rf $(VENV) $(STATE_DIR) build codeless-apigateway-*.tar.gz .pytest_cache .mypy_cache .ruff_cache

$(VENV)/python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# $(1): what to install, $(2): the environment, $(3): arguments of pip. Prints a dot for each package, because the first
# installation takes half a minute.
define install
	@printf 'Installing $(1) into $(2) '
	@$(2)/bin/python -m pip install --disable-pip-version-check $(3) \
		| awk '/^Collecting/ {printf "."; fflush()} END {print " done"}'
	@touch $@
endef

PACKAGE := packages/local-apigateway
PINNED := --constraint requirements/constraints.txt

$(VENV)/run: $(VENV)/python requirements/ansible.in requirements/run.in requirements/constraints.txt $(PACKAGE)/pyproject.toml
	$(call install,Ansible and the local AWS,$(VENV),$(PINNED) -r requirements/ansible.in -r requirements/run.in)

$(VENV)/test: $(VENV)/run requirements/test.in
	$(call install,the test tools,$(VENV),$(PINNED) -r requirements/test.in)

$(CHECK)/python: $(VENV)/run
	@$(BIN)/python -m venv $(CHECK)
	@touch $@

# amazon.aws is already in the other environment. A path file makes it, and nothing else, available in this one.
$(CHECK)/amazon: $(CHECK)/python
	@mkdir -p $(CHECK)/dependencies/ansible_collections
	@ln -sfn $(CURDIR)/$(VENV)/lib/python3*/site-packages/ansible_collections/amazon $(CHECK)/dependencies/ansible_collections/amazon
	@echo $(CURDIR)/$(CHECK)/dependencies > $$(echo $(CHECK)/lib/python3*/site-packages)/dependencies.pth
	@touch $@

$(CHECK)/ready: $(CHECK)/amazon requirements/check.in requirements/check-constraints.txt requirements/ansible.in
	$(call install,the linters,$(CHECK),-c requirements/ansible.in -c requirements/check-constraints.txt -r requirements/check.in)

# The first installed interpreter of these creates the environment. ansible-core 2.22 needs Python 3.13.
CORE_PYTHONS ?= $(if $(filter %-milestone %-devel,$(@D)),3.13 3.14,3.12 3.13 3.14)
$(NEWEST)/python $(CORE_VENV)/python:
	@python=$$($(PYTHON) tools/interpreters.py $(CORE_PYTHONS)) || { \
		echo "$(@D) needs one of Python $(CORE_PYTHONS), and none is on the PATH."; exit 1; }; \
	$$python -m venv $(@D)
	@touch $@

$(NEWEST)/ready: $(NEWEST)/python requirements/ansible-newest.in requirements/run.in requirements/test.in requirements/constraints.txt $(PACKAGE)/pyproject.toml
	$(call install,the newest ansible-core,$(NEWEST),$(PINNED) -r requirements/ansible-newest.in -r requirements/run.in -r requirements/test.in)

# amazon.aws comes from the newest ansible, without its requirement of ansible-core.
CORE_SOURCE := $(if $(filter milestone devel,$(CORE)),https://github.com/ansible/ansible/archive/$(CORE).tar.gz,ansible-core==$(CORE).*)
$(CORE_VENV)/ready: $(CORE_VENV)/python requirements/ansible-newest.in requirements/run.in requirements/test.in requirements/constraints.txt $(PACKAGE)/pyproject.toml
	$(call install,ansible-core $(CORE),$(CORE_VENV),$(PINNED) '$(CORE_SOURCE)' -r requirements/run.in -r requirements/test.in)
	$(call install,amazon.aws,$(CORE_VENV),--no-deps $$(grep '^ansible==' requirements/ansible-newest.in))

$(UV)/python:
	@$(PYTHON) -m venv $(UV)
	@touch $@

$(UV)/ready: $(UV)/python requirements/uv.in
	$(call install,uv,$(UV),-r requirements/uv.in)

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

# The key `local` is the root of the embedded AWS's account 000000000000, with any secret. These keep your credentials
# away from it, whatever the shell has set.
LOCAL := env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SESSION_TOKEN -u AWS_URL \
	AWS_ENDPOINT_URL=$(ENDPOINT) AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=test AWS_REGION=eu-central-1
LOCAL_AWS := $(BIN)/local-apigateway
PLAYBOOK := $(LOCAL) $(BIN)/ansible-playbook
CHECK_TOOL := env PATH="$(CURDIR)/$(CHECK)/bin:$$PATH" ANSIBLE_HOME=$(CURDIR)/$(CHECK)/home

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: deploy
deploy: local ## Deploy the example to the embedded AWS and send it a request (STAGE=dev)
	@$(PLAYBOOK) deploy.yml -e stage=$(STAGE) -e api=$(EXAMPLE)
	@$(BIN)/python tools/show_request.py build/example/$(STAGE)/outputs.json /config

.PHONY: destroy
destroy: $(VENV)/run ## Take the example away again, its table and items too
	@$(PLAYBOOK) playbooks/destroy.yml -e stage=$(STAGE) -e api=$(EXAMPLE) -e service_proxy_confirm_destroy=example \
		-e service_proxy_destroy_tables=true -e service_proxy_destroy_items=true

.PHONY: local
local: $(VENV)/run ## Start the embedded AWS on the loopback interface (PORT=4566 LOCAL_AWS_OPTIONS=--functions)
	@$(LOCAL_AWS) start --port $(PORT) --state-dir $(STATE_DIR) $(LOCAL_AWS_OPTIONS)

.PHONY: local-stop
local-stop: $(VENV)/run ## Stop the embedded AWS; its data stay in .local-aws
	@$(LOCAL_AWS) stop --state-dir $(STATE_DIR)

.PHONY: local-log
local-log: $(VENV)/run ## Show the last requests to deployed APIs: route, templates, integration, status, times
	@$(LOCAL_AWS) requests --state-dir $(STATE_DIR)

.PHONY: test
test: $(VENV)/test lint ## Pass all tests
	@VELOCITY_ORACLE=$$($(BIN)/python tools/velocity_oracle.py) $(BIN)/pytest -n auto --dist worksteal

.PHONY: coverage
coverage: $(VENV)/test ## Measure which lines all tests run, to build/coverage (TESTS=tests/unit for some of them)
	@rm -rf build/coverage
	@VELOCITY_ORACLE=$$($(BIN)/python tools/velocity_oracle.py) $(BIN)/pytest -n auto --dist worksteal \
		--cov --cov-report=term:skip-covered --cov-report=html --cov-report=xml $(TESTS)

.PHONY: smoke-aws
smoke-aws: $(VENV)/test ## Check the assumptions about AWS in an account of yours (REGION=eu-central-1 ONLY=questions)
	@$(BIN)/python tests/smoke/aws.py "$(REGION)" --only "$(ONLY)" --remove "$(REMOVE)" --report "$(REPORT)"

.PHONY: benchmark
benchmark: $(VENV)/test ## Measure deployments, fleets and the local gateway, in under ten minutes (COMPARE=an earlier build/benchmark.json)
	@$(BIN)/python tests/benchmark/run.py $(if $(COMPARE),--compare $(COMPARE))

.PHONY: check
check: lint lint-yaml lint-workflows lint-docs docs lint-changelog sanity import-check ## Pass the linters of Ansible's world, in about three minutes

.PHONY: molecule
molecule: $(CHECK)/ready $(VENV)/run ## Run the scenarios of extensions/molecule on one embedded AWS (SCENARIO=crud for one)
	@env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SESSION_TOKEN \
		PATH="$(CURDIR)/$(BIN):$(CURDIR)/$(CHECK)/bin:$$PATH" ANSIBLE_HOME=$(CURDIR)/$(CHECK)/home \
		MOLECULE_AWS_PORT=$$($(BIN)/python -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])') \
		molecule test $(if $(SCENARIO),-s $(SCENARIO),--all) --report

.PHONY: test-newest
test-newest: $(NEWEST)/ready ## Pass all tests and ansible-test with the newest ansible-core, on Python 3.12 or newer
	$(call test_with,$(NEWEST))

.PHONY: test-core
test-core: $(CORE_VENV)/ready ## Pass all tests and ansible-test with another ansible-core (CORE=2.20, milestone or devel)
	$(call test_with,$(CORE_VENV))

# $(1) an environment.
define test_with
	@VELOCITY_ORACLE=$$($(1)/bin/python tools/velocity_oracle.py) $(1)/bin/python -m pytest -n auto --dist worksteal
	@$(1)/bin/python tools/sanity.py $(1)
endef

.PHONY: lint
lint: $(VENV)/test ## Check style and types of the Python code
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet || { echo "run: make format"; exit 1; }
	@$(BIN)/mypy plugins tools extensions packages/local-apigateway/src

.PHONY: format
format: $(VENV)/test ## Lay out the Python code
	@$(BIN)/ruff check --fix --quiet && $(BIN)/ruff format --quiet

.PHONY: lint-yaml
lint-yaml: $(CHECK)/ready ## Check playbooks, role and all YAML (ansible-lint, profile production; yamllint)
	@$(CHECK_TOOL) yamllint --strict .
	@printf 'ansible-lint ... ' && $(CHECK_TOOL) ansible-lint --offline --nocolor 2>&1

.PHONY: lint-workflows
lint-workflows: $(CHECK)/ready ## Check .github: schemas (check-jsonschema), security of the workflows (zizmor)
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
sanity: $(VENV)/test ## Run ansible-test sanity on a copy, on each Python that is there
	@$(BIN)/python tools/sanity.py $(VENV)

.PHONY: import-check
import-check: $(CHECK)/ready build ## Import the tarball as Galaxy does (galaxy-importer)
	@$(CHECK_TOOL) $(CHECK)/bin/python tools/import_check.py $$(ls -t codeless-apigateway-*.tar.gz | head -n 1)

# The pages of the repository and the reference that antsibull-docs writes, laid out as in the checkout so that their
# links hold. A link that leads nowhere fails.
SITE := build/docs
PAGES := README.md CHANGELOG.md CODE_OF_CONDUCT.md CONTRIBUTING.md SECURITY.md LICENSE Makefile deploy.yml docs extensions playbooks roles
.PHONY: docs
docs: $(CHECK)/ready ## Build the documentation's site, without asking any server (antsibull-docs, Sphinx)
	@rm -rf $(SITE) && mkdir -p $(SITE)/source/reference $(SITE)/source/tests
	@cp -r $(PAGES) docs/site/index.md docs/site/ansible.rst $(SITE)/source && cp -r tests/smoke $(SITE)/source/tests
	@printf 'antsibull-docs ... ' && $(CHECK_TOOL) antsibull-docs collection --use-current --squash-hierarchy --fail-on-error \
		--dest-dir $(SITE)/source/reference codeless.apigateway && echo done
	@printf 'sphinx-build ... ' && $(CHECK_TOOL) sphinx-build --quiet --nitpicky --fail-on-warning \
		--conf-dir docs/site $(SITE)/source $(SITE)/html && echo done
	@echo "$(CURDIR)/$(SITE)/html/index.html"

.PHONY: build
build: $(VENV)/run ## Build the collection's tarball
	@$(BIN)/ansible-galaxy collection build --force

.PHONY: build-package
build-package: $(VENV)/test ## Build the wheel and the source distribution of the local AWS, to build/package
	@$(BIN)/python -m build --outdir build/package $(PACKAGE)

.PHONY: release
release: $(CHECK)/ready $(VENV)/test ## Make the commit, tag and tarball of a version; publish nothing (VERSION=0.1.0)
	@$(CHECK_TOOL) $(CHECK)/bin/python tools/release.py $(VERSION)

DIST := build/dist
.PHONY: dist
dist: $(VENV)/run $(UV)/ready ## Build what a tag publishes, to build/dist: the tarball, and the package (VERSION=0.1.0)
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
publish-pypi: $(UV)/ready ## Publish the package of build/dist, as a workflow that PyPI trusts or with UV_PUBLISH_TOKEN
	@$(UV)/bin/uv publish $(DIST)/pypi/*.tar.gz $(DIST)/pypi/*.whl

# The files begin with these commands, so that Renovate runs the same.
COMPILE := $(UV)/bin/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version=3.11
.PHONY: constraints
constraints: $(UV)/ready ## Pin all that the files requirements/*.in need (UPGRADE=1 for the newest of what they need in turn)
	@$(COMPILE) --no-emit-package=ansible --no-emit-package=ansible-core --no-emit-package=local-apigateway \
		--output-file=requirements/constraints.txt \
		requirements/ansible.in requirements/run.in requirements/test.in $(PACKAGE)/pyproject.toml
	@$(COMPILE) --constraint=requirements/ansible.in --no-emit-package=ansible-core \
		--output-file=requirements/check-constraints.txt requirements/check.in

.PHONY: clean
clean: ## Remove the environment, the embedded AWS's data and what was built
	@if [ -e $(VENV)/run ]; then $(MAKE) local-stop; fi
	@rm -rf $(VENV) $(STATE_DIR) build codeless-apigateway-*.tar.gz .pytest_cache .mypy_cache .ruff_cache

$(VENV)/python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# $(1) what, $(2) the environment, $(3) pip's words. A dot for each package, as the whole takes half a minute the first time.
define install
	@printf 'Installing $(1) into $(2) '
	@$(2)/bin/python -m pip install --disable-pip-version-check $(3) \
		| awk '/^Collecting/ {printf "."; fflush()} END {print " done"}'
	@touch $@
endef

PACKAGE := packages/local-apigateway
PINNED := --constraint requirements/constraints.txt

$(VENV)/run: $(VENV)/python requirements/ansible.in requirements/run.in requirements/constraints.txt $(PACKAGE)/pyproject.toml
	$(call install,Ansible and the embedded AWS,$(VENV),$(PINNED) -r requirements/ansible.in -r requirements/run.in)

$(VENV)/test: $(VENV)/run requirements/test.in
	$(call install,the test tools,$(VENV),$(PINNED) -r requirements/test.in)

$(CHECK)/python: $(VENV)/run
	@$(BIN)/python -m venv $(CHECK)
	@touch $@

# amazon.aws is there already, in the other environment: a path file lets this one's ansible-core find it, and nothing else.
$(CHECK)/amazon: $(CHECK)/python
	@mkdir -p $(CHECK)/dependencies/ansible_collections
	@ln -sfn $(CURDIR)/$(VENV)/lib/python3*/site-packages/ansible_collections/amazon $(CHECK)/dependencies/ansible_collections/amazon
	@echo $(CURDIR)/$(CHECK)/dependencies > $$(echo $(CHECK)/lib/python3*/site-packages)/dependencies.pth
	@touch $@

$(CHECK)/ready: $(CHECK)/amazon requirements/check.in requirements/check-constraints.txt requirements/ansible.in
	$(call install,the linters of the field,$(CHECK),-c requirements/ansible.in -c requirements/check-constraints.txt -r requirements/check.in)

# Created by the first of these interpreters that this machine has. ansible-core 2.22 needs Python 3.13.
CORE_PYTHONS ?= $(if $(filter %-milestone %-devel,$(@D)),3.13 3.14,3.12 3.13 3.14)
$(NEWEST)/python $(CORE_VENV)/python:
	@python=$$($(PYTHON) tools/interpreters.py $(CORE_PYTHONS)) || { \
		echo "$(@D) needs one of Python $(CORE_PYTHONS), and none is on the PATH."; exit 1; }; \
	$$python -m venv $(@D)
	@touch $@

$(NEWEST)/ready: $(NEWEST)/python requirements/ansible-newest.in requirements/run.in requirements/test.in requirements/constraints.txt $(PACKAGE)/pyproject.toml
	$(call install,the newest ansible-core,$(NEWEST),$(PINNED) -r requirements/ansible-newest.in -r requirements/run.in -r requirements/test.in)

# amazon.aws comes from the newest ansible, whose own requirement of ansible-core is left out.
CORE_SOURCE := $(if $(filter milestone devel,$(CORE)),https://github.com/ansible/ansible/archive/$(CORE).tar.gz,ansible-core==$(CORE).*)
$(CORE_VENV)/ready: $(CORE_VENV)/python requirements/ansible-newest.in requirements/run.in requirements/test.in requirements/constraints.txt $(PACKAGE)/pyproject.toml
	$(call install,ansible-core $(CORE),$(CORE_VENV),$(PINNED) '$(CORE_SOURCE)' -r requirements/run.in -r requirements/test.in)
	$(call install,amazon.aws,$(CORE_VENV),--no-deps $$(grep '^ansible==' requirements/ansible-newest.in))

$(UV)/python:
	@$(PYTHON) -m venv $(UV)
	@touch $@

$(UV)/ready: $(UV)/python requirements/uv.in
	$(call install,uv,$(UV),-r requirements/uv.in)

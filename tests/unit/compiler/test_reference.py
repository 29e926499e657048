# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""docs/routes.md says what the compiler does: its examples compile, and it names what the compiler knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_options import (
    OPTIONS as MODULE_OPTIONS,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.routes.route import ROUTE_OPTIONS
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.statuses import STATUSES
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.tables import (
    TABLE_MODULE_OPTIONS,
    TABLE_OPTIONS,
)

from unit.compiler.specs import TEMPLATES, Json

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = (ROOT / "docs" / "routes.md").read_text()
EXAMPLES = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL)]


def spec_of(variables: Json) -> Json:
    """The role's variables as the compiler takes them, with the tables of the reference's first example."""
    return {
        word.removeprefix("service_proxy_"): value
        for word, value in {**EXAMPLES[0], **variables}.items()
        if word not in ("service_proxy_items", "service_proxy_stage_variables")
    }


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_reference_compiles(example: Json) -> None:
    assert compile_api(spec_of(example), [TEMPLATES]).definition["paths"]


@pytest.mark.parametrize("path", sorted((ROOT / "playbooks" / "vars").glob("*.yml")), ids=lambda path: path.stem)
def test_the_example_apis_compile(path: Path) -> None:
    assert compile_api(spec_of(yaml.safe_load(path.read_text())), [TEMPLATES]).definition["paths"]


@pytest.mark.parametrize(
    "word", [*ROUTE_OPTIONS, *ACTIONS, *(word for action in ACTIONS.values() for word in action.options)]
)
def test_a_word_of_a_route_is_in_the_reference(word: str) -> None:
    assert f"`{word}`" in REFERENCE


@pytest.mark.parametrize("word", TABLE_OPTIONS)
def test_a_word_of_a_table_is_in_the_reference(word: str) -> None:
    assert f"`{word}`" in REFERENCE


def test_the_words_of_a_table_are_the_compilers_and_the_modules() -> None:
    """But those that say what the module does with the table, and no run of the role leaves them to its user."""
    of_a_run = {"state", "adopt", "force", "wait", "wait_timeout"}
    of_an_api = {"version_attribute", "crud", "items_mode", "managed"}
    assert set(TABLE_MODULE_OPTIONS) | set(TABLE_OPTIONS) == (set(MODULE_OPTIONS) - of_a_run) | of_an_api


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_in_the_reference(status: str) -> None:
    assert re.search(rf"^\| {status} \| \S", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_a_template_file_is_in_the_reference(path: Path) -> None:
    assert f"`{path.name}`" in REFERENCE

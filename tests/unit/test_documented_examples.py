# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the documentation shows is accepted: tasks by their modules' argument specs, variables by the role's.

Read are the EXAMPLES of modules and plugins, and each block of YAML in the pages. A value that is a Jinja expression
could be of any type, so it is taken for right.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = "ansible_collections.codeless.apigateway.plugins"
PREFIX = "codeless.apigateway."
ROLE = yaml.safe_load((ROOT / "roles/service_proxy/meta/argument_specs.yml").read_text(encoding="utf-8"))
VARIABLES = {name for entry in ROLE["argument_specs"].values() for name in entry["options"]}
_BLOCK = re.compile(r"^( *)```yaml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def documented_plugins() -> list[str]:
    """`modules.stage`, `filter.to_dynamodb`, …: what has EXAMPLES."""
    files = [
        path for kind in ("modules", "filter", "lookup") for path in sorted((ROOT / "plugins" / kind).glob("*.py"))
    ]
    return [f"{path.parent.name}.{path.stem}" for path in files]


def pages() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))


def blocks(page: str) -> list[Any]:
    """The YAML of a page, block by block."""
    return [yaml.safe_load(text) for _indent, text in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Each mapping within nested data, itself included, but for `module_defaults`, which need not be complete."""
    if isinstance(value, dict):
        yield value
        value = [one for name, one in value.items() if name != "module_defaults"]
    for one in value if isinstance(value, list) else ():
        yield from parts(one)


def mistakes(shown: Any) -> list[str]:
    """What modules and the role refuse of what is shown."""
    found = []
    for mapping in parts(shown):
        for name, value in ((str(name), value) for name, value in mapping.items()):
            if name.startswith(PREFIX) and isinstance(value, dict) and not name.startswith(PREFIX + "service_proxy."):
                found += [f"{name}: {message}" for message in refused(name.removeprefix(PREFIX), value)]
            elif re.match("service_proxy_(?!_)", name) and name not in VARIABLES | {"service_proxy_outputs"}:
                found.append(f"the role has no variable {name}")
    return found


def refused(module: str, options: dict[str, Any]) -> list[str]:
    """The messages of a module's argument spec on the options of a task."""
    written = importlib.import_module(f"{PLUGINS}.modules.{module}")
    spec = getattr(written, "SPEC", None) or {"argument_spec": yaml.safe_load(written.DOCUMENTATION)["options"]}
    known = {**aws_argument_spec(), **spec["argument_spec"]}
    lenient = {name: {"type": "raw"} if is_expression(options.get(name)) else one for name, one in known.items()}
    conditions = {name: value for name, value in spec.items() if name.startswith(("required_", "mutually_"))}
    if module == "route" and isinstance(options.get("route"), dict):
        options = {**options, "operation": {}}  # the action plugin compiles it
    return list(ArgumentSpecValidator(lenient, **conditions).validate(options).error_messages)


def is_expression(value: Any) -> bool:
    return isinstance(value, str) and "{{" in value


@pytest.mark.parametrize("plugin", documented_plugins())
def test_the_examples_of_a_plugin_are_accepted(plugin: str) -> None:
    shown = yaml.safe_load(importlib.import_module(f"{PLUGINS}.{plugin}").EXAMPLES)
    assert isinstance(shown, list)
    assert all("name" in task for task in shown)
    assert mistakes(shown) == []


@pytest.mark.parametrize("page", pages())
def test_the_yaml_of_a_page_is_accepted(page: str) -> None:
    assert [mistake for block in blocks(page) for mistake in mistakes(block)] == []


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"codeless.apigateway.stage": {"name": "prod", "api_name": "a", "digset": "x"}}, "digset"),
        ([{"tasks": [{"codeless.apigateway.stage_info": {}}]}], "api_id, api_name"),
        ({"vars": {"service_proxy_route": []}}, "service_proxy_route"),
    ],
)
def test_a_mistake_is_found(shown: Any, told: str) -> None:
    (mistake,) = mistakes(shown)
    assert told in mistake

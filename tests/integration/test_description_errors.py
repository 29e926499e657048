# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Errors in a description are reported together, each once with its file and line, whichever layer finds them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible_collections.codeless.apigateway.plugins.modules.service_proxy import SPEC
from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import as_plain
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook import origins
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.compilation import compiled
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.option_errors import option_errors

from playbooks import ROOT, run_playbook

GOOD = """\
name: orders
tables:
  - name: orders
    hash_key: id
    range_key: at
    attributes: {id: S, at: S, total: N}
routes:
  - {route: "GET /{id}", action: Query}
"""
BAD = """\
---
service_proxy_name: orders
service_proxy_tables:
  - name: orders
    hashkey: id
    attributes: {id: S, total: N}
    billing_mode: FREE
  -
service_proxy_routes:
  - route: GET /{id}
    action: Querry
  - - route: GET /b/{id}
    - action: Query
service_proxy_items:
  orders:
    - {id: a, total: many}
    -
service_proxy_tags: [a]
service_proxy_canary: {percent_traffic: all}
"""
NO_AWS = "http://127.0.0.1:9"
"""Nobody listens there: errors of a description need no AWS."""


def errors_of(description: str, directory: Path) -> list[str]:
    """Run a task with these options, loaded by Ansible from a file. Return the lines of its error."""
    path = directory / "api.yml"
    path.write_text(description, encoding="utf-8")
    written = DataLoader().load_from_file(str(path))
    read_by_the_compiler = {name: value for name, value in written.items() if name in ("name", "tables", "routes")}
    errors = option_errors(as_plain(written), SPEC["argument_spec"])
    try:
        compiled(read_by_the_compiler, {}, errors, written)
    except AnsibleError as error:
        return [line.replace(str(path), "api.yml") for line in error.message.splitlines()[1:]]
    return []


def table(line: str) -> str:
    return GOOD.replace("    range_key: at\n", f"    range_key: at\n    {line}\n")


def more(line: str) -> str:
    return f"{GOOD}{line}\n"


WRONG: dict[str, tuple[str, str]] = {
    "tables as a mapping": (
        GOOD.replace("  - name: orders\n", "    name: orders\n"),
        "- api.yml:2: tables is a mapping, not a list. Put a dash before each entry: - {name: …}.",
    ),
    "indexes as a mapping": (
        table("indexes: {by_total: {hash_key: total}}"),
        '- api.yml:6: tables[0] "orders": indexes is a mapping, not a list. Put a dash before each entry: - {name: …}.',
    ),
    "a stray dash": (
        more("  -"),
        "- api.yml:7: routes[1]: the entry is empty. Remove the dash, or write {route: …} after it.",
    ),
    "a dash too many": (
        more('  - - {route: "GET /", action: Scan}'),
        "- api.yml:9: routes[1]: the entry is a list, not a mapping. Write one dash before the entry: - {route: …}.",
    ),
    "an empty list": (
        GOOD.replace('  - {route: "GET /{id}", action: Query}', "  []"),
        '- api.yml:7: there are no routes. Write routes: [{route: "GET /orders/{id}", action: GetItem}].',
    ),
    "attributes as a list": (
        GOOD.replace("{id: S, at: S, total: N}", "[id, at]"),
        '- api.yml:6: tables[0] "orders": attributes is a list, not a mapping. Write attributes: {id: S, total: N}.',
    ),
    "a choice": (
        table("billing_mode: FREE"),
        "- api.yml:6: tables[0] \"orders\": billing_mode is 'FREE'. Write one of: PAY_PER_REQUEST, PROVISIONED.",
    ),
    "text in the place of true": (
        table("deletion_protection: surely"),
        "- api.yml:6: tables[0] \"orders\": deletion_protection is 'surely'. Write true or false.",
    ),
    "a number within a setting": (
        table("on_demand_throughput: {max_read_request_units: all}"),
        "- api.yml:6: tables[0] \"orders\" on_demand_throughput: max_read_request_units is 'all'. "
        "Write a whole number.",
    ),
    "a setting that needs another": (
        table("read_capacity: 5"),
        '- api.yml:6: tables[0] "orders": read_capacity needs billing_mode: PROVISIONED.',
    ),
    "a setting out of range": (
        table("{point_in_time_recovery: true, recovery_period_in_days: 99}"[1:-1].replace(", ", "\n    ")),
        '- api.yml:7: tables[0] "orders": recovery_period_in_days is 99. Write 1 to 35.',
    ),
    "a projection": (
        table("indexes: [{name: by_total, hash_key: total, projection: SOME}]"),
        '- api.yml:6: tables[0] "orders" indexes[0] "by_total": projection is \'SOME\'. '
        "Write ALL, KEYS_ONLY, or {include: [names of attributes]}.",
    ),
    "a local index without a range key": (
        table("local_indexes: [{name: by_total, range_key: total}]").replace("    range_key: at\n", ""),
        '- api.yml:5: tables[0] "orders": the table has local_indexes, but no range_key. '
        "Add a range_key, or write them as indexes.",
    ),
    "items as a list": (
        more("items: [{id: a}]"),
        "- api.yml:9: items is a list, not a mapping. "
        "Write the items of each table under the table's name: {orders: [{id: a}]}.",
    ),
    "items of a table as a mapping": (
        more("items:\n  orders: {id: a}"),
        "- api.yml:10: items: orders is a mapping, not a list. Put a dash before each item: - {id: a}.",
    ),
    "items of no table": (
        more("items:\n  order: [{id: a}]"),
        "- api.yml:10: items: there is no table 'order' in tables. Write orders (known: orders).",
    ),
    "an item that is empty": (
        more("items:\n  orders:\n    -"),
        "- api.yml:10: items orders[0]: the entry is empty. Remove the dash, or write {id: …} after it.",
    ),
    "an item without a key": (
        more("items:\n  orders:\n    - {id: a}"),
        '- api.yml:11: items orders[0]: "at" is missing, which is a key of the table.',
    ),
    "a value of another type": (
        more("items:\n  orders:\n    - {id: a, at: b, total: many}"),
        "- api.yml:11: items orders[0].total: 'many' is not a number (N).",
    ),
    "two items with one key": (
        more("items:\n  orders:\n    - {id: a, at: b}\n    - {id: a, at: b}"),
        "- api.yml:10: items orders: items[0] and items[1] have one key (id=a, at=b).",
    ),
    "tags as a list": (more("tags: [a]"), "- api.yml:9: tags is a list. Write a mapping."),
    "a number of deployments": (
        more("keep_deployments: many"),
        "- api.yml:9: keep_deployments is 'many'. Write a whole number.",
    ),
    "the share of a canary": (
        more("canary: {percent_traffic: all}"),
        "- api.yml:9: canary: percent_traffic is 'all'. Write a number.",
    ),
    "a setting of a method": (
        more("method_settings: {orders: {throttling_rate_limit: 5}}"),
        '- api.yml:9: method_settings has "orders". Write "*" for all methods, or a route: "GET /orders/{id}".',
    ),
    "the value of a stage variable": (
        more("stage_variables: {table: 'a b'}"),
        '- api.yml:9: stage_variables["table"] has a value that AWS rejects. '
        "Write 1 to 512 letters, digits and -._~:/?#&=,.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_has_its_file_line_and_remedy_and_stands_once(name: str, tmp_path: Path) -> None:
    description, expected = WRONG[name]
    assert errors_of(description, tmp_path).count(expected) == 1, "\n".join(errors_of(description, tmp_path))


def test_a_good_description_has_no_errors(tmp_path: Path) -> None:
    assert errors_of(GOOD, tmp_path) == []


def test_errors_of_all_layers_come_together_each_once(tmp_path: Path) -> None:
    description = BAD.replace("service_proxy_", "")
    lines = errors_of(description, tmp_path)
    assert len(lines) == len(set(lines)) == 10
    for what in ("'hashkey'", "billing_mode is", "tables[1]", "routes[1]", "orders[1]", "tags is", "percent_traffic"):
        assert len([line for line in lines if what in line]) == 1, what
    assert all(re.match(r"- api\.yml:\d+: ", line) for line in lines)


def test_without_tags_an_error_names_its_place_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "_Origin", None)
    lines = errors_of(WRONG["a choice"][0], tmp_path)
    assert lines == ["- tables[0] \"orders\": billing_mode is 'FREE'. Write one of: PAY_PER_REQUEST, PROVISIONED."]


def test_each_error_is_shown_once_with_the_users_file_and_no_type_of_ansible(tmp_path: Path) -> None:
    api = tmp_path / "orders.yml"
    api.write_text(BAD, encoding="utf-8")
    run = run_playbook(ROOT / "playbooks/deploy.yml", NO_AWS, {"stage": "prod", "api": str(api)})
    shown = run.stdout + run.stderr
    assert run.rc != 0
    assert "_AnsibleTagged" not in shown
    assert "<class" not in shown
    printed = [line for line in shown.splitlines() if line.startswith("- ")]
    assert len(printed) == len(set(printed)) == 10
    assert all(line.startswith(f"- {api}:") for line in printed)
    assert f"Origin: {api}:" in shown
    assert "tasks/deploy.yml:" not in shown


def everything_as(value: Any) -> str:
    """Return a description in which each variable that is not text has a value of the wrong type."""
    specs = yaml.safe_load((ROOT / "roles/service_proxy/meta/argument_specs.yml").read_text(encoding="utf-8"))
    options = specs["argument_specs"]["main"]["options"]
    wrong = {name: value for name, option in options.items() if option["type"] != "str"}
    return str(yaml.safe_dump({"service_proxy_name": "orders", **wrong}))


@pytest.mark.parametrize("value", ["text", [["nested"]], {"a": {"b": 1}}], ids=["text", "list", "mapping"])
def test_no_variable_of_a_wrong_kind_shows_a_type_of_ansible(value: Any, tmp_path: Path) -> None:
    api = tmp_path / "orders.yml"
    api.write_text(everything_as(value), encoding="utf-8")
    run = run_playbook(ROOT / "playbooks/deploy.yml", NO_AWS, {"stage": "prod", "api": str(api)})
    assert run.rc != 0
    assert not re.search(r"_Ansible(Tagged|Lazy)|datatag", run.stdout + run.stderr)

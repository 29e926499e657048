# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup, as a playbook calls it: variables that Ansible templated go in, plain data comes out."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api, vtl_files
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS

from playbooks import run_playbook
from unit.compiler.specs import TEMPLATES

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  vars:
    table_name: example
    api:
      name: "{{ table_name }}-api"
      tables: [{name: "{{ table_name }}", hash_key: id, attributes: {id: S}}]
      routes:
        - route: "GET /{id}"
          action: Query
          limit: "{{ '20' | int }}"
          expect: {path: {id: "{{ table_name }}"}, status: "{{ '200' | int }}", answer: {count: 0}}
        - route: "PUT /{{ table_name }}/{id}"
          action: Query
          request_template: "{{ '{{ \\"$x\\" }}' }}"
          response_templates: {200: "ok"}
  tasks:
    - name: Compile
      ansible.builtin.set_fact:
        compiled: "{{ lookup('codeless.apigateway.openapi', api) }}"
    - name: Write down
      ansible.builtin.copy:
        content: "{{ compiled | to_json }}"
        dest: "{{ output }}"
        mode: "0600"
"""

SPEC = {
    "name": "example-api",
    "tables": [{"name": "example", "hash_key": "id", "attributes": {"id": "S"}}],
    "routes": [
        {
            "route": "GET /{id}",
            "action": "Query",
            "limit": 20,
            "expect": {"path": {"id": "example"}, "status": 200, "answer": {"count": 0}},
        },
        {
            "route": "PUT /example/{id}",
            "action": "Query",
            "request_template": '{{ "$x" }}',
            "response_templates": {"200": "ok"},
        },
    ],
}


def test_a_playbook_gets_what_the_compiler_makes(tmp_path: Path) -> None:
    output = tmp_path / "compiled.json"
    run = run_playbook(PLAYBOOK, None, {"output": str(output)})
    assert run.rc == 0, run.stdout + run.stderr
    expected = compile_api(SPEC, [TEMPLATES])
    assert json.loads(output.read_text()) == {
        "definition": expected.definition,
        "policy": expected.policy,
        "expectations": expected.expectations,
    }
    assert expected.expectations


def test_a_template_beside_the_playbook_is_taken_instead(tmp_path: Path) -> None:
    beside = tmp_path / "templates" / "vtl"
    beside.mkdir(parents=True)
    (beside / "query.response.vtl.j2").write_text("## mine: {{ route }}")
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(PLAYBOOK)
    output = tmp_path / "compiled.json"
    run = run_playbook(playbook, None, {"output": str(output)})
    assert run.rc == 0, run.stdout + run.stderr
    files = vtl_files(json.loads(output.read_text())["definition"])
    assert files["get_id.response.200.vtl"] == "## mine: GET /{id}"
    assert files["get_id.request.vtl"].startswith("## GET /{id}: Query on table example\n")


def test_a_warning_about_a_template_is_shown(tmp_path: Path) -> None:
    output = tmp_path / "compiled.json"
    run = run_playbook(PLAYBOOK.replace('"ok"', '"#if($x)#end"'), None, {"output": str(output)})
    assert run.rc == 0, run.stdout + run.stderr
    shown = " ".join((run.stdout + run.stderr).split())
    assert '[WARNING]: routes[1] "PUT /example/{id}" response template 200: line 1: $x alone is true' in shown


def test_all_mistakes_are_in_one_error_one_a_line(tmp_path: Path) -> None:
    bad = PLAYBOOK.replace("action: Query\n          limit", "action: Querry\n          limit").replace(
        "hash_key: id", "hash_key: idd"
    )
    run = run_playbook(bad, None, {"output": str(tmp_path / "none")})
    assert run.rc != 0
    lines = (run.stdout + run.stderr).splitlines()
    start = next(at for at, line in enumerate(lines) if line.endswith("2 errors in the description of the API:"))
    assert [re.sub(r"^- \S+/playbook\.yml:\d+: ", "- ", line) for line in lines[start + 1 : start + 3]] == [
        "- tables[0] \"example\": hash_key 'idd' is not in attributes. "
        "Write id (known: id), or add idd: S to attributes.",
        f"- routes[0] \"GET /{{id}}\": unknown action 'Querry'. Write Query (known: {', '.join(ACTIONS)}).",
    ]

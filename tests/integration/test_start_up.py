# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run loads: our source from bytecode where that can be kept, and nothing that no task uses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.botocore_data import PlainData
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from botocore.loaders import JSONFileLoader, Loader

from playbooks import ROOT

_LOADS = """
import json, sys
from ansible.plugins.loader import action_loader, init_plugin_loader
init_plugin_loader([sys.argv[1]])
action = action_loader.get("codeless.apigateway." + sys.argv[2], class_only=True)
print(json.dumps([name for name in sys.modules if "codeless.apigateway.plugins" in name]))
"""
_SPEC = {
    "name": "things",
    "tables": [{"name": "things", "hash_key": "id", "attributes": {"id": "S"}}],
    "routes": [{"route": "GET /{id}", "action": "GetItem"}],
}
_TEMPLATES = [ROOT / "roles/service_proxy/templates/vtl"]


def loaded(action: str, **environment: str) -> set[str]:
    """The files of the collection that Ansible's main process loads with an action, by name."""
    command = [sys.executable, "-c", _LOADS, str(ROOT / "collections"), action]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **environment})
    return {".".join(name.split(".")[-2:]) for name in json.loads(ran.stdout)}


def test_bytecode_is_kept_where_python_is_told_to(tmp_path: Path) -> None:
    loaded("service_proxy", PYTHONPYCACHEPREFIX=str(tmp_path), PYTHONDONTWRITEBYTECODE="")
    kept = {f"{path.parent.name}/{path.name.partition('.')[0]}" for path in tmp_path.rglob("*.pyc")}
    assert {"_in_process/action", "_service_proxy/resource", "compiler/compile", "routes/route"} <= kept


def test_where_no_bytecode_may_be_kept_the_source_is_enough(tmp_path: Path) -> None:
    kept_nowhere = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    assert "_service_proxy.resource" in loaded("service_proxy", **kept_nowhere)
    assert not list(tmp_path.rglob("*.pyc"))


@pytest.mark.parametrize(
    ("action", "unused"),
    [
        (
            "service_proxy",
            {"_expectations.send", "_route.resource", "local_apigateway.velocity"},
        ),
        ("outputs", {"_engine.client", "_in_process.action"}),
        ("dynamodb_table", {"compiler.compile", "_rest_api.resource", "_stage.resource", "_execution_role.resource"}),
    ],
)
def test_an_action_loads_what_its_task_uses(action: str, unused: set[str]) -> None:
    assert loaded(action) & unused == set()


def test_what_jinja_made_of_the_templates_is_kept_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = compile_api(_SPEC, _TEMPLATES)
    directory = tmp_path / "codeless.apigateway" / "jinja"
    assert directory.stat().st_mode & 0o777 == 0o700
    kept = {path: path.read_bytes() for path in directory.iterdir()}
    assert kept
    assert compile_api(_SPEC, _TEMPLATES) == first
    assert {path: path.read_bytes() for path in directory.iterdir()} == kept


@pytest.mark.parametrize("spoil", [Path.touch, lambda path: path.symlink_to("/nowhere")], ids=["a file", "a link"])
def test_a_directory_that_is_not_this_users_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Any
) -> None:
    wanted = compile_api(_SPEC, _TEMPLATES)
    spoil(tmp_path / "codeless.apigateway")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compile_api(_SPEC, _TEMPLATES) == wanted
    assert len(list(tmp_path.iterdir())) == 1


def test_a_template_that_was_changed_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own = tmp_path / "get_item.response.vtl.j2"
    texts = []
    for text in ("1", "2"):
        own.write_text(f"## <{text}>", encoding="utf-8")
        definition = compile_api(_SPEC, [tmp_path, *_TEMPLATES]).definition
        texts.append(json.dumps(definition))
    assert ["<1>" in texts[0], "<2>" in texts[1], "<1>" in texts[1]] == [True, True, False]


@pytest.mark.parametrize("name", ["endpoints", "iam/2010-05-08/service-2", "apigateway/2015-07-09/endpoint-rule-set-1"])
def test_botocores_data_is_what_botocore_reads(name: str) -> None:
    path = f"{Loader.BUILTIN_DATA_PATH}/{name}"
    assert PlainData().load_file(path) == JSONFileLoader().load_file(path)
    assert PlainData().load_file(f"{path}-of-another-year") is None

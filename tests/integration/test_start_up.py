# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run loads: our source from bytecode where that can be kept, and nothing that no task uses."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import without_collector
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api

from playbooks import ROOT, run_playbook

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


def test_bytecode_is_kept_in_the_directory_that_python_uses(tmp_path: Path) -> None:
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


def test_a_changed_template_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own = tmp_path / "get_item.response.vtl.j2"
    texts = []
    for text in ("1", "2"):
        own.write_text(f"## <{text}>", encoding="utf-8")
        definition = compile_api(_SPEC, [tmp_path, *_TEMPLATES]).definition
        texts.append(json.dumps(definition))
    assert ["<1>" in texts[0], "<2>" in texts[1], "<1>" in texts[1]] == [True, True, False]


_CALLBACK = """
from ansible.plugins.callback import CallbackBase
DOCUMENTATION = "{name: kept, type: aggregate, short_description: Keeps a log, description: Keeps a log.}"
class CallbackModule(CallbackBase):
    CALLBACK_NAME = "kept"
    def v2_playbook_on_start(self, playbook):
        self.itself = self
        self.file = open(FILE, "w", encoding="utf-8")
        self.file.write("started")
"""


def test_what_a_users_callback_plugin_has_not_flushed_reaches_its_file(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_text(_CALLBACK.replace("FILE", repr(str(tmp_path / "log"))), encoding="utf-8")
    outputs = {"codeless.apigateway.outputs": {"state": "absent", "directory": str(tmp_path / "report")}}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [outputs]}
    callbacks = {"ANSIBLE_CALLBACK_PLUGINS": str(tmp_path), "ANSIBLE_CALLBACKS_ENABLED": "kept"}
    assert run_playbook(json.dumps([play]), None, environment=callbacks).rc == 0
    assert (tmp_path / "log").read_text(encoding="utf-8") == "started"


_STATE = """
import gc, sys
from ansible.plugins.loader import action_loader, init_plugin_loader
init_plugin_loader([sys.argv[1]])
action_loader.get("ansible.builtin.debug", class_only=True)
def state():
    return gc.isenabled(), gc.get_freeze_count(), gc.get_threshold(), sys.getswitchinterval(), sys.meta_path[0]
before = state()
try:
    if sys.argv[2] == "fails":
        sys.modules["ansible_collections.amazon"] = None
    action_loader.get("codeless.apigateway.service_proxy", class_only=True)
    imported = "works"
except Exception:
    imported = "fails"
assert imported == sys.argv[2]
assert state() == before, (before, state())
"""


@pytest.mark.parametrize("import_of_amazon_aws", ["works", "fails"])
def test_an_import_leaves_ansibles_process_as_it_was(import_of_amazon_aws: str) -> None:
    command = [sys.executable, "-c", _STATE, str(ROOT / "collections"), import_of_amazon_aws]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("switch", [gc.enable, gc.disable], ids=["on", "off"])
def test_a_task_leaves_the_garbage_collector_as_it_was(switch: Callable[[], None]) -> None:
    switch()
    try:
        was_enabled = gc.isenabled()
        with pytest.raises(ZeroDivisionError), without_collector():
            assert not gc.isenabled()
            raise ZeroDivisionError
        assert gc.isenabled() == was_enabled
    finally:
        gc.enable()

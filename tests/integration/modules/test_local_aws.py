# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module local_aws in a playbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from local_apigateway import daemon
from playbooks import run_playbook

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: converge
      codeless.apigateway.local_aws:
        state_dir: "{{ state_dir }}"
        state: "{{ state }}"
        port: "{{ port | default(0) | int }}"
        allow_origins: "{{ allow_origins | default([]) }}"
        functions: "{{ functions | default(false) }}"
"""


def _run(state_dir: Path, state: str, **more: Any) -> Any:
    options = {name: more.pop(name) for name in ("check", "diff") if name in more}
    return run_playbook(PLAY, None, {"state_dir": str(state_dir), "state": state, **more}, **options)


def test_start_and_stop(tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    foreseen = _run(state_dir, "started", check=True).result("converge")
    assert (foreseen["changed"], foreseen["running"]) == (True, True)
    assert not daemon.status(state_dir).running
    started = _run(state_dir, "started", diff=True).result("converge")
    try:
        status = daemon.status(state_dir)
        assert started["changed"]
        assert started["diff"]["before"] == "stopped\n"
        for name in ("running", "endpoint_url", "port", "pid"):
            assert started[name] == getattr(status, name)
        assert started["state_dir"] == str(state_dir)
        again = _run(state_dir, "started").result("converge")
        assert (again["changed"], again["pid"]) == (False, started["pid"])
        foreseen = _run(state_dir, "stopped", check=True).result("converge")
        assert (foreseen["changed"], foreseen["running"]) == (True, False)
        assert daemon.status(state_dir).running
        other = _run(state_dir, "started", port=status.port + 1)
        assert other.rc != 0
        assert "already runs on port" in other.result("converge")["msg"]
    finally:
        stopped = _run(state_dir, "stopped").result("converge")
    assert (stopped["changed"], stopped["running"]) == (True, False)
    assert not daemon.status(state_dir).running
    assert not _run(state_dir, "stopped").result("converge")["changed"]


def test_options_that_allow_more_than_the_default(tmp_path: Path) -> None:
    state_dir, opened = tmp_path / "state", {"allow_origins": ["http://localhost:3000"], "functions": True}
    wrong = _run(state_dir, "started", allow_origins=["*", "localhost"])
    assert "'*' is not the origin of a web page" in wrong.result("converge")["msg"]
    assert "'localhost' is not" in wrong.result("converge")["msg"]
    started = _run(state_dir, "started", diff=True, **opened).result("converge")
    try:
        assert started["diff"]["after"].endswith("\nwith --allow-origin http://localhost:3000 --functions\n")
        assert not _run(state_dir, "started", **opened).result("converge")["changed"]
        closed = _run(state_dir, "started")
        assert closed.rc != 0
        assert "Stop it before you start it with other options" in closed.result("converge")["msg"]
    finally:
        daemon.stop(state_dir)


def test_without_the_package_the_task_names_the_command_that_installs_it(tmp_path: Path) -> None:
    """A module of the same name that fails to import comes first on Python's path."""
    (tmp_path / "local_apigateway.py").write_text("raise ModuleNotFoundError('gone')\n", "utf-8")
    run = run_playbook(
        PLAY,
        None,
        {"state_dir": str(tmp_path / "state"), "state": "started"},
        environment={"PYTHONPATH": str(tmp_path)},
    )
    assert run.rc != 0
    assert run.result("converge")["msg"] == (
        f"local_aws needs the Python package local-apigateway on the controller, and {sys.executable} cannot import it "
        f"(gone). Install it: {sys.executable} -m pip install local-apigateway"
    )

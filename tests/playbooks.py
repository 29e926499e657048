# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a playbook from this checkout like a user, and return its result."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
_CALLBACKS = Path(__file__).resolve().parent / "callback_plugins"
_PROGRAM = Path(sys.executable).with_name("ansible-playbook")


@dataclass(frozen=True)
class Run:
    """The result of a run. `recap` has the sums over all hosts: `{"ok": 2, "changed": 1, "failures": 0, …}`."""

    rc: int
    stdout: str
    stderr: str
    recap: Mapping[str, int] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)

    def result(self, task: str) -> dict[str, Any]:
        """Return the result of the last task with a name."""
        return [result for result in self.results if result["task"] == task][-1]


EXAMPLE_FILE = "playbooks/vars/example.yml"
_DESCRIBING = tuple(f"service_proxy_{name}" for name in ("name", "tables", "routes", "items"))


def in_a_file(variables: Mapping[str, Any], directory: Path) -> dict[str, Any]:
    """Write the variables that describe an API to a file. Return the others, with the file as `api`.

    The file also has the variables of the file that `api` already names, or of the example.
    """
    described = {name: value for name, value in variables.items() if name in _DESCRIBING}
    settings = {name: value for name, value in variables.items() if name not in _DESCRIBING}
    base = ROOT / settings.get("api", EXAMPLE_FILE)
    if not described:
        return {**settings, "api": str(base)}
    text = json.dumps({**yaml.safe_load(base.read_text(encoding="utf-8")), **described})
    path = directory / f"api-{hashlib.sha256(text.encode()).hexdigest()[:8]}.yml"
    path.write_text(text, encoding="utf-8")
    return {**settings, "api": str(path)}


def run_playbook(
    text_or_path: str | Path,
    endpoint_url: str | None,
    extra_vars: Mapping[str, Any] | None = None,
    *,
    check: bool = False,
    diff: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a playbook, given as a path or as text.

    The environment contains nothing of the caller: an empty home, the AWS endpoint, keys that the local AWS accepts,
    and a Region. `environment` adds or replaces variables; an empty value removes one.
    """
    with tempfile.TemporaryDirectory(prefix="playbook-") as directory:
        home = Path(directory)
        command = _command(_playbook(text_or_path, home), extra_vars or {}, check, diff)
        variables = {**_environment(home, endpoint_url), **(environment or {})}
        made = subprocess.run(
            command,
            env={name: value for name, value in variables.items() if value},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        record = home / "record.json"
        kept = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    return Run(made.returncode, made.stdout, made.stderr, kept.get("recap", {}), kept.get("results", []))


def _playbook(text_or_path: str | Path, home: Path) -> Path:
    if isinstance(text_or_path, Path):
        return text_or_path
    path = home / "playbook.yml"
    path.write_text(text_or_path, encoding="utf-8")
    return path


def _command(playbook: Path, extra_vars: Mapping[str, Any], check: bool, diff: bool) -> list[str]:
    command = [str(_PROGRAM), str(playbook), "-e", json.dumps(dict(extra_vars))]
    return command + ["--check"] * check + ["--diff"] * diff


def _environment(home: Path, endpoint_url: str | None) -> dict[str, str]:
    return {
        "PATH": f"{_PROGRAM.parent}:{os.defpath}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_CALLBACK_PLUGINS": str(_CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "recorder",
        "RECORDER_FILE": str(home / "record.json"),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint_url or "",
        # Where `make coverage` has a process measure itself.
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
    }

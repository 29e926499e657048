# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The parts of the spans of a timeline, measured separately: imports, clients, and a task that does almost nothing."""

from __future__ import annotations

import sys
from statistics import median

import yaml
from processes import run
from rehearsed import ROOT, LocalAws

_PACKAGE = "ansible_collections.codeless.apigateway.plugins"
_ANSIBLE = f"""\
import gc
import sys
import types
import ansible.plugins.strategy.linear
from ansible.cli.playbook import PlaybookCLI
from ansible.plugins.loader import action_loader, init_plugin_loader
init_plugin_loader([{str(ROOT / "collections")!r}])
action_loader.get("ansible.builtin.debug", class_only=True)
"""
"""What Ansible has loaded when a playbook's first task is due."""
_ACTION = 'action_loader.get("codeless.apigateway.service_proxy", class_only=True)'
_AS_ANSIBLE_IMPORTS = f"""\
import contextlib
nothing = types.ModuleType("nothing")
nothing.cheaply = contextlib.nullcontext
sys.modules["{_PACKAGE}.plugin_utils._in_process.imports"] = nothing
"""
_SERVICES = ("apigateway", "dynamodb", "iam")
_TASKS = 20

Parts = dict[str, float]
"""Milliseconds, by what takes them."""


def measure(aws: LocalAws, repeats: int) -> Parts:
    """Return the medians of several measurements: the wall time of a task, the processor time of everything else."""
    one_session = f"session = boto3.Session()\nfor service in {_SERVICES}: session.client(service)"
    within_a_run = f"{_ANSIBLE}{_ACTION}\nimport boto3\ngc.disable()\n"
    each_its_own = f"for service in {_SERVICES}: boto3.Session().client(service)"
    return {
        "importing the action of service_proxy with all that it needs": _processor_time(
            aws, repeats, _ANSIBLE, _ACTION
        ),
        "of it boto3": _processor_time(aws, repeats, _ANSIBLE, "import boto3"),
        "the same as Ansible imports collections, without bytecode": _processor_time(
            aws, repeats, _ANSIBLE + _AS_ANSIBLE_IMPORTS, _ACTION
        ),
        "three botocore clients of one session": _processor_time(aws, repeats, "import boto3\n", one_session),
        "the same within a run": _processor_time(aws, repeats, within_a_run, one_session),
        "three botocore clients of three sessions": _processor_time(aws, repeats, "import boto3\n", each_its_own),
        "a task that does next to nothing, wall time": _wall_time_of_a_task(aws, repeats),
    }


def _processor_time(aws: LocalAws, repeats: int, before: str, measured: str) -> float:
    """Return the milliseconds of a statement in a separate Python process, after a first run that fills the caches."""
    script = f"{before}import time\nbegan = time.process_time()\n{measured}\nprint(time.process_time() - began)"
    environment = aws.environment_of("0" * 12)
    tries = [run([sys.executable, "-c", script], environment, ROOT)[1] for _try in range(repeats + 1)]
    return median(float(text.split()[-1]) for text in tries[1:]) * 1000  # above it Python may warn


def _wall_time_of_a_task(aws: LocalAws, repeats: int) -> float:
    """Return the milliseconds of fork, worker and result: the difference of playbooks with one and with many tasks."""
    playbook = aws.directory / "tasks.yml"

    def seconds(tasks: int) -> float:
        task = {"ansible.builtin.debug": {"msg": "done"}}
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task] * tasks}
        playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
        command = ["ansible-playbook", str(playbook)]
        return median(run(command, aws.environment(), ROOT)[0].wall for _try in range(repeats))

    return (seconds(_TASKS + 1) - seconds(1)) / _TASKS * 1000

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The first lines that a step of the role prints: its API, account and Region, and the source of the description."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible import constants
from ansible.utils.display import Display
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Params, Planned, Resource
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.api_description import DESCRIBING
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.variable_sources import sources_of


def show(line: str) -> None:
    """Print a line while a task runs."""
    # The output of a callback that writes JSON must contain no other text.
    Display().display(line, stderr="json" in constants.DEFAULT_STDOUT_CALLBACK)


def announcing(resource: Resource, target: Mapping[str, Any], task_vars: Mapping[str, Any], is_check: bool) -> Resource:
    """Return a resource that prints the target when the plan is made, before the first change.

    `target` has the members `name` and `stage`.
    """

    def planned(aws: Aws, params: Params) -> Planned:
        with ThreadPoolExecutor(max_workers=1) as pool:
            # service_proxy learns the account from the resources that it reads, without a further call.
            account = None if "tables" in params else pool.submit(_account, aws)
            plan = resource(aws, params)
        lines = [_target_line(aws, target, account.result() if account else _account(aws), task_vars)]
        if is_check or not plan.values.get("previous", True):
            lines += shared_tables_lines(target, plan.values.get("shared_tables") or {})
        for line in lines:
            show(f"{task_vars['inventory_hostname']}: {line}")
        return plan

    return planned


def _account(aws: Aws) -> str:
    try:
        return aws.account_id()
    except AwsError:  # STS may be unreachable although API Gateway is reachable
        return "unknown"


def _target_line(aws: Aws, target: Mapping[str, Any], account: str, task_vars: Mapping[str, Any]) -> str:
    sources = sources_of(task_vars, DESCRIBING)
    described = f", described in {', '.join(sources)}" if sources else ""
    return f"REST API {target['name']}, stage {target['stage']}, account {account}, Region {aws.region()}{described}"


def shared_tables_lines(target: Mapping[str, Any], shared: Mapping[str, Any]) -> list[str]:
    """Return a line about the other stages that serve from the same tables; none if there are no such stages.

    `shared` is the return value `shared_tables` of the module service_proxy.
    """
    if not shared.get("tables"):
        return []
    stages = shared["stages"]
    who = f"stage {stages[0]}" if len(stages) == 1 else f"stages {', '.join(stages)}"
    serve = "serve" if len(stages) > 1 else "serves"
    if not shared["certain"]:
        serve = "may serve"
    return [
        f"{who} of this API {serve} from the same tables ({', '.join(shared['tables'])}): "
        f"what stage {target['stage']} writes, they read"
    ]

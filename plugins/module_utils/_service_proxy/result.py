# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The return values of service_proxy."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Mapping, Sequence

from .._engine.client import Aws
from .._execution_role.policy import Policy
from .._execution_role.shared_policy import needs_of
from .._rest_api.state import Plain
from .desired import Desired
from .plans import Current, Plans

IndexNames = Dict[str, List[str]]
"""Names of indexes by the name of their table."""


def values(
    aws: Aws, desired: Desired, current: Current, plans: Plans, stages: Sequence[str], indexes: Mapping[str, IndexNames]
) -> Dict[str, Any]:
    """Return the return values. `stages` are the names of the API's stages, `indexes` the undeclared indexes."""
    api, stage = plans.api.values, plans.stage.values
    outputs = {
        "invoke_url": stage["invoke_url"],
        "api_id": api["api_id"],
        "stage": stage["name"],
        "deployment_id": stage["deployment_id"],
        "table_names": [table["name"] for table in desired.tables],
        "role_arn": plans.role_after.values["arn"],
    }
    found = {
        **outputs,
        "outputs": outputs,
        "canary_deployment_id": stage["canary_deployment_id"],
        "previous_deployment_id": stage["previous_deployment_id"],
        "previous": stage["previous"],
        "stages_elsewhere": stage["stages_elsewhere"],
        "definition": json.dumps(api["definition"]),
        "policy": plans.role_after.values["policy"],
        "expectations": desired.expectations,
        "region": aws.region(),
        "account_id": aws.account_id(),
        "kept": _kept(desired, plans, indexes["kept_indexes"]),
        **indexes,
        "shared_tables": _shared_tables(desired, current, stages),
        "warnings": _index_warnings(indexes["kept_indexes"]),
    }
    unreachable = _why_unreachable(current.api or {}, api["endpoint_type"])
    if unreachable and desired.expectations:
        warning = f'no requests were sent to the stage "{desired.stage_name}": {unreachable}'
        return {**found, "warnings": [*found["warnings"], warning], "expectations": []}
    return found


def undeclared_indexes(desired: Desired, plans: Plans) -> Dict[str, IndexNames]:
    """Return the indexes on AWS that are not declared: those to delete, those that stay, and those that are needed.

    An index is deleted if `purge_indexes` is set and the role's policy does not name it: the policy shows which indexes
    stages, canaries and kept deployments need.
    """
    found: Dict[str, IndexNames] = {"superfluous_indexes": {}, "kept_indexes": {}, "needed_indexes": {}}
    for table, plan in zip(desired.tables, plans.tables):
        for index in plan.values["kept_indexes"]:
            kind = "superfluous_indexes" if table["purge_indexes"] else "kept_indexes"
            # The policy of a role by ARN is not read, so it may grant indexes to earlier deployments.
            if desired.role_arn or _names_index(plans.role_after.values["policy"], table["name"], index):
                kind = "needed_indexes"
            found[kind].setdefault(table["name"], []).append(index)
    return found


def _names_index(policy: Policy, table: str, index: str) -> bool:
    return any(one.resource.endswith(f":table/{table}/index/{index}") for one in needs_of(policy))


def _kept(desired: Desired, plans: Plans, indexes: IndexNames) -> List[str]:
    """Return what differs from the desired state and stays: items, tags, indexes."""
    found = [
        f"item of {items['table']}: {name}"
        for items, plan in zip(desired.items, plans.items)
        for name in plan.values.get("kept_items", [])
    ]
    declared = desired.stage["tags"]
    if declared is not None:
        tagged = {"REST API": plans.api, f"stage {desired.stage_name}": plans.stage, "role": plans.role_after}
        found += [
            f"tag {key} of the {title}"
            for title, plan in tagged.items()
            for key in sorted(plan.values["tags"] or {})
            if key not in declared
        ]
    return found + [f"index {name} of table {table}" for table, names in indexes.items() for name in names]


_TABLE_IN_POLICY = re.compile(r":table/([A-Za-z0-9_.-]+)")


def _shared_tables(desired: Desired, current: Current, stages: Sequence[str]) -> Dict[str, Any]:
    """Return the API's other stages and the declared tables that they serve from; empty lists if there are none.

    The current policy of the role grants what the other stages need, but not which stage needs what. So the result is
    not `certain` if the policy grants other tables too.
    """
    others = sorted(name for name in stages if name != desired.stage_name)
    policy = current.role.policy if current.role else None
    granted = set(_TABLE_IN_POLICY.findall(json.dumps(policy))) if policy else set()
    declared = [table["name"] for table in desired.tables]
    tables = [name for name in declared if name in granted] if others else []
    return {"stages": others if tables else [], "tables": tables, "certain": granted <= set(declared)}


def _index_warnings(kept: IndexNames) -> List[str]:
    """Return a warning for each table with indexes that are not declared, not needed, and kept."""
    return [
        f'table "{table}": the index{"" if len(names) == 1 else "es"} {", ".join(names)} stay'
        f"{'s' if len(names) == 1 else ''}, not declared and not needed by any deployment. To remove such indexes, set "
        "`purge_indexes: true` (in the role `service_proxy_purge_indexes`)."
        for table, names in kept.items()
    ]


def _why_unreachable(api: Plain, endpoint_type: str) -> str:
    """Return why the stage's URL does not respond to everybody; empty if it does.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    how = "Verify it by the module codeless.apigateway.verify with the URL that callers use as `invoke_url`."
    if api.get("disableExecuteApiEndpoint"):
        return f"its execute-api endpoint is disabled, so only a custom domain name responds. {how}"
    if endpoint_type == "PRIVATE":
        return f"its endpoint is PRIVATE and responds only within a VPC. {how}"
    return ""

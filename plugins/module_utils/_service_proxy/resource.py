# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that one API needs, as one plan: tables, items, execution role, REST API, stage.

Everything is read and compared before the first change, in parallel if one read does not wait for another. The order of
the plan protects live traffic: what a deployment needs is created before the deployment, the draft is tested before the
stage switches, and the stage switches in one call.
"""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from .._dynamodb import items as dynamodb_items
from .._dynamodb import table as dynamodb_table
from .._dynamodb.table_changes import removal_of_indexes
from .._engine.client import Aws
from .._engine.errors import AwsError, raise_errors
from .._engine.plan import Action, Attempt, Check, Step, calls, in_parallel, steps
from .._engine.pseudo_parameters import fill
from .._engine.repeated_reads import LONGEST_WAIT, repeat_reads
from .._engine.resource import Diff, Params, Planned
from .._engine.threads import run_in_parallel
from .._execution_role import resource as execution_role
from .._execution_role.changes import wait_for_policy
from .._execution_role.role import Role, read_role
from .._execution_role.shared_policy import compute_policy_id
from .._rest_api import resource as rest_api
from .._rest_api.draft import find_api, read_draft
from .._rest_api.from_openapi import declared_sections
from .._rest_api.state import Plain
from .._stage import race_guard, releases
from .._stage.releases import Releases
from .._stage.resource import plan_stage
from .._stage.steps import switches_stage
from . import removal
from .desired import Desired, declared_role_arn, declared_tables, desired_state
from .existing import POLICY_NAME
from .permissions import plan_role
from .plans import Current, Plans
from .result import IndexNames, undeclared_indexes, values


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that brings all resources of an API to their desired state, or deletes the stage.

    Raises `AwsError` with everything that prevents it, whichever resource it concerns.
    """
    if params["state"] == "absent":
        return removal.planned(aws, params)
    return planned_while_compiling(aws, params, lambda: json.loads(params["compiled"]))


def planned_while_compiling(aws: Aws, params: Params, compile_routes: Callable[[], Plain]) -> Planned:
    """Return the plan of a deployment whose routes are compiled while AWS responds to the first reads.

    An error of `compile_routes` is raised at once, without waiting for AWS.
    """
    desired = _compile_while_reading(aws, params, compile_routes)
    role, tables, items = _plan_tables(aws, desired)
    current = Current(role, _find_api(aws, params))
    api = _plan_api(aws, desired, current)
    released = releases.read_releases(aws, api.values["api_id"])
    stage = plan_stage(aws, _stage_params(desired, current, api), released)
    if current.api and not rest_api.is_ours(current.api) and (calls(api.plan) or calls(stage.plan)):
        api = rest_api.adopted(aws, desired.api, current.api, api, [*api.diffs, *stage.diffs])
    current = replace(current, role=_await_hidden_role(aws, desired, current.role, released))
    role_before, role_after = _plan_role(aws, desired, current, stage, released)
    plans = Plans(tables, items, role_before, api, stage, role_after)
    checks = _draft_checks(desired, current, plans)
    plans = _guard(desired, current, plans, checks)
    indexes = undeclared_indexes(desired, plans)
    return Planned(
        plan=_ordered(desired, current, plans, checks, indexes["superfluous_indexes"]),
        values=values(aws, desired, current, plans, [one["stageName"] for one in released.stages], indexes),
        diffs=_diffs(plans, indexes["superfluous_indexes"]),
        live=partial(_what_is_live, desired.stage_name, stage.values["previous_deployment_id"]),
        adoptions=[adoption for plan in plans.all for adoption in plan.adoptions],
    )


def _compile_while_reading(aws: Aws, params: Params, compile_routes: Callable[[], Plain]) -> Desired:
    """Return the desired state. When it returns, the first reads of all resources have their responses."""
    tables, role_arn = declared_tables(params), declared_role_arn(aws, params)
    definition: Future[Plain] = Future()
    reads: Dict[str, List[Callable[[Aws], Any]]] = {
        "apigateway": [partial(_read_ahead_api, params=params, definition=definition.result)],
        "iam": [partial(_read_ahead_role, name=params["role_name"])] if params.get("role_name") else [],
        "dynamodb": [
            partial(dynamodb_table.look if table["managed"] else dynamodb_table.checked, params=table)
            for table in tables
        ],
    }
    wait_for_reads = aws.start_reads({service: those for service, those in reads.items() if those})
    try:
        compiled = compile_routes()
        definition.set_result(compiled["definition"])
    finally:
        definition.cancel()  # release the thread that waits for it
    desired = desired_state(params, compiled, tables, role_arn)
    wait_for_reads()
    return desired


def _read_ahead_role(aws: Aws, name: str) -> None:
    """Read the role, and if it does not exist the account of its ARN."""
    if read_role(aws, execution_role.name_for(name, aws), POLICY_NAME) is None:
        aws.account_id()


def _read_ahead_api(aws: Aws, params: Params, definition: Callable[[], Plain]) -> None:
    """Read the draft and the stages of the API, and those parts of the draft that the `definition` declares.

    If the API does not exist, the role probably does not either, so ask STS for the account.
    """
    api = find_api(aws, params["name"], params.get("api_id"))
    if api is None:
        if not params.get("role_arn"):
            aws.account_id()
        return
    aws.read_ahead(
        partial(releases.read_ahead, api_id=api["id"]),
        partial(read_draft, api=api, parts={}),
        lambda ahead: read_draft(ahead, api, declared_sections(definition())),
    )


def _plan_tables(aws: Aws, desired: Desired) -> Tuple[Optional[Role], List[Planned], List[Planned]]:
    """Return the current role, and the plans of the tables and of their items, all read in parallel."""
    role, *plans = run_in_parallel(
        [
            partial(_read_role, aws, desired.role),
            *(partial(_plan_table, aws, table) for table in desired.tables),
            *(partial(dynamodb_items.planned, aws, items) for items in desired.items),
        ]
    )
    tables, items = plans[: len(desired.tables)], plans[len(desired.tables) :]
    return role, _adopt_tables_of_items(aws, desired, tables, items), items


def _read_role(aws: Aws, params: Plain) -> Optional[Role]:
    if not params["name"]:
        return None
    name = execution_role.name_for(params["name"], aws)
    raise_errors(f'execution_role "{name}"', execution_role.option_errors(name, params))
    return read_role(aws, name, params["policy_name"])


def _await_hidden_role(aws: Aws, desired: Desired, role: Optional[Role], released: Releases) -> Optional[Role]:
    """Return the role, read until it has a policy, if it has none although a stage needs one.

    A run creates the role and its policy before the first stage, so reads of IAM may be behind: this run would
    otherwise create the role again, or take away permissions of the live deployment. A run that creates a role does
    not wait until reads show it, because here the wait costs nothing unless reads are behind.
    """
    needs_policy = bool(released.stages and desired.role["name"] and desired.role["policy"]["Statement"])
    if not needs_policy or (role and role.policy):
        return role
    aws.report(
        f"AWS shows no policy of the role {execution_role.name_for(desired.role['name'], aws)}, although a stage is "
        f"deployed. Waiting for at most {LONGEST_WAIT:.0f} s."
    )
    for _read in repeat_reads(aws):
        role = _read_role(aws, desired.role)
        if role and role.policy:
            break
    return role


def _plan_table(aws: Aws, table: Plain) -> Planned:
    """Return the plan of a table. Indexes are deleted only when the stage has switched, by another plan."""
    if not table["managed"]:
        return dynamodb_table.checked(aws, table)
    return dynamodb_table.planned(aws, {**table, "purge_indexes": False})


def _adopt_tables_of_items(
    aws: Aws, desired: Desired, tables: Sequence[Planned], items: Sequence[Planned]
) -> List[Planned]:
    """Return the plans of the tables, where items count as a change of a table that somebody else created.

    A table with `managed: false` has an explicit `items_mode`, which confirms the items.
    """
    plans = list(tables)
    positions = {table["name"]: number for number, table in enumerate(desired.tables) if table["managed"]}
    for options, plan in zip(desired.items, items):
        number = positions.get(options["table"])
        if number is not None and calls(plan.plan):
            plans[number] = dynamodb_table.adopted_for_items(aws, desired.tables[number], plans[number], plan.diffs)
    return plans


def _find_api(aws: Aws, params: Params) -> Optional[Plain]:
    """Return the API that the options name. Raises `AwsError` for an `api_id` that does not exist."""
    found = find_api(aws, params["name"], params.get("api_id"))
    if params.get("api_id") and not found:
        raise AwsError(
            f'REST API "{params["name"]}": there is no API with the id "{params["api_id"]}" in {aws.region()}. Correct '
            "`api_id` (in the role service_proxy: `service_proxy_api_id`), or leave it out to create an API."
        )
    return found


def _plan_api(aws: Aws, desired: Desired, current: Current) -> Planned:
    role_arn = desired.role_arn or execution_role.role_arn(aws, desired.role, current.role)
    return rest_api.plan_api(aws, {**desired.api, "execution_role": role_arn}, current.api)


def _stage_params(desired: Desired, current: Current, api: Planned) -> Params:
    """Return the options of the stage, with what it needs to know of the draft after the import."""
    return {
        **desired.stage,
        "api_id": api.values["api_id"],
        "digest": api.values["digest"],
        "draft_version": current.version,
        "content_is_new": current.version != api.values["version"],
        "policy_id": compute_policy_id(desired.role["policy"]),
    }


def _plan_role(
    aws: Aws, desired: Desired, current: Current, stage: Planned, released: Releases
) -> Tuple[Planned, Planned]:
    """Return the plans of the role before and after the stage switches. A role by ARN has nothing to do."""
    if desired.role_arn:
        unchanged = Planned([], {"arn": desired.role_arn, "policy": fill(desired.role["policy"], aws)})
        return unchanged, unchanged
    return plan_role(aws, desired.role, current.role, stage, released)


def _draft_checks(desired: Desired, current: Current, plans: Plans) -> List[Check]:
    """Return the check of the draft if the routes have expectations and the stage switches to another deployment."""
    if not desired.expectations or not any(switches_stage(step) for step in steps(plans.stage.plan)):
        return []
    from .draft_check import draft_check  # most runs send no requests, and need not load what sends them

    return [draft_check(desired, current, plans)]


def _guard(desired: Desired, current: Current, plans: Plans, checks: Sequence[Check]) -> Plans:
    """Return the plans, in which the stage and the role do not change if another run deploys the same API."""
    other_deployment = (
        race_guard.other_import(plans.api.values["api_id"], current.version)
        if current.api
        else race_guard.other_first_deployment(desired.name)
    )
    detectors = [other_deployment, race_guard.other_policy(plans.role)]
    return replace(
        plans,
        stage=race_guard.guard_stage(plans.stage, detectors, again=checks),
        role_after=race_guard.guard_policy(plans.role_after, plans.role),
    )


def _ordered(
    desired: Desired, current: Current, plans: Plans, checks: Sequence[Check], superfluous_indexes: IndexNames
) -> List[Action]:
    """Return the actions of all plans in an order that protects live traffic."""
    plan: List[Action] = [
        *in_parallel([*_table_plans(desired, plans), _role_and_api_plan(desired, current, plans)]),
        *checks,
        *plans.stage.plan,
        *plans.role_after.plan,
        *(wait_for_policy(plans.role) if current.role else []),
        *_index_deletions(desired, superfluous_indexes),
    ]
    if current.api is None:
        return [Attempt(plan, race_guard.delete_duplicate_api(desired.name))]
    return plan


def _table_plans(desired: Desired, plans: Plans) -> List[Sequence[Action]]:
    """Return the plan of each table, followed by that of its items."""
    items = {options["table"]: plan.plan for options, plan in zip(desired.items, plans.items)}
    return [[*plan.plan, *items.get(table["name"], [])] for table, plan in zip(desired.tables, plans.tables)]


def _role_and_api_plan(desired: Desired, current: Current, plans: Plans) -> List[Action]:
    """Return the plans of the role and the API in parallel. A new role comes first: integrations name it.

    Its policy does not: only requests need permissions.
    """
    is_new = current.role is None and not desired.role_arn
    creation = plans.role.plan[:1] if is_new else []
    return [*creation, *in_parallel([plans.role.plan[len(creation) :], plans.api.plan])]


def _index_deletions(desired: Desired, superfluous: IndexNames) -> List[Action]:
    tables = {table["name"]: table for table in desired.tables}
    return in_parallel(
        [
            removal_of_indexes(name, indexes, tables[name]["wait"], tables[name]["wait_timeout"])
            for name, indexes in superfluous.items()
        ]
    )


def _diffs(plans: Plans, superfluous_indexes: IndexNames) -> List[Diff]:
    deleted = [
        Diff({"name": name}, None, f"index {name} of table {table}")
        for table, names in superfluous_indexes.items()
        for name in names
    ]
    return [*(diff for plan in plans.all for diff in plan.diffs), *deleted]


def _what_is_live(stage: str, before: str, done: Sequence[Step]) -> str:
    """Return what a stage serves after these steps; `before` is the deployment that it served before them."""
    switches = [step for step in done if step.operation == "DeleteStage" or switches_stage(step)]
    if switches and switches[-1].operation != "DeleteStage":
        return f'The stage "{stage}" serves what this run has deployed.'
    if before:
        return f'The stage "{stage}" serves deployment {before} as before.'
    return f'There is no stage "{stage}" yet.'

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that one API needs, as one plan: tables, items, execution role, REST API, stage.

All is read and compared before the first change, side by side where one read does not wait for another. The order of
the plan is what keeps live traffic whole: what a deployment needs comes before it, the draft is asked before the stage
moves, and the stage moves in one call.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._dynamodb import items as _dynamodb_items
from .._dynamodb import table as _dynamodb_table
from .._dynamodb.table_changes import removal_of_indexes
from .._dynamodb.table_options import OPTIONS as TABLE_OPTIONS
from .._engine.client import Aws
from .._engine.errors import AwsError, raise_errors
from .._engine.ownership import reason_to_keep
from .._engine.plan import Action, Attempt, Check, Given, Step, calls, in_parallel, resolved, steps
from .._engine.pseudo_parameters import fill
from .._engine.resource import Diff, Params, Planned
from .._engine.threads import run_in_parallel
from .._execution_role import resource as _execution_role
from .._execution_role.policy import Policy
from .._execution_role.shared_policy import QUOTA, Needs, mark_of, needs_of, policy_of, restricted, size, with_declared
from .._rest_api import resource as _rest_api
from .._rest_api.draft import find_api, read_draft
from .._rest_api.draft_version import DRAFT_VERSION
from .._rest_api.from_openapi import declared_sections
from .._rest_api.settings import POLICY
from .._rest_api.state import Plain
from .._stage import race_guard
from .._stage import releases as _releases
from .._stage import resource as _stage
from .._stage.releases import Releases
from .._stage.steps import switches_stage
from . import removal as _service_proxy_absent
from .existing import POLICY_NAME


def planned(aws: Aws, params: Params) -> Planned:
    """What brings all resources of an API to their declared state, or removes what no other stage needs.

    Raises `AwsError` with all that stands against it, whichever resource it concerns.
    """
    if params["state"] == "absent":
        return _service_proxy_absent.planned(aws, params)
    return planned_with(aws, params, lambda: json.loads(params["compiled"]))


def planned_with(aws: Aws, params: Params, compiled: Callable[[], Plain]) -> Planned:
    """The same, where the routes are yet to be compiled: `compiled` does that while AWS answers the first questions.

    What it raises is raised; AWS is not waited for then.
    """
    wanted = _wanted_meanwhile(aws, params, compiled)
    role, *behind = run_in_parallel(
        [
            partial(_read_role, aws, wanted.role),
            *(partial(_planned_table, aws, table) for table in wanted.tables),
            *(partial(_dynamodb_items.planned, aws, items) for items in wanted.items),
        ]
    )
    behind = _with_tables_of_items_adopted(aws, wanted, behind)
    arn = wanted.role_arn or _execution_role.role_arn(aws, wanted.role, role)
    there = _find_api(aws, params)
    version = (there or {}).get("version", "")
    api = _rest_api.plan_api(aws, {**wanted.api, "execution_role": arn}, there)
    content = {
        "digest": api.values["digest"],
        "draft_version": version,
        "content_is_new": version != api.values["version"],
        "policy_mark": mark_of(wanted.role["policy"]),
    }
    releases = _releases.read_releases(aws, api.values["api_id"])
    stage = _stage.plan_stage(aws, {**wanted.stage, "api_id": api.values["api_id"], **content}, releases)
    if there and not _rest_api.is_ours(there) and (calls(api.plan) or calls(stage.plan)):
        api = _rest_api.adopted(aws, params, there, api, [*api.diffs, *stage.diffs])
    if wanted.role_arn:
        before = after = Planned([], {"arn": wanted.role_arn, "policy": fill(wanted.role["policy"], aws)})
    else:
        before, after = _permissions(aws, wanted.role, role, stage, releases)
    is_new = role is None and not wanted.role_arn
    detectors = [
        race_guard.other_import(api.values["api_id"], version)
        if there
        else race_guard.other_first_deployment(params["name"]),
        race_guard.other_policy(before),
    ]
    asking = _asking_the_draft(params, wanted.expectations, api, stage, before, version)
    stage = race_guard.guard_stage(stage, detectors, again=asking)
    after = race_guard.guard_policy(after, before)
    plan = [
        *in_parallel([*_by_table(wanted, behind), _role_and_api(before, api, is_new=is_new)]),
        *asking,
        *_plans([stage, after]),
    ]
    indexes = _indexes_beyond_declared(wanted, behind, after)
    plan += [*_execution_role.wait_for_new_role(before), *_removal_of_indexes(wanted, indexes["superfluous_indexes"])]
    if there is None:
        plan = [Attempt(plan, race_guard.delete_duplicate_api(params["name"]))]
    resources = [*behind, before, api, stage, after]
    tagged = {"REST API": api, f"stage {wanted.stage['name']}": stage, "role": after}
    values = {
        **_values(wanted, after, api, stage),
        "region": aws.region(),
        "account_id": aws.account_id(),
        "kept": _kept(wanted, behind, tagged, indexes["kept_indexes"]),
        **indexes,
        "shared_tables": _shared_tables(wanted, role, [one["stageName"] for one in releases.stages]),
        "warnings": _warnings(indexes),
    }
    unreachable = _why_unreachable(there or {}, api.values["endpoint_type"])
    if unreachable and wanted.expectations:
        values["warnings"].append(f'stage "{params["stage"]}" was not asked what its routes expect: {unreachable}')
        values["expectations"] = []
    live = partial(_what_is_live, params["stage"], stage.values["previous_deployment_id"])
    diffs = [diff for resource in resources for diff in resource.diffs]
    diffs += [
        Diff({"name": name}, None, f"index {name} of table {table}")
        for table, names in indexes["superfluous_indexes"].items()
        for name in names
    ]
    return Planned(plan, values, diffs, live, [one for resource in resources for one in resource.takeovers])


def _what_is_live(stage: str, before: str, done: Sequence[Step]) -> str:
    """Return what a stage serves after these steps; `before` is the deployment that it served before them."""
    moves = [step for step in done if step.operation == "DeleteStage" or switches_stage(step)]
    if moves and moves[-1].operation != "DeleteStage":
        return f'The stage "{stage}" serves what this run has deployed.'
    return (
        f'The stage "{stage}" serves deployment {before} as before.' if before else f'There is no stage "{stage}" yet.'
    )


def _planned_table(aws: Aws, table: Plain) -> Planned:
    """Return the plan of a table. One that others manage is only read; indexes are removed when the stage has moved."""
    if not table["managed"]:
        return _dynamodb_table.checked(aws, table)
    return _dynamodb_table.planned(aws, {**table, "purge_indexes": False})


def _with_tables_of_items_adopted(aws: Aws, wanted: _Wanted, behind: Sequence[Planned]) -> List[Planned]:
    """Return the plans, where a table of somebody else that only gets items counts as changed by them.

    A table with `managed: false` names its `items_mode`, which says that these are meant.
    """
    plans = list(behind)
    places = {table["name"]: place for place, table in enumerate(wanted.tables) if table["managed"]}
    for items, planned in zip(wanted.items, behind[len(wanted.tables) :]):
        place = places.get(items["table"])
        if place is not None and calls(planned.plan):
            table = plans[place]
            plans[place] = _dynamodb_table.adopted_for_items(aws, wanted.tables[place], table, planned.diffs)
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


def _wanted_meanwhile(aws: Aws, params: Params, compiled: Callable[[], Plain]) -> _Wanted:
    """What is wanted, while AWS is asked all that each resource asks first; all is answered when this returns."""
    tables, role_arn = _tables(params), _role_arn(aws, params)
    declared: Future[Plain] = Future()
    reads: Dict[str, List[Callable[[Aws], Any]]] = {
        "apigateway": [partial(_ask_for_api, params=params, declared=declared.result)],
        "iam": [partial(_ask_for_role, name=params["role_name"])] if params.get("role_name") else [],
        "dynamodb": [
            partial(_dynamodb_table.look if table["managed"] else _dynamodb_table.checked, params=table)
            for table in tables
        ],
    }
    answers = aws.start_reads({service: those for service, those in reads.items() if those})
    try:
        api = compiled()
        declared.set_result(api["definition"])
    finally:
        declared.cancel()  # whoever waits for it in vain
    wanted = _wanted(params, api, tables, role_arn)
    answers()
    return wanted


def _by_table(wanted: _Wanted, behind: Sequence[Planned]) -> List[Sequence[Action]]:
    """The plans of the tables, each with the plan of its items behind it."""
    tables = dict(zip((table["name"] for table in wanted.tables), behind))
    items = dict(zip((items["table"] for items in wanted.items), behind[len(wanted.tables) :]))
    return [_plans([plan, *([items[name]] if name in items else [])]) for name, plan in tables.items()]


def _role_and_api(role: Planned, api: Planned, is_new: bool) -> List[Action]:
    """A role that `is_new` is made before the API, whose integrations name it. What it may do, only requests need."""
    makes = role.plan[:1] if is_new else []
    return [*makes, *in_parallel([role.plan[len(makes) :], api.plan])]


def _plans(resources: Sequence[Planned]) -> List[Action]:
    return [action for resource in resources for action in resource.plan]


@dataclass(frozen=True)
class _Wanted:
    """The options of each resource as its own module has them, and what requests are to be answered with.

    `role_arn` is the role that the user names by its ARN, which is used as it is; empty where `role` declares one.
    """

    expectations: List[Plain]
    tables: List[Plain]
    items: List[Plain]
    role: Plain
    role_arn: str
    api: Plain
    stage: Plain


def _wanted(params: Params, compiled: Plain, tables: List[Plain], role_arn: str) -> _Wanted:
    present = {"state": "present", "tags": params.get("tags"), "purge_tags": params["purge_tags"]}
    role = {
        **present,
        "name": params.get("role_name"),
        "owner": params["name"],
        "policy": compiled["policy"],
        "policy_name": POLICY_NAME,
        "description": _execution_role.latin_description(f"API Gateway to DynamoDB for {params['name']}"),
        "permissions_boundary": params.get("permissions_boundary"),
    }
    api = {
        **present,
        "name": params["name"],
        "definition": _with_resource_policy(params, compiled["definition"]),
        "endpoint_type": params.get("endpoint_type"),
        "fail_on_warnings": params["fail_on_warnings"],
        "version_tells_content": True,  # the document's own, which the compiler writes, is always the same
    }
    stage = {
        **present,
        "name": params["stage"],
        "canary": params.get("canary"),
        "variables": params.get("stage_variables"),
        "method_settings": params.get("method_settings"),
        "tracing_enabled": params.get("tracing_enabled"),
        "keep_deployments": params["keep_deployments"],
    }
    return _Wanted(compiled["expectations"], tables, _items(params, tables), role, role_arn, api, stage)


_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\x21-\x7e]+")


def _role_arn(aws: Aws, params: Params) -> str:
    """Return the ARN of the role that is used as it is, or no text. Raises `AwsError` for what is no role's ARN."""
    if not params.get("role_arn"):
        return ""
    arn = str(fill(params["role_arn"], aws))
    if not _ROLE_ARN.fullmatch(arn):
        raise AwsError(
            f'service_proxy "{params["name"]}": role_arn is "{arn}", not the ARN of an IAM role; write it like '
            "arn:aws:iam::123456789012:role/orders (in the role service_proxy: service_proxy_role_arn)."
        )
    aws.learn_account_id(arn)  # iam:PassRole reaches no role of another account
    return arn


def _with_resource_policy(params: Params, definition: Plain) -> Plain:
    policy = params.get("resource_policy")
    return {**definition, POLICY: policy} if policy else definition


_NOT_OF_TABLE = ("crud", "version_attribute")
"""Keys of a table that the compiler reads, and DynamoDB does not know."""

_TABLE_OPTIONS = {
    **TABLE_OPTIONS,
    "items_mode": _dynamodb_items.ITEMS_MODE,
    "managed": {"type": "bool", "default": True},
}

_DEFAULTS_OF_TABLES = ("tags", "purge_tags", "purge_indexes", "items_mode")
"""Options of the module that hold for each table which does not name its own."""


def _tables(params: Params) -> List[Plain]:
    """Return the tables, each with the options of its module."""
    validator = ArgumentSpecValidator(_TABLE_OPTIONS)
    tables, mistakes = [], []
    for number, given in enumerate(params["tables"]):
        declared = {**{name: params.get(name) for name in _DEFAULTS_OF_TABLES}, **given}
        words = {name: value for name, value in declared.items() if value is not None and name not in _NOT_OF_TABLE}
        checked = validator.validate(words)
        wrong = checked.error_messages
        table = {**checked.validated_parameters, "owner": params["name"]}
        if not wrong and not table["managed"]:
            wrong = _unmanaged_mistakes(params, given)
        mistakes += [f'tables[{number}] "{given.get("name")}": {message}' for message in wrong]
        tables.append(table)
    raise_errors(f'service_proxy "{params["name"]}"', mistakes)
    return tables


_OF_UNMANAGED = (
    *("name", "managed", "hash_key", "range_key", "attributes", "indexes", "local_indexes", "ttl_attribute"),
    *("items_mode", *_NOT_OF_TABLE),
)
"""Keys of a table with `managed: false`: what routes need to know, and what is compared with the table on AWS."""


def _unmanaged_mistakes(params: Params, given: Plain) -> List[str]:
    """Return what a table with `managed: false` declares to no effect, and items that nobody said are meant for it."""
    mistakes = [
        f"{name} has no effect with managed: false, which changes nothing on the table; leave it out"
        for name, value in given.items()
        if name not in _OF_UNMANAGED and value is not None
    ]
    if params["items"].get(given["name"]) and not given.get("items_mode"):
        mistakes.append(
            "items are declared for it, and managed: false changes nothing on the table; leave the items out, or write "
            "items_mode: create (or overwrite) on this table to say that they are meant"
        )
    return mistakes


def _items(params: Params, tables: Sequence[Plain]) -> List[Plain]:
    """The items of each table, with the keys as the tables declare them, so that nobody need ask for these."""
    declared = {table["name"]: table for table in tables}
    unknown = [name for name in params["items"] if name not in declared]
    raise_errors("items", [f'there is no table "{name}" here; there are {", ".join(declared)}' for name in unknown])
    return [
        {
            "state": "present",
            "items_mode": declared[name]["items_mode"],
            "table": name,
            "items": items,
            "hash_key": declared[name]["hash_key"],
            "range_key": declared[name].get("range_key"),
            "attributes": declared[name]["attributes"],
        }
        for name, items in params["items"].items()
        if items
    ]


def _ask_for_role(aws: Aws, name: str) -> None:
    """Read the role, and where there is none the account that it is to be made in, for who asks for them later."""
    if _execution_role.read_role(aws, _execution_role.name_for(name, aws), POLICY_NAME) is None:
        aws.account_id()


def _read_role(aws: Aws, params: Plain) -> Optional[_execution_role.Role]:
    if not params["name"]:
        return None
    name = _execution_role.name_for(params["name"], aws)
    raise_errors(f'execution_role "{name}"', _execution_role.mistakes(name, params))
    return _execution_role.read_role(aws, name, params["policy_name"])


def _ask_for_api(aws: Aws, params: Params, declared: Callable[[], Plain]) -> None:
    """Read the draft, the stages and what else they need of the API where there is one, for who asks for it later.

    Which parts the draft has beside its routes is known once it is `declared`. Where there is no API, there is hardly a
    role yet whose ARN tells the account.
    """
    api = find_api(aws, params["name"], params.get("api_id"))
    if api is None:
        if not params.get("role_arn"):
            aws.account_id()
        return
    aws.read_ahead(
        partial(_releases.read_ahead, api_id=api["id"]),
        partial(read_draft, api=api, parts={}),
        lambda ahead: read_draft(ahead, api, declared_sections(declared())),
    )


def _permissions(
    aws: Aws, params: Plain, have: Optional[_execution_role.Role], stage: Planned, releases: Releases
) -> Tuple[Planned, Planned]:
    """Return the role's plan before the stage moves, and its plan after.

    Before, the policy grants what it did and what is declared. After, it grants what the deployments need that exist
    then; of these the list is read only where the policy grants what no deployment in the stages' records needs.
    """
    if have and reason_to_keep(have.owner or "", params["owner"]):
        params = {**params, "description": None}  # the description of whoever created the role stays
    declared, mark = fill(params["policy"], aws), mark_of(params["policy"])
    there = (have.policy if have else None) or {}
    needs = needs_of(there)
    beyond = set(needs) - set(needs_of(declared))
    going = {step.params["deploymentId"] for step in steps(stage.plan) if step.operation == "DeleteDeployment"}
    is_recorded = all(needs[one] & releases.recorded_marks(going) for one in beyond)
    marks = None if is_recorded else releases.policy_marks(going)
    grants = with_declared(needs, declared, mark, keep_unmarked=marks is None and not is_recorded)
    needed = restricted(grants, None if marks is None else marks | {mark})
    if size(policy_of(grants)) > QUOTA:
        grants = needed  # no room for what is deleted in this run
    raise_errors(
        f'execution_role "{_execution_role.name_for(params["name"], aws)}"', _too_large(policy_of(grants), declared)
    )
    keeps = policy_of(grants) if _differ(grants, needs, mark) else there
    before = _execution_role.planned_from(aws, {**params, "policy": keeps, "keep_statements": "none"}, have)
    if set(needed) == set(grants):
        return before, Planned([], before.values)
    return before, _execution_role.trimmed(params, before, policy_of(needed))


def _differ(grants: Needs, needs: Needs, mark: str) -> bool:
    """Return whether the policy has to be put: it lacks a permission, grants one too many, or lacks the mark."""
    return set(grants) != set(needs) or any(mark in marks and mark not in needs[one] for one, marks in grants.items())


def _too_large(policy: Policy, declared: Policy) -> List[str]:
    """Return the error where IAM would reject a policy as too long."""
    alone = size(policy_of(with_declared({}, declared, "0" * 8, keep_unmarked=False)))
    if size(policy) <= QUOTA:
        return []
    if alone > QUOTA:
        return [
            f"the policy that the routes need has {alone:,} characters, and IAM allows {QUOTA:,} for the inline "
            "policies of a role. Use fewer tables and indexes in one API: divide it into several."
        ]
    return [
        f"its policy would have {size(policy):,} characters, and IAM allows {QUOTA:,} for the inline policies of a "
        f"role. {alone:,} are for the routes as declared, the rest is for earlier deployments that are kept. Keep "
        "fewer: lower `keep_deployments` (in the role `service_proxy_keep_deployments`), deploy the other stages, or "
        "delete deployments that nobody needs."
    ]


def _changes_permissions(role: Planned) -> bool:
    """Return whether a plan creates the role or changes what it may do, which takes AWS a while."""
    return bool({"iam:CreateRole", "iam:PutRolePolicy"} & set(calls(role.plan)))


def _moves(stage: Planned) -> bool:
    """Whether the stage or its canary comes to serve another deployment than it does."""
    return any(switches_stage(step) for step in steps(stage.plan))


def _asking_the_draft(
    params: Params, expectations: List[Plain], api: Planned, stage: Planned, role: Planned, version: str
) -> List[Check]:
    """The requests that routes declare with their answers, sent to the draft before a stage comes to serve it.

    `role` is the plan of the execution role, `version` that of the draft before the import.
    """
    if not expectations or not _moves(stage):
        return []
    # Most runs have nothing to ask, and need not load what asks.
    from .._expectations.of_draft import failures_of_draft
    from .._expectations.send import PATIENCE, UNTIL_IAM_IS_SEEN, Patience

    patience = UNTIL_IAM_IS_SEEN if _changes_permissions(role) else PATIENCE
    once_more = Patience(attempts=1, not_yet_attempts=min(patience.not_yet_attempts, 16))

    def failures(aws: Aws, given: Given, patience: Patience) -> Optional[List[str]]:
        """Return what is wrong; None where AWS does not find the API, or a route that it has just listed."""
        api_id = resolved(api.values["api_id"], given)
        try:
            return failures_of_draft(aws, api_id, expectations, params.get("stage_variables"), patience)
        except AwsError as error:
            if error.code == "NotFoundException":
                return None
            raise

    def ask(aws: Aws, given: Given) -> Sequence[str]:
        found = failures(aws, given, patience)
        if found is None or (found and DRAFT_VERSION in given):
            # The draft from before the import may have answered, which the next one cannot once the import is seen.
            seen = dict(given)
            race_guard.wait_until_draft_is_shown(aws, seen, api.values["api_id"], version)
            was_behind = found is None or race_guard.DRAFT_WAS_BEHIND in seen
            found = failures(aws, given, patience if was_behind else once_more)
        return ["AWS does not find the draft"] if found is None else found

    what = f'REST API "{params["name"]}": the draft does not answer as the routes expect:'
    then = f'The stage "{params["stage"]}" was not changed.'
    if not stage.values["previous_deployment_id"]:
        then = f'The stage "{params["stage"]}" was not created; nothing is live.'
    return [Check(ask, what, then)]


def _values(wanted: _Wanted, role: Planned, api: Planned, stage: Planned) -> Dict[str, Any]:
    told = {
        "invoke_url": stage.values["invoke_url"],
        "api_id": api.values["api_id"],
        "stage": stage.values["name"],
        "deployment_id": stage.values["deployment_id"],
        "table_names": [table["name"] for table in wanted.tables],
        "role_arn": role.values["arn"],
    }
    return {
        **told,
        "outputs": told,
        "canary_deployment_id": stage.values["canary_deployment_id"],
        "previous_deployment_id": stage.values["previous_deployment_id"],
        "previous": stage.values["previous"],
        "stages_elsewhere": stage.values["stages_elsewhere"],
        "definition": json.dumps(api.values["definition"]),
        "policy": role.values["policy"],
        "expectations": wanted.expectations,
    }


_TABLE_IN_POLICY = re.compile(r":table/([A-Za-z0-9_.-]+)")


def _shared_tables(wanted: _Wanted, role: Optional[_execution_role.Role], stages: Sequence[str]) -> Dict[str, Any]:
    """Return the API's other stages, and the declared tables that they serve from; empty lists where there are none.

    What the other stages need, the policy grants that the role has had so far. It does not tell which stage needs what,
    so where it grants other tables too, the answer is not `certain`.
    """
    others = sorted(name for name in stages if name != wanted.stage["name"])
    granted = set(_TABLE_IN_POLICY.findall(json.dumps(role.policy))) if role and role.policy else set()
    declared = [table["name"] for table in wanted.tables]
    tables = [name for name in declared if name in granted] if others else []
    return {"stages": others if tables else [], "tables": tables, "certain": granted <= set(declared)}


def _indexes_beyond_declared(
    wanted: _Wanted, tables: Sequence[Planned], role: Planned
) -> Dict[str, Dict[str, List[str]]]:
    """Return the indexes on AWS that are not declared, by table: those that are to be removed, and those that stay.

    An index is removed where `purge_indexes` asks for it and the role's policy does not name it: the policy knows which
    indexes stages, canaries and kept deployments need.
    """
    found: Dict[str, Dict[str, List[str]]] = {"superfluous_indexes": {}, "kept_indexes": {}, "needed_indexes": {}}
    for table, planned in zip(wanted.tables, tables):
        for index in planned.values["kept_indexes"]:
            kind = "superfluous_indexes" if table["purge_indexes"] else "kept_indexes"
            # Of a role by ARN nobody knows which indexes it grants to earlier deployments.
            if wanted.role_arn or _names_index(role.values["policy"], table["name"], index):
                kind = "needed_indexes"
            found[kind].setdefault(table["name"], []).append(index)
    return found


def _names_index(policy: Policy, table: str, index: str) -> bool:
    return any(one.resource.endswith(f":table/{table}/index/{index}") for one in needs_of(policy))


def _removal_of_indexes(wanted: _Wanted, superfluous: Mapping[str, List[str]]) -> List[Action]:
    """Return the plan that removes indexes which nothing needs, when all else is done."""
    tables = {table["name"]: table for table in wanted.tables}
    return in_parallel(
        [
            removal_of_indexes(name, indexes, tables[name]["wait"], tables[name]["wait_timeout"])
            for name, indexes in superfluous.items()
        ]
    )


def _warnings(indexes: Mapping[str, Mapping[str, List[str]]]) -> List[str]:
    """Return what stays on AWS though it is not declared and nothing needs it, with the option that removes it."""
    return [
        f'table "{table}": the index{"" if len(names) == 1 else "es"} {", ".join(names)} stay'
        f"{'s' if len(names) == 1 else ''}, not declared and not needed by any deployment. To remove such indexes, set "
        "`purge_indexes: true` (in the role `service_proxy_purge_indexes`)."
        for table, names in indexes["kept_indexes"].items()
    ]


def _why_unreachable(api: Plain, endpoint_type: str) -> str:
    """Return why the stage's URL answers nobody or few; empty where it answers.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    how = "Verify it by the module codeless.apigateway.verify with the URL that callers use as `invoke_url`."
    if api.get("disableExecuteApiEndpoint"):
        return f"its execute-api endpoint is disabled, so it answers under a custom domain name alone. {how}"
    if endpoint_type == "PRIVATE":
        return f"its endpoint is PRIVATE and answers within a VPC alone. {how}"
    return ""


def _kept(
    wanted: _Wanted, behind: Sequence[Planned], tagged: Dict[str, Planned], indexes: Mapping[str, List[str]]
) -> List[str]:
    """Return what exists beside the desired state and stays, by name: items that differ, tags, and then indexes.

    `behind` are the plans of the tables and of their items, `tagged` those of the resources whose tags the module was
    given, `indexes` the names of those that stay, by table.
    """
    items = zip(wanted.items, behind[len(wanted.tables) :])
    found = [
        f"item of {one['table']}: {name}" for one, planned in items for name in planned.values.get("kept_items", [])
    ]
    declared = wanted.stage["tags"]
    if declared is not None:
        for owner, planned in tagged.items():
            found += [
                f"tag {key} of the {owner}" for key in sorted(planned.values["tags"] or {}) if key not in declared
            ]
    return found + [f"index {name} of table {table}" for table, names in indexes.items() for name in names]

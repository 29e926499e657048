# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The removal of one stage of an API, and with the last stage of all that no other stage needs, as one plan.

All is read side by side before the first deletion, and everything that prevents the removal is reported at once. The
REST API is deleted first and alone: what AWS refuses there (base path mappings of custom domains) stops the run while
nothing is deleted yet, and no request reaches an API whose role or table is gone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from .._dynamodb import table as _dynamodb_table
from .._dynamodb.table_changes import paced, removal
from .._dynamodb.table_model import Found, readable
from .._engine.client import Aws
from .._engine.errors import AwsError, raise_errors
from .._engine.invoke_url import invoke_url
from .._engine.ownership import is_created, owner
from .._engine.plan import Action, Step, Wait, in_parallel, messages_by_code, steps
from .._engine.resource import Diff, Params, Planned
from .._engine.threads import run_in_parallel
from .._execution_role import resource as _execution_role
from .._execution_role.policy import parse_policy, statements
from .._execution_role.resource import TRUST
from .._rest_api.draft import find_api
from .._rest_api.resource import is_ours, wait_until_api_is_removed
from .._rest_api.state import Plain
from .._stage.resource import delete_stage, read_stages, wait_until_stage_is_removed

POLICY_NAME = "dynamodb-proxy"
"""The name of the inline policy that a deployment puts on the execution role."""


@dataclass(frozen=True)
class _Part:
    """A resource that exists, and what happens to it.

    It is deleted unless `stays` says why not. `blockers` are what a user must do before it can be deleted. `wait` lasts
    until reads no longer show it.
    """

    title: str
    state: Any
    note: str = ""
    removal: Sequence[Action] = ()
    stays: str = ""
    blockers: Sequence[str] = ()
    wait: Optional[Wait] = None

    @property
    def plan(self) -> Sequence[Action]:
        """What deletes the resource; nothing if it stays."""
        return () if self.stays else self.removal

    @property
    def line(self) -> str:
        """The resource as a person reads it: `table orders (about 12 items)`."""
        notes = ", ".join(note for note in (self.note, self.stays) if note)
        return f"{self.title} ({notes})" if notes else self.title


@dataclass(frozen=True)
class _Existing:
    """What AWS has of the API."""

    api: Optional[Plain]
    stages: List[Plain]
    role: Optional[_Role]
    tables: Dict[str, _Table]
    duplicates: str = ""

    def stage(self, name: str) -> Optional[Plain]:
        """Return the stage of this name; None if there is none."""
        return next((stage for stage in self.stages if stage["stageName"] == name), None)

    def other_stages(self, name: str) -> List[str]:
        """Return the names of the stages that remain without this one."""
        return sorted(stage["stageName"] for stage in self.stages if stage["stageName"] != name)


@dataclass(frozen=True)
class _Role:
    """An execution role: the names of its inline policies, the ARNs of its attached ones, its mark, and more.

    `principals` are those beside API Gateway that may assume it.
    """

    name: str
    inline: List[str]
    attached: List[str]
    owner: str
    principals: List[str]

    @property
    def reason_to_keep(self) -> str:
        """Return why the role is not deleted; empty if it is."""
        reason = _reason_of_owner(self.owner)
        if reason:
            return reason
        return f"assumed by others: {', '.join(self.principals)}" if self.principals else ""


@dataclass(frozen=True)
class _Table:
    """A table, and its mark; None where nobody needs to know it."""

    found: Found
    owner: Optional[str]


def _reason_of_owner(owner: str) -> str:
    """Return why a resource with this mark is not deleted; empty if the collection created it."""
    if is_created(owner):
        return ""
    return "adopted, not created by this collection" if owner else "not created by this collection"


def planned(aws: Aws, params: Params) -> Planned:
    """Return what removes the stage, and with the last one the REST API, the role, and the tables if they are named.

    Raises `AwsError` with everything that prevents it.
    """
    _check_options(params)
    existing = _read(aws, params)
    _refuse_wrong_target(aws, params, existing)
    first, then = _parts(aws, params, existing)
    parts = [*first, *then]
    deleted = [part for part in parts if not part.stays]
    _refuse_blockers(aws, params, deleted)
    # Reads may show the API for a while, which need not hold up the other deletions.
    waits = [part.wait for part in first if part.plan and part.wait]
    plan = [*(action for part in first for action in part.plan), *in_parallel([*(part.plan for part in then), waits])]
    values = _values(aws, params, existing, parts, plan)
    _refuse_other_plan(params, values)
    return Planned(plan, values, [Diff(part.state, None, part.title) for part in deleted])


def _check_options(params: Params) -> None:
    nameless = [number for number, table in enumerate(params["tables"]) if not table.get("name")]
    mistakes = [f"tables[{number}] has no name; write `name: TABLE`" for number in nameless]
    if params["delete_items"] and not params["delete_tables"]:
        mistakes.append("delete_items: true has no effect without delete_tables: true; set both, or neither")
    raise_errors(f'service_proxy "{params["name"]}"', mistakes)


def _read(aws: Aws, params: Params) -> _Existing:
    """Read the API with its stages, the role and the tables, side by side."""
    for service in ("apigateway", "iam", "dynamodb"):
        aws.client(service)  # made here, because a thread that makes one holds up the others
    managed = [table for table in params["tables"] if boolean(table.get("managed", True), strict=False)]
    names = list(dict.fromkeys(str(table["name"]) for table in managed))
    (api, stages, duplicates), role, *tables = run_in_parallel(
        [
            partial(_read_api, aws, params),
            partial(_read_role, aws, params),
            *(partial(_read_table, aws, params, name) for name in names),
        ]
    )
    found = {name: table for name, table in zip(names, tables) if table}
    for table in found.values():
        aws.learn_account_id(table.found.arn)
    return _Existing(api, stages, role, found, duplicates)


def _read_api(aws: Aws, params: Params) -> Tuple[Optional[Plain], List[Plain], str]:
    """Return the API, its stages, and an error message where several APIs have the name."""
    try:
        api = find_api(aws, params["name"], params.get("api_id"))
    except AwsError as error:
        if error.code or error.operation:
            raise
        return None, [], error.message
    return api, read_stages(aws, api["id"]) if api else [], ""


def _read_role(aws: Aws, params: Params) -> Optional[_Role]:
    """Return the role with its owner and the names of its policies; None if there is none that we could delete."""
    if not params.get("role_name"):
        return None
    name = _execution_role.name_for(params["role_name"], aws)
    raise_errors(f'execution_role "{name}"', _execution_role.mistakes(name, {"policy_name": POLICY_NAME}))
    answer, inline, attached = run_in_parallel(
        [
            partial(aws.find, "iam", "GetRole", {"RoleName": name}, absent="NoSuchEntity"),
            partial(_execution_role.list_inline_policies, aws, name),
            partial(_execution_role.list_attached_policies, aws, name),
        ]
    )
    if answer is None or inline is None or attached is None:
        return None
    aws.learn_account_id(answer["Role"]["Arn"])
    tags = boto3_tag_list_to_ansible_dict(answer["Role"].get("Tags", []))
    return _Role(name, inline, attached, owner(tags), _foreign_principals(answer["Role"]))


def _foreign_principals(role: Plain) -> List[str]:
    """Return who else than API Gateway may assume a role."""
    document = parse_policy(role["AssumeRolePolicyDocument"])
    ours = TRUST["Statement"][0]["Principal"]
    return [
        json.dumps(statement.get("Principal"))
        for statement in statements(document)
        if statement.get("Effect") == "Allow" and statement.get("Principal") != ours
    ]


def _read_table(aws: Aws, params: Params, name: str) -> Optional[_Table]:
    """Return the table. What decides whether it is deleted is read only if it is asked to be deleted."""
    needs_no_scan = params["delete_items"] or not params["delete_tables"]
    found = _dynamodb_table.read(aws, {"name": name, "state": "absent", "force": needs_no_scan})
    if found is None or not params["delete_tables"]:
        return _Table(found, None) if found else None
    return _Table(found, owner(_dynamodb_table.read_tags(aws, found.arn)))


def _refuse_wrong_target(aws: Aws, params: Params, existing: _Existing) -> None:
    """Raise `AwsError` where the name of the API or of the stage cannot be what the user means."""
    if existing.duplicates:
        raise AwsError(f"{existing.duplicates} Nothing was deleted.")
    if existing.api is None:
        return
    what = f'REST API "{params["name"]}" in {aws.region()}'
    if existing.stages and not existing.stage(params["stage"]):
        names = ", ".join(existing.other_stages(params["stage"]))
        raise AwsError(f'{what} has no such stage "{params["stage"]}"; there are: {names}. Nothing was deleted.')
    if not is_ours(existing.api):
        raise AwsError(
            f"{what} ({existing.api['id']}) was not deployed by this collection. Nothing was deleted. To delete it all "
            f"the same, use codeless.apigateway.rest_api with `name: {params['name']}` and `state: absent`."
        )


def _parts(aws: Aws, params: Params, existing: _Existing) -> Tuple[List[_Part], List[_Part]]:
    """Return what is deleted first, one after the other, and what is deleted side by side after that."""
    others = existing.other_stages(params["stage"])
    needed = f"needed by the stage{'s' if len(others) > 1 else ''} {', '.join(others)}" if others else ""
    api = [_api_part(params, existing.api, needed)] if existing.api else []
    stage = _stage_parts(aws, params, existing, with_api=not any(part.stays for part in api))
    role = [_role_part(existing.role, needed)] if existing.role else []
    return [*stage, *api], [*role, *_table_parts(params, existing, needed)]


def _stage_parts(aws: Aws, params: Params, existing: _Existing, with_api: bool) -> List[_Part]:
    """Return the stage. DeleteRestApi deletes the last stage with its API, so that needs no call."""
    stage = existing.stage(params["stage"])
    if existing.api is None or stage is None:
        return []
    url = str(invoke_url(aws, existing.api["id"], params["stage"]))
    step = _refusable(delete_stage(existing.api["id"], params["stage"]), f'stage "{params["stage"]}"')
    state = {"url": url, "deployment": stage["deploymentId"]}
    wait = wait_until_stage_is_removed(existing.api["id"], params["stage"])
    return [_Part(f"stage {params['stage']}", state, url, [] if with_api else [step], wait=wait)]


def _api_part(params: Params, api: Plain, needed: str) -> _Part:
    step = Step("apigateway", "DeleteRestApi", {"restApiId": api["id"]}, done_if=["NotFoundException"])
    plan = [_refusable(step, f'REST API "{params["name"]}"')]
    mark = owner(api.get("tags") or {})  # most APIs have none: the version shows that the collection created them
    adopted = _reason_of_owner(mark) if mark else ""
    title, wait = f"REST API {params['name']}", wait_until_api_is_removed(api)
    return _Part(title, {"id": api["id"]}, api["id"], plan, needed or adopted, wait=wait)


def _refusable(step: Step, what: str) -> Step:
    """Return the step with an error message for a refusal by AWS.

    "Deleting RestApi … failed. Please remove all base path mappings related to the RestApi in your domains: …" and
    "Deleting stage … failed. Please remove all base path mappings related to the stage in your domains: …" are
    BadRequestException (zappa/Zappa#264, serverless/serverless#3638). AWS names the domains, so they are not read.
    """
    advice = (
        f"{what}: AWS refused the deletion, and nothing was deleted. {{}} A base path mapping is removed with "
        "`aws apigateway delete-base-path-mapping --domain-name DOMAIN --base-path PATH`; then run again."
    )
    return Step(
        step.service,
        step.operation,
        step.params,
        done_if=step.done_if,
        explain=messages_by_code({"BadRequestException": advice}),
    )


def _role_part(role: _Role, needed: str) -> _Part:
    title = f"role {role.name}"
    state = {"policies": [*role.inline, *role.attached]}
    if needed or role.reason_to_keep:
        return _Part(title, state, stays=needed or role.reason_to_keep)
    others = [f'"{name}"' for name in role.inline if name != POLICY_NAME] + role.attached
    blockers = [
        f"{title} has policies of others: {', '.join(others)}. AWS deletes no role that has policies. Remove them from "
        "the role if nothing else needs it."
    ]
    plan = _execution_role.removal(role.name, POLICY_NAME, role.inline)
    return _Part(title, state, removal=plan, blockers=blockers if others else [])


def _table_parts(params: Params, existing: _Existing, needed: str) -> List[_Part]:
    return [
        _table_part(table.found, needed or _reason_to_keep_table(params, table)) for table in existing.tables.values()
    ]


def _table_part(found: Found, stays: str) -> _Part:
    title, name = f"table {found.table.name}", found.table.name
    state, note = readable(found.table), _count_items(found)
    if stays:
        return _Part(title, state, note, stays=stays)
    plan = paced(removal(name, found.status), wait=False, timeout=_TABLE_TIMEOUT)
    return _Part(title, state, note, plan, blockers=_table_blockers(found))


_TABLE_TIMEOUT = 600.0
"""Seconds to wait for a table that AWS still creates or changes, before it can be deleted."""


def _table_blockers(found: Found) -> List[str]:
    """Return what prevents the deletion of a table, each with its remedy."""
    blockers = []
    if found.table.deletion_protection:
        blockers.append(
            f"table {found.table.name} is protected against deletion. Deploy it with `deletion_protection: false` "
            "first, or leave out `delete_tables`."
        )
    if found.holds_items:
        blockers.append(
            f"table {found.table.name} holds items ({_count_items(found)}). To delete them with it, set `delete_items: "
            "true` (in the role and the playbooks: -e service_proxy_destroy_items=true)."
        )
    return blockers


def _count_items(found: Found) -> str:
    """Return how many items a table holds. DynamoDB counts them about every six hours."""
    if found.holds_items is False:
        return "empty"
    if found.item_count:
        return f"about {found.item_count} item{'' if found.item_count == 1 else 's'}"
    return "with items" if found.holds_items else "no items at AWS's last count, up to six hours ago"


def _reason_to_keep_table(params: Params, table: _Table) -> str:
    """Return why a table stays although no other stage needs it; empty if it is deleted."""
    name = table.found.table.name
    if any(declared.get("managed") is False for declared in params["tables"] if declared["name"] == name):
        return "managed elsewhere"
    if table.found.status == "DELETING":
        return "AWS is deleting it already"
    if table.owner is None:
        return "deleted only if asked for"
    return _reason_of_owner(table.owner)


def _refuse_blockers(aws: Aws, params: Params, parts: Sequence[_Part]) -> None:
    blockers = [f"- {blocker}" for part in parts for blocker in part.blockers]
    if blockers:
        what = f'Cannot remove the stage "{params["stage"]}" of "{params["name"]}"'
        where = f"account {aws.account_id()}, {aws.region()}"
        raise AwsError("\n".join([f"{what} ({where}):", *blockers, "Nothing was deleted."]))


def _values(
    aws: Aws, params: Params, existing: _Existing, parts: Sequence[_Part], plan: Sequence[Action]
) -> Dict[str, Any]:
    url = str(invoke_url(aws, existing.api["id"], params["stage"])) if existing.api and existing.stages else ""
    target = {
        "name": params["name"],
        "stage": params["stage"],
        "account_id": aws.account_id(),
        "region": aws.region(),
        "invoke_url": url,
    }
    return {
        **target,
        "deletes": [part.line for part in parts if not part.stays],
        "stays": [part.line for part in parts if part.stays],
        "remaining_stages": existing.other_stages(params["stage"]),
        "plan": _fingerprint(target, parts, plan),
    }


def _fingerprint(target: Mapping[str, Any], parts: Sequence[_Part], plan: Sequence[Action]) -> str:
    """Return a short text that is another one as soon as another thing would be deleted, or the stage was deployed."""
    made = [[step.call, step.params] for step in steps(plan)]
    content = [target, made, [[part.title, part.state, bool(part.stays)] for part in parts]]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _refuse_other_plan(params: Params, values: Mapping[str, Any]) -> None:
    if params.get("expected_plan") not in (None, values["plan"]):
        now = ", ".join(values["deletes"]) or "nothing"
        raise AwsError(
            f'What exists of "{params["name"]}" has changed since the removal was planned. Nothing was deleted. A new '
            f"plan deletes: {now}. Run again and confirm that."
        )

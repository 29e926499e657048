# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role that API Gateway assumes when it calls DynamoDB: its trust policy, one inline policy, its settings.

The collection manages the trust policy and the inline policy `policy_name`. Other policies on the role stay. The trust
policy of an adopted role also keeps its other statements, because others assume that role.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any, Dict, List, Optional, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
)

from .._engine.client import Aws
from .._engine.errors import raise_errors
from .._engine.ownership import is_created, mark, owner
from .._engine.pseudo_parameters import fill
from .._engine.resource import Diff, Params, Planned, build_adoption
from .._engine.tags import tags_after
from .changes import changes, creation, delete_policy, put_and_see_policy, removal, role_step, wait_for_policy
from .policy import (
    Policy,
    kept_statements,
    listed,
    parse_policy,
    readable,
    same_policy,
    statements,
    with_kept,
    without_sids,
)
from .role import ABSENT, SERVICE, TRUST, Role, list_attached_policies, list_inline_policies, read_role

# The patterns of names and paths in IAM's service model.
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_NOT_IN_ROLE_NAME = re.compile(r"[^\w+=,.@-]+", re.ASCII)
_POLICY_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_IN_DESCRIPTION = r"\t\n\r\x20-\x7e\xa1-\xff"
_DESCRIPTION = re.compile(f"[{_IN_DESCRIPTION}]{{0,1000}}")
_PATH = re.compile(r"/|/[\x21-\x7e]{1,510}/")


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that brings the role to its desired state, or deletes it."""
    name = name_for(params["name"], aws)
    raise_errors(f'execution_role "{name}"', option_errors(name, params))
    if params["state"] == "absent":
        return _absent(aws, name, params["policy_name"])
    wanted = planned_from(aws, params, read_role(aws, name, params["policy_name"]))
    return replace(wanted, plan=[*wanted.plan, *wait_for_policy(wanted)])


def name_for(name: str, aws: Aws) -> str:
    """Return the name of a role with its pseudo parameters (`${AWS::Region}`) replaced.

    If IAM does not accept the result, for example because it is too long, it is shortened: its beginning and end stay
    readable, with a digest of the whole name between them. A name without a pseudo parameter is returned as it is.
    """
    filled = str(fill(name, aws))
    if filled == name or _ROLE_NAME.fullmatch(filled):
        return filled
    digest = hashlib.sha256(filled.encode()).hexdigest()[:8]
    clean = _NOT_IN_ROLE_NAME.sub("-", filled)
    end = clean[-24:]  # as long as -dynamodb-ap-southeast-1
    return f"{clean[:-24][:30].strip('-')}-{digest}-{end.strip('-')}".lstrip("-")


def planned_from(aws: Aws, params: Params, current: Optional[Role]) -> Planned:
    """Return the plan that brings a role that was read to its desired state."""
    desired = _declared(aws, name_for(params["name"], aws), params)
    if current:
        raise_errors(f'execution_role "{current.name}"', change_errors(desired, current))
        desired = _keeping(desired, current, params["keep_statements"])
        if not is_created(current.owner):
            desired = replace(desired, trust=with_api_gateway(current.trust))
    policy_name, purge = params["policy_name"], params["purge_tags"]
    plan = changes(desired, current, policy_name, purge) if current else creation(desired, policy_name)
    after = state_after(desired, current, purge)
    values = {**_values(aws, after, params["policy_name"]), "kept_statements": kept_statements(after.policy or {})}
    diffs = _diffs(current, after, params["policy_name"])
    if not current or current.owner or not plan:
        return Planned(plan, values, diffs)
    tags = ansible_dict_to_boto3_tag_list(mark(_owner_name(desired.name, params), adopted=True))
    plan.append(role_step("TagRole", desired.name, Tags=tags))
    return Planned(plan, values, diffs, adoptions=[build_adoption(f'IAM role "{desired.name}"', diffs)])


def _owner_name(name: str, params: Params) -> str:
    """Return the name in the mark: that of the API that uses the role, or of the role itself."""
    return params.get("owner") or name


def with_api_gateway(trust: Policy) -> Policy:
    """Return the trust policy with a statement that lets API Gateway assume the role, unless it has one.

    An existing statement counts even with a condition, because the condition is deliberate.
    """
    if any(_lets_in_api_gateway(statement) for statement in statements(trust)):
        return trust
    return {"Version": "2012-10-17", **trust, "Statement": [*statements(trust), *TRUST["Statement"]]}


def _lets_in_api_gateway(statement: Policy) -> bool:
    principal = statement.get("Principal")
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    (wanted,) = TRUST["Statement"]
    return (
        statement.get("Effect") == "Allow"
        and wanted["Principal"]["Service"] in listed(services)
        and wanted["Action"] in listed(statement.get("Action", []))
    )


def plan_trimming(params: Params, previous: Planned, policy: Policy) -> Planned:
    """Return the plan that replaces the policy of the plan `previous` by this one, which grants less."""
    role, name, before = previous.values["name"], params["policy_name"], previous.values["policy"]
    diff = Diff(readable(before), readable(policy), f"role {role}, policy {name}, after the stage has switched")
    step = put_and_see_policy(role, name, policy) if policy else delete_policy(role, name)
    return Planned([step], {**previous.values, "policy": policy}, [diff])


def option_errors(name: str, params: Params) -> List[str]:
    """Return the errors in the options of a role with this name."""
    found = name_errors(name)
    if not _POLICY_NAME.fullmatch(params["policy_name"]):
        found.append(f'policy_name "{params["policy_name"]}" must be 1 to 128 letters, digits and _+=,.@-')
    if params.get("path") is not None and not _PATH.fullmatch(params["path"]):
        found.append(f'path "{params["path"]}" must begin and end with a slash, like "/apis/"')
    if params.get("description") and not _DESCRIPTION.fullmatch(params["description"]):
        found.append("description has more than 1,000 characters, or some that IAM does not accept; write Latin-1 text")
    if params.get("policy") is not None:
        found += _policy_errors(params["policy"])
    return found


def name_errors(name: str) -> List[str]:
    """Return the error in the name of a role, if there is one."""
    if _ROLE_NAME.fullmatch(name):
        return []
    return ["a role's name is 1 to 64 letters, digits and _+=,.@- without spaces"]


def latin_description(text: str) -> str:
    """Return a text as a role's description: characters that IAM does not accept become question marks."""
    return re.sub(f"[^{_IN_DESCRIPTION}]", "?", text)[:1000]


def _policy_errors(given: Union[str, Policy]) -> List[str]:
    try:
        policy = parse_policy(given)
    except ValueError as error:
        return [f"policy is not a JSON document: {error}"]
    if not isinstance(policy, dict) or "Statement" not in policy:
        return ["policy is not a policy document: it must be a mapping with Version and Statement"]
    return []


def _declared(aws: Aws, name: str, params: Params) -> Role:
    policy = None if params.get("policy") is None else fill(parse_policy(params["policy"]), aws)
    if policy is not None and not policy["Statement"]:
        policy = {}  # IAM refuses a document without statements; it would grant nothing
    return Role(
        name=name,
        trust=TRUST,
        policy=policy,
        path=params.get("path"),
        description=params.get("description"),
        permissions_boundary=params.get("permissions_boundary"),
        tags=params.get("tags"),
        owner=owner(mark(_owner_name(name, params))),
    )


def _keeping(desired: Role, current: Role, what: str) -> Role:
    """Return the declared role with what its policy on AWS grants beyond that, where `what` is `all`."""
    if desired.policy is None or what == "none":
        return desired
    return replace(desired, policy=with_kept(desired.policy, current.policy or {}))


def change_errors(desired: Role, current: Role) -> List[str]:
    """Return what cannot be changed on an existing role."""
    if desired.path in (None, current.path):
        return []
    return [
        f'its path is "{current.path}" on AWS and "{desired.path}" here; a path cannot be changed. '
        "Give the role another name, or leave out path."
    ]


def state_after(desired: Role, current: Optional[Role], purge_tags: bool) -> Role:
    """Return the role after the plan. Policies that are equivalent to the current ones are kept as they are."""
    base = current or Role(desired.name, desired.trust, {}, "/", "", "", {})
    declared: Dict[str, Any] = {"tags": tags_after(desired.tags, base.tags or {}, purge_tags)}
    for name in ("path", "description", "permissions_boundary"):
        if getattr(desired, name) is not None:
            declared[name] = getattr(desired, name)
    if desired.policy is not None and not same_policy(desired.policy, base.policy or {}):
        declared["policy"] = desired.policy
    if not same_policy(without_sids(desired.trust), without_sids(base.trust)):
        declared["trust"] = desired.trust
    return replace(base, **declared)


def role_arn(aws: Aws, params: Params, current: Optional[Role]) -> str:
    """Return the ARN of the role. It follows from the name, so it is known before the role is created."""
    path = current.path if current else params.get("path") or "/"
    return f"arn:{aws.partition()}:iam::{aws.account_id()}:role{path}{name_for(params['name'], aws)}"


def _values(aws: Aws, role: Role, policy_name: str) -> Dict[str, Any]:
    return {
        "arn": f"arn:{aws.partition()}:iam::{aws.account_id()}:role{role.path}{role.name}",
        "name": role.name,
        "policy_name": policy_name,
        "policy": role.policy,
        "account_id": aws.account_id(),
        "partition": aws.partition(),
        "tags": role.tags,
    }


def _diffs(current: Optional[Role], after: Role, policy_name: str) -> List[Diff]:
    title = f"role {after.name}"
    return [
        Diff(_settings(current), _settings(after), title),
        Diff(readable(current.trust) if current else "", readable(after.trust), f"{title}, trust policy"),
        Diff(readable(current.policy) if current else "", readable(after.policy), f"{title}, policy {policy_name}"),
    ]


def _settings(role: Optional[Role]) -> Dict[str, Any]:
    if role is None:
        return {}
    names = ("name", "path", "description", "permissions_boundary", "tags")
    return {name: getattr(role, name) for name in names if getattr(role, name)}


def _absent(aws: Aws, name: str, policy_name: str) -> Planned:
    response = aws.find(SERVICE, "GetRole", {"RoleName": name}, absent=ABSENT)
    if response is None:
        return Planned([], {"name": name})
    inline = list_inline_policies(aws, name) or []
    foreign = [f'"{other}"' for other in inline if other != policy_name]
    foreign += list_attached_policies(aws, name) or []
    raise_errors(f'execution_role "{name}"', _in_the_way(foreign))
    arn = response["Role"]["Arn"]
    plan = removal(name, policy_name, inline)
    return Planned(plan, {"name": name, "arn": arn}, [_removal(name, arn, inline)])


def _in_the_way(foreign: List[str]) -> List[str]:
    if not foreign:
        return []
    return [
        f"it has policies of others: {', '.join(foreign)}. AWS deletes no role that has policies. Remove them from the "
        "role if nothing else needs it. Nothing was changed."
    ]


def _removal(name: str, arn: str, policies: List[str]) -> Diff:
    return Diff({"arn": arn, "policies": policies}, None, f"role {name}")

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role that API Gateway assumes when it calls DynamoDB: its trust policy, one inline policy, its settings.

The collection manages the trust policy and the inline policy `policy_name`. Other policies on the role stay. The trust
policy of an adopted role also keeps its other statements, because others assume that role.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from .._engine.client import Aws, Wire
from .._engine.errors import raise_errors
from .._engine.ownership import is_created, mark, owner, without_mark
from .._engine.plan import (
    Action,
    Step,
    Wait,
    calls,
    messages_by_code,
    wait_until_removed,
    wait_until_shown,
)
from .._engine.pseudo_parameters import fill
from .._engine.resource import Diff, Params, Planned, takeover
from .._engine.tags import tag_changes, tags_after
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

# No condition on aws:SourceAccount or aws:SourceArn: API Gateway does not send them when it assumes the role of an
# integration, so every request was a 500 (aws-solutions-library-samples/accelerated-intelligent-document-processing-on-
# aws, pull request 479).
TRUST: Policy = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}

_SERVICE = "iam"
_ABSENT = "NoSuchEntity"
# The patterns of names and paths in IAM's service model.
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_NOT_IN_ROLE_NAME = re.compile(r"[^\w+=,.@-]+", re.ASCII)
_POLICY_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_IN_DESCRIPTION = r"\t\n\r\x20-\x7e\xa1-\xff"
_DESCRIPTION = re.compile(f"[{_IN_DESCRIPTION}]{{0,1000}}")
_PATH = re.compile(r"/|/[\x21-\x7e]{1,510}/")


@dataclass(frozen=True)
class Role:
    """A role: the desired one, where None means not managed; or the current one, where nothing is None.

    A missing policy, description or boundary is empty. `owner` is the value of the tag that marks the role; `tags` are
    the other tags.
    """

    name: str
    trust: Policy
    policy: Optional[Policy] = None
    path: Optional[str] = None
    description: Optional[str] = None
    permissions_boundary: Optional[str] = None
    tags: Optional[Mapping[str, str]] = None
    owner: Optional[str] = None


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that brings the role to its desired state, or deletes it."""
    name = name_for(params["name"], aws)
    raise_errors(f'execution_role "{name}"', option_errors(name, params))
    if params["state"] == "absent":
        return _absent(aws, name, params["policy_name"])
    wanted = planned_from(aws, params, read_role(aws, name, params["policy_name"]))
    return replace(wanted, plan=[*wanted.plan, *wait_for_new_role(wanted)])


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
    plan.append(_step("TagRole", desired.name, Tags=tags))
    return Planned(plan, values, diffs, takeovers=[takeover(f'IAM role "{desired.name}"', diffs)])


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
    step = _put_and_see_policy(role, name, policy) if policy else _delete_policy(role, name)
    return Planned([step], {**previous.values, "policy": policy}, [diff])


def option_errors(name: str, params: Params) -> List[str]:
    """Return the errors in the options of a role with this name."""
    found = []
    if not _ROLE_NAME.fullmatch(name):
        found.append("a role's name is 1 to 64 letters, digits and _+=,.@- without spaces")
    if not _POLICY_NAME.fullmatch(params["policy_name"]):
        found.append(f'policy_name "{params["policy_name"]}" must be 1 to 128 letters, digits and _+=,.@-')
    if params.get("path") is not None and not _PATH.fullmatch(params["path"]):
        found.append(f'path "{params["path"]}" must begin and end with a slash, like "/apis/"')
    if params.get("description") and not _DESCRIPTION.fullmatch(params["description"]):
        found.append("description has more than 1,000 characters, or some that IAM does not accept; write Latin-1 text")
    if params.get("policy") is not None:
        found += _policy_errors(params["policy"])
    return found


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


def read_role(aws: Aws, name: str, policy_name: str) -> Optional[Role]:
    """Return the current role with our inline policy; None if it does not exist."""
    answer = aws.find(_SERVICE, "GetRole", {"RoleName": name}, absent=_ABSENT)
    if answer is None:
        return None
    aws.learn_account_id(answer["Role"]["Arn"])
    key = {"RoleName": name, "PolicyName": policy_name}
    inline = aws.find(_SERVICE, "GetRolePolicy", key, absent=_ABSENT)
    return role_of(answer["Role"], parse_policy(inline["PolicyDocument"]) if inline else {})


def role_of(wire: Wire, policy: Policy) -> Role:
    """Convert the member `Role` of a GetRole response, and the inline policy, to a role."""
    tags = boto3_tag_list_to_ansible_dict(wire.get("Tags", []))
    return Role(
        name=wire["RoleName"],
        trust=parse_policy(wire["AssumeRolePolicyDocument"]),
        policy=policy,
        path=wire["Path"],
        description=wire.get("Description", ""),
        permissions_boundary=wire.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
        tags=without_mark(tags),
        owner=owner(tags),
    )


def change_errors(desired: Role, current: Role) -> List[str]:
    """Return what cannot be changed on an existing role."""
    if desired.path in (None, current.path):
        return []
    return [
        f'its path is "{current.path}" on AWS and "{desired.path}" here; a path cannot be changed. '
        "Give the role another name, or leave out path."
    ]


def creation(desired: Role, policy_name: str) -> List[Action]:
    """Return the plan that creates a role."""
    settings = {
        "Path": desired.path,
        "Description": desired.description,
        "PermissionsBoundary": desired.permissions_boundary,
        "Tags": ansible_dict_to_boto3_tag_list(
            {**tags_after(desired.tags, {}, purge=False), **(mark(desired.owner) if desired.owner else {})}
        ),
    }
    arguments = {"RoleName": desired.name, "AssumeRolePolicyDocument": _compact(desired.trust)}
    arguments.update({key: value for key, value in settings.items() if value})
    error = f'execution_role "{desired.name}": another run is deploying it. Run again when that run has ended.'
    plan: List[Action] = [
        Step(_SERVICE, "CreateRole", arguments, explain=messages_by_code({"EntityAlreadyExists": error}))
    ]
    if not desired.policy:
        return plan
    # IAM may not find the role yet that it has just created (Terraform AWS provider issue 18435).
    return [*plan, replace(_put_policy(desired.name, policy_name, desired.policy), not_yet_if=_ABSENT)]


def changes(desired: Role, current: Role, policy_name: str, purge_tags: bool) -> List[Action]:
    """Return the plan that brings a role to its desired state: permissions first."""
    plan: List[Action] = []
    if desired.policy is not None and not same_policy(desired.policy, current.policy or {}):
        put = _put_and_see_policy(desired.name, policy_name, desired.policy) if desired.policy else None
        plan.append(put or _delete_policy(desired.name, policy_name))
    if not same_policy(without_sids(desired.trust), without_sids(current.trust)):
        plan.append(_step("UpdateAssumeRolePolicy", desired.name, PolicyDocument=_compact(desired.trust)))
    if desired.description not in (None, current.description):
        # UpdateRole would also set the session duration back to its default; this call touches nothing else.
        plan.append(_step("UpdateRoleDescription", desired.name, Description=desired.description))
    if desired.permissions_boundary not in (None, current.permissions_boundary):
        plan.append(_set_boundary(desired.name, desired.permissions_boundary))
    return plan + _tag_steps(desired, current, purge_tags)


def _tag_steps(desired: Role, current: Role, purge: bool) -> List[Action]:
    to_set, to_remove = tag_changes(desired.tags, current.tags or {}, purge)
    plan: List[Action] = []
    if to_remove:  # first, since IAM takes "Env" and "env" for one key
        plan.append(_step("UntagRole", desired.name, TagKeys=to_remove))
    if to_set:
        plan.append(_step("TagRole", desired.name, Tags=ansible_dict_to_boto3_tag_list(to_set)))
    return plan


def _step(operation: str, role: str, **arguments: Any) -> Step:
    return Step(_SERVICE, operation, {"RoleName": role, **arguments})


def _put_policy(role: str, policy_name: str, policy: Policy) -> Step:
    return _step("PutRolePolicy", role, PolicyName=policy_name, PolicyDocument=_compact(policy))


def _put_and_see_policy(role: str, policy_name: str, policy: Policy) -> Step:
    """Return the step that puts a policy on an existing role, with a wait until reads show the policy."""
    put = _put_policy(role, policy_name, policy)
    return replace(put, shown=lambda _response: _wait_for_policy(role, policy_name, policy))


def wait_for_new_role(role: Planned) -> List[Action]:
    """Return the wait until reads show a role that the plan creates with its policy; nothing for any other plan.

    Nothing else in a run depends on it, so it comes last, when it has mostly passed.
    """
    made = calls(role.plan)
    if "iam:CreateRole" not in made or "iam:PutRolePolicy" not in made:
        return []
    return [_wait_for_policy(role.values["name"], role.values["policy_name"], role.values["policy"])]


def _wait_for_policy(role: str, policy_name: str, policy: Policy) -> Wait:
    """Return the wait until reads show a policy.

    A run that read the policy before it would take permissions from the live deployment.
    """
    key = {"RoleName": role, "PolicyName": policy_name}
    return wait_until_shown(
        _SERVICE,
        "GetRolePolicy",
        key,
        lambda answer: same_policy(parse_policy(answer["PolicyDocument"]), policy),
        f'the policy of the role "{role}"',
        absent=_ABSENT,
    )


def _delete_policy(role: str, policy_name: str) -> Step:
    key = {"RoleName": role, "PolicyName": policy_name}
    return Step(_SERVICE, "DeleteRolePolicy", key, done_if=(_ABSENT,))


def _set_boundary(role: str, arn: Optional[str]) -> Step:
    if arn:
        return _step("PutRolePermissionsBoundary", role, PermissionsBoundary=arn)
    return _step("DeleteRolePermissionsBoundary", role)


def _compact(policy: Policy) -> str:
    return json.dumps(policy, separators=(",", ":"))


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
    answer = aws.find(_SERVICE, "GetRole", {"RoleName": name}, absent=_ABSENT)
    if answer is None:
        return Planned([], {"name": name})
    inline = list_inline_policies(aws, name) or []
    foreign = [f'"{other}"' for other in inline if other != policy_name]
    foreign += list_attached_policies(aws, name) or []
    raise_errors(f'execution_role "{name}"', _in_the_way(foreign))
    arn = answer["Role"]["Arn"]
    plan = removal(name, policy_name, inline)
    return Planned(plan, {"name": name, "arn": arn}, [_removal(name, arn, inline)])


def removal(name: str, policy_name: str, inline: Sequence[str]) -> List[Action]:
    """Return the plan that deletes a role with these inline policies, among them ours if it exists."""
    plan: List[Action] = [_delete_policy(name, policy_name)] if policy_name in inline else []
    key = {"RoleName": name}
    gone = wait_until_removed(_SERVICE, "GetRole", key, f'the role "{name}"', absent=_ABSENT)
    return [*plan, Step(_SERVICE, "DeleteRole", key, done_if=(_ABSENT,)), gone]


def list_inline_policies(aws: Aws, role: str) -> Optional[List[str]]:
    """Return the names of a role's inline policies; None if the role does not exist."""
    return _all(aws, "ListRolePolicies", role, "PolicyNames")


def list_attached_policies(aws: Aws, role: str) -> Optional[List[str]]:
    """Return the ARNs of the managed policies that are attached to a role; None if the role does not exist."""
    found = _all(aws, "ListAttachedRolePolicies", role, "AttachedPolicies")
    return found if found is None else [policy["PolicyArn"] for policy in found]


def _in_the_way(foreign: List[str]) -> List[str]:
    if not foreign:
        return []
    return [
        f"it has policies of others: {', '.join(foreign)}. AWS deletes no role that has policies. Remove them from the "
        "role if nothing else needs it. Nothing was changed."
    ]


def _removal(name: str, arn: str, policies: List[str]) -> Diff:
    return Diff({"arn": arn, "policies": policies}, None, f"role {name}")


def _all(aws: Aws, operation: str, role: str, member: str) -> Optional[List[Any]]:
    """Return all entries of an IAM list of a role, page by page; None if the role does not exist."""
    found: List[Any] = []
    page: Dict[str, Any] = {"RoleName": role}
    while True:
        answer = aws.find(_SERVICE, operation, page, absent=_ABSENT)
        if answer is None:
            return None
        found += answer[member]
        if not answer.get("IsTruncated"):
            return found
        page["Marker"] = answer["Marker"]

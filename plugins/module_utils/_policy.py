# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM policy documents: reading them, comparing what they say, and what one grants that another lacks."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Set, Tuple, Union
from urllib.parse import unquote

from ansible_collections.amazon.aws.plugins.module_utils.policy import compare_policies

Policy = Dict[str, Any]
"""A policy document, or a statement of one."""

_SIMPLE = {"Sid", "Effect", "Action", "Resource"}
"""The members of a statement that allows some actions on some resources, and says no more."""


def parse_policy(given: Union[str, Policy]) -> Any:
    """A policy document as data: IAM and users give it as data, as JSON, or as URL-encoded JSON.

    Raises ValueError for text that is not JSON.
    """
    if not isinstance(given, str):
        return given
    return json.loads(unquote(given) if given.startswith("%") else given)


def same_policy(one: Policy, other: Policy) -> bool:
    """Whether two policy documents say the same, however their lists are ordered or shortened."""
    return not compare_policies(one, other)


def without_sids(policy: Policy) -> Policy:
    """A policy without the names of its statements, which Terraform and the console choose differently."""
    return {**policy, "Statement": [_nameless(statement) for statement in _statements(policy)]}


_EARLIER = "EarlierDeployment"
"""What the names of statements begin with that the policy had before its last change."""

_OLDER = "OlderDeployment"
"""What the names of statements begin with that it had before that."""


def with_kept(want: Policy, have: Policy) -> Policy:
    """The declared policy, and behind it what the policy on AWS grants beyond it, under names that say so.

    What the last change took from the policy is `EarlierDeployment…`, what changes before it took is
    `OlderDeployment…`; a change that is due now makes the former the latter.
    """
    declared = _named(have, but=(_EARLIER, _OLDER))
    if not declared or same_policy(want, _of(have, declared)):
        return _with(want, _named(have, _EARLIER), _named(have, _OLDER))
    return _with(want, declared, _named(have, _EARLIER, _OLDER))


def with_kept_before(want: Policy, have: Policy) -> Policy:
    """The declared policy, and behind it what was kept already of the policy on AWS."""
    return _with(want, _named(have, _EARLIER), _named(have, _OLDER))


def without_older(policy: Policy, have: Policy) -> Policy:
    """The policy without the statements that were `OlderDeployment…` on AWS already, in the policy `have`.

    What only now becomes older stays for once: where a run was cut short after it put its policy, that is what the
    stage serves until the next one moves it.
    """
    were = without_sids(_of({}, _named(have, _OLDER))).get("Statement", [])
    kept = [
        one
        for one in _statements(policy)
        if not str(one.get("Sid", "")).startswith(_OLDER) or _nameless(one) not in were
    ]
    return _of(policy, kept)


def _nameless(statement: Policy) -> Policy:
    return {key: value for key, value in statement.items() if key != "Sid"}


def kept_statements(policy: Policy) -> List[Policy]:
    """The statements of a policy that are there for earlier deployments."""
    return _named(policy, _EARLIER, _OLDER)


def _with(want: Policy, earlier: List[Policy], older: List[Policy]) -> Policy:
    policy = want
    for name, statements in ((_EARLIER, earlier), (_OLDER, older)):
        lacking = lacking_statements(policy, _of({}, statements))
        named = [{**one, "Sid": f"{name}{number}"} for number, one in enumerate(lacking, start=1)]
        policy = _of({"Version": "2012-10-17", **policy}, [*_statements(policy), *named])
    return policy


def _named(policy: Policy, *names: str, but: Tuple[str, ...] = ()) -> List[Policy]:
    """The statements whose names begin with one of `names`, or else with none of `but`."""
    return [
        one
        for one in _statements(policy)
        if (str(one.get("Sid", "")).startswith(names) if names else not str(one.get("Sid", "")).startswith(but))
    ]


def _of(policy: Policy, statements: List[Policy]) -> Policy:
    return {**policy, "Statement": statements} if statements else {}


def lacking_statements(want: Policy, have: Policy) -> List[Policy]:
    """The statements of `have` that say what `want` does not, without their names: a name stands once in a policy.

    A statement that allows actions on resources is covered where each pair of them is allowed by `want`, in whatever
    statements; any other is covered only by its equal.
    """
    bare = _statements(without_sids(want))
    granted = {pair for statement in bare if _is_simple(statement) for pair in _pairs(statement)}
    return [
        statement
        for statement in _statements(without_sids(have))
        if not (_is_simple(statement) and _pairs(statement) <= granted)
        and not any(same_policy(_alone(statement), _alone(other)) for other in bare)
    ]


def _statements(policy: Policy) -> List[Policy]:
    statements = policy.get("Statement", [])
    return [statements] if isinstance(statements, dict) else list(statements)


def _alone(statement: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": [statement]}


def _is_simple(statement: Policy) -> bool:
    return statement.get("Effect") == "Allow" and set(statement) <= _SIMPLE and {"Action", "Resource"} <= set(statement)


def _pairs(statement: Policy) -> Set[Tuple[str, str]]:
    return {
        (action, resource) for action in _listed(statement["Action"]) for resource in _listed(statement["Resource"])
    }


def _listed(value: Union[str, List[str]]) -> List[str]:
    return [value] if isinstance(value, str) else value


def readable(policy: Optional[Policy]) -> str:
    """A policy as JSON text in one canonical form: members and lists of words sorted. No policy is no text."""
    return json.dumps(_sorted(policy), indent=2, sort_keys=True) + "\n" if policy else ""


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(value) if all(isinstance(item, str) for item in value) else [_sorted(item) for item in value]
    return value

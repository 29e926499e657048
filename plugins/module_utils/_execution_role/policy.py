# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM policy documents: parsing, comparison, and the permissions that one grants and another lacks."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Set, Tuple, Union
from urllib.parse import unquote

from ansible_collections.amazon.aws.plugins.module_utils.policy import compare_policies

Policy = Dict[str, Any]
"""A policy document, or a statement of one."""

_SIMPLE = {"Sid", "Effect", "Action", "Resource"}
"""The members of a statement that allows actions on resources without conditions."""


def parse_policy(given: Union[str, Policy]) -> Any:
    """Return a policy document as data, from data, JSON, or URL-encoded JSON.

    Raises ValueError for text that is not JSON.
    """
    if not isinstance(given, str):
        return given
    return json.loads(unquote(given) if given.startswith("%") else given)


def same_policy(one: Policy, other: Policy) -> bool:
    """Return whether two policy documents are equivalent, in whatever order and form their lists are."""
    return not compare_policies(one, other)


def without_sids(policy: Policy) -> Policy:
    """Return a policy without the names of its statements, which Terraform and the console choose differently."""
    return {**policy, "Statement": [_nameless(statement) for statement in statements(policy)]}


def with_kept(desired: Policy, current: Policy) -> Policy:
    """Return the desired policy, followed by what the current policy grants beyond it, as `Kept1`, `Kept2`, …"""
    lacking = lacking_statements(desired, current)
    if not lacking:
        return desired
    kept = [{**one, "Sid": f"{_KEPT}{number}"} for number, one in enumerate(lacking, start=1)]
    return {"Version": "2012-10-17", **desired, "Statement": [*statements(desired), *kept]}


_KEPT = "Kept"


def kept_statements(policy: Policy) -> List[Policy]:
    """Return the statements that `with_kept` has added."""
    return [one for one in statements(policy) if str(one.get("Sid", "")).startswith(_KEPT)]


def _nameless(statement: Policy) -> Policy:
    return {key: value for key, value in statement.items() if key != "Sid"}


def lacking_statements(desired: Policy, current: Policy) -> List[Policy]:
    """Return the statements of `current` that `desired` does not cover, without their names, which must be unique.

    A statement that allows actions on resources is covered if `desired` allows each pair of them, in whatever
    statements. Any other statement is covered only by an equal one.
    """
    bare = statements(without_sids(desired))
    granted = {pair for statement in bare if _is_simple(statement) for pair in _pairs(statement)}
    return [
        statement
        for statement in statements(without_sids(current))
        if not (_is_simple(statement) and _pairs(statement) <= granted)
        and not any(same_policy(_alone(statement), _alone(other)) for other in bare)
    ]


def statements(policy: Policy) -> List[Policy]:
    """Return the statements of a policy as a list; of an empty policy, none."""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _alone(statement: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": [statement]}


def _is_simple(statement: Policy) -> bool:
    return statement.get("Effect") == "Allow" and set(statement) <= _SIMPLE and {"Action", "Resource"} <= set(statement)


def _pairs(statement: Policy) -> Set[Tuple[str, str]]:
    return {(action, resource) for action in listed(statement["Action"]) for resource in listed(statement["Resource"])}


def listed(value: Union[str, List[str]]) -> List[str]:
    """Return one or more values of a statement's member as a list."""
    return [value] if isinstance(value, str) else value


def readable(policy: Optional[Policy]) -> str:
    """Return a policy as JSON text with members and lists of strings sorted; an empty text for no policy."""
    return json.dumps(_sorted(policy), indent=2, sort_keys=True) + "\n" if policy else ""


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(value) if all(isinstance(item, str) for item in value) else [_sorted(item) for item in value]
    return value

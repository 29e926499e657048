# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of the execution role: from what is declared and what is there to the calls, with nothing on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import Step
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.changes import changes, creation
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.policy import (
    lacking_statements,
    parse_policy,
    readable,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.resource import (
    change_errors,
    option_errors,
    state_after,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.role import TRUST, Role, role_of

QUERY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["dynamodb:Query"], "Resource": ["a", "b"]}],
}
SCAN: dict[str, Any] = {**QUERY, "Statement": [{**QUERY["Statement"][0], "Action": ["dynamodb:Scan"]}]}
HAVE = Role("proxy", TRUST, QUERY, "/", "", "", {"team": "shop"})
WANT = Role("proxy", TRUST, QUERY)
TRUST_TEXT = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
    '"Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
)
SCAN_TEXT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:Scan"],"Resource":["a","b"]}]}'


def test_a_new_role_with_all_its_settings() -> None:
    want = Role("proxy", TRUST, SCAN, "/apis/", "d", "arn:aws:iam::1:policy/b", {"stage": "dev"})
    assert creation(want, "p") == [
        Step(
            "iam",
            "CreateRole",
            {
                "RoleName": "proxy",
                "AssumeRolePolicyDocument": TRUST_TEXT,
                "Path": "/apis/",
                "Description": "d",
                "PermissionsBoundary": "arn:aws:iam::1:policy/b",
                "Tags": [{"Key": "stage", "Value": "dev"}],
            },
        ),
        Step(
            "iam",
            "PutRolePolicy",
            {"RoleName": "proxy", "PolicyName": "p", "PolicyDocument": SCAN_TEXT},
            not_yet_if="NoSuchEntity",
        ),
    ]


def test_a_new_role_with_nothing_declared() -> None:
    arguments = {"RoleName": "proxy", "AssumeRolePolicyDocument": TRUST_TEXT}
    assert creation(Role("proxy", TRUST), "p") == [Step("iam", "CreateRole", arguments)]


def test_everything_changed_permissions_first() -> None:
    have = Role("proxy", {**TRUST, "Statement": []}, {}, "/", "old", "arn:old", {"team": "shop", "a": "1"})
    want = Role("proxy", TRUST, SCAN, None, "new", "arn:new", {"team": "web"})
    assert changes(want, have, "p", purge_tags=True) == [
        Step("iam", "PutRolePolicy", {"RoleName": "proxy", "PolicyName": "p", "PolicyDocument": SCAN_TEXT}),
        Step("iam", "UpdateAssumeRolePolicy", {"RoleName": "proxy", "PolicyDocument": TRUST_TEXT}),
        Step("iam", "UpdateRoleDescription", {"RoleName": "proxy", "Description": "new"}),
        Step("iam", "PutRolePermissionsBoundary", {"RoleName": "proxy", "PermissionsBoundary": "arn:new"}),
        Step("iam", "UntagRole", {"RoleName": "proxy", "TagKeys": ["a"]}),
        Step("iam", "TagRole", {"RoleName": "proxy", "Tags": [{"Key": "team", "Value": "web"}]}),
    ]


@pytest.mark.parametrize(
    "want",
    [
        WANT,
        replace(WANT, policy=None),
        replace(WANT, policy={**QUERY, "Statement": QUERY["Statement"][0]}),
        replace(WANT, policy={**QUERY, "Statement": [{**QUERY["Statement"][0], "Resource": ["b", "a"]}]}),
        replace(WANT, policy={**QUERY, "Statement": [{**QUERY["Statement"][0], "Action": "dynamodb:Query"}]}),
        replace(WANT, trust={**TRUST, "Statement": [{**TRUST["Statement"][0], "Sid": "x"}]}),
        replace(WANT, description="", permissions_boundary="", path="/", tags={"team": "shop"}),
    ],
)
def test_what_says_the_same_is_no_change(want: Role) -> None:
    assert changes(want, HAVE, "p", purge_tags=True) == []
    assert state_after(want, HAVE, purge_tags=True) == HAVE


@pytest.mark.parametrize(
    ("want", "operation"),
    [
        (replace(WANT, policy=SCAN), "PutRolePolicy"),
        (replace(WANT, policy={}), "DeleteRolePolicy"),
        (replace(WANT, policy={**QUERY, "Version": "2008-10-17"}), "PutRolePolicy"),
        (replace(WANT, policy={**QUERY, "Statement": [*QUERY["Statement"], *SCAN["Statement"]]}), "PutRolePolicy"),
        (replace(WANT, description="x"), "UpdateRoleDescription"),
        (replace(WANT, tags={"team": "web"}), "TagRole"),
        (replace(WANT, tags={}), "UntagRole"),
    ],
)
def test_what_says_something_else_is_one_call(want: Role, operation: str) -> None:
    plan = changes(want, HAVE, "p", purge_tags=True)
    assert [step.call for step in plan if isinstance(step, Step)] == [f"iam:{operation}"]
    assert state_after(want, HAVE, purge_tags=True) != HAVE


def test_a_path_cannot_be_changed() -> None:
    assert change_errors(WANT, HAVE) == change_errors(replace(WANT, path="/"), HAVE) == []
    assert change_errors(replace(WANT, path="/apis/"), HAVE) == [
        'its path is "/" on AWS and "/apis/" here; a path cannot be changed. '
        "Give the role another name, or leave out path."
    ]


def test_a_role_as_iam_answers() -> None:
    """Without the members that IAM leaves out, and with the documents encoded, as botocore gives them undecoded."""
    wire = {"RoleName": "proxy", "Path": "/", "AssumeRolePolicyDocument": quote(json.dumps(TRUST), safe="")}
    assert role_of(wire, {}) == Role("proxy", TRUST, {}, "/", "", "", {}, "")


def test_a_policy_with_percent_signs_in_it_is_taken_as_it_stands() -> None:
    document = {"Version": "2012-10-17", "Statement": [], "Id": "100%25"}
    assert parse_policy(json.dumps(document)) == document


def test_all_mistakes_of_a_declaration() -> None:
    assert option_errors("a name", {"policy_name": "p q", "path": "apis", "policy": '{"Statement": '}) == [
        "a role's name is 1 to 64 letters, digits and _+=,.@- without spaces",
        'policy_name "p q" must be 1 to 128 letters, digits and _+=,.@-',
        'path "apis" must begin and end with a slash, like "/apis/"',
        "policy is not a JSON document: Expecting value: line 1 column 15 (char 14)",
    ]
    assert option_errors("proxy", {"policy_name": "p", "policy": "[]"}) == [
        "policy is not a policy document: it must be a mapping with Version and Statement"
    ]


def test_a_policy_reads_the_same_however_its_lists_are_ordered() -> None:
    other = {**QUERY, "Statement": [{"Resource": ["b", "a"], "Action": ["dynamodb:Query"], "Effect": "Allow"}]}
    assert readable(QUERY) == readable(other)
    assert readable({}) == ""


def statement(actions: Any, resources: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


CONDITION = {"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["a"]}}}


@pytest.mark.parametrize(
    ("want", "have", "lacking"),
    [
        (policy(statement(["q", "g"], ["t"])), policy(statement("q", "t", Sid="T")), []),
        (policy(statement("q", "t"), statement("g", "t")), policy(statement(["g", "q"], "t")), []),
        (policy(statement("q", "t")), policy(statement(["q", "g"], "t", Sid="T")), [statement(["q", "g"], "t")]),
        (policy(statement("q", "t")), policy(statement("q", ["t", "u"])), [statement("q", ["t", "u"])]),
        (policy(statement("q", "t")), policy(statement("q", "t", **CONDITION)), [statement("q", "t", **CONDITION)]),
        (policy(statement("q", "t", **CONDITION)), policy(statement("q", ["t"], **CONDITION)), []),
        (policy(statement("q", "t", **CONDITION)), policy(statement("q", "t")), [statement("q", "t")]),
        (policy(), policy(statement("q", "t")), [statement("q", "t")]),
    ],
)
def test_what_a_policy_grants_that_another_lacks(want: Any, have: Any, lacking: Any) -> None:
    assert lacking_statements(want, have) == lacking

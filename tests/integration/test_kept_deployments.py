# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stages, canaries and kept deployments keep what they need, so each of them works after later deployments."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge, failure
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.shared_policy import (
    QUOTA,
    size,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage
from ansible_collections.codeless.apigateway.plugins.modules.stage import SPEC as STAGE_SPEC

from integration.two_versions import Site, ask, declared, params


def version(letter: str, stage: str = "prod", **differing: Any) -> dict[str, Any]:
    """Return an API whose only route reads an index that only this version declares."""
    table = {
        "name": "things",
        "hash_key": "id",
        "attributes": {"id": "S", letter: "S"},
        "indexes": [{"name": f"by_{letter}", "hash_key": letter}],
    }
    route = {"route": f"GET /{letter}/{{{letter}}}", "action": "Query", "index": f"by_{letter}"}
    items = {"things": [{"id": letter, letter: "x"}]}
    return declared(tables=[table], routes=[route], items=items, stage=stage, **differing)


def answers(site: Site, letter: str, stage: str = "prod") -> bool:
    (api,) = site.client("apigateway").get_rest_apis()["items"]
    status, answer = ask(f"{site.local_aws.invoke_url(api['id'], stage)}/{letter}/x")
    return (status, answer.get("count")) == (200, 1)


def move(site: Site, **options: Any) -> Any:
    checked = ArgumentSpecValidator(STAGE_SPEC["argument_spec"]).validate({"api_name": "things", **options})
    assert not checked.error_messages
    return site.account.settle(_stage.planned, dict(checked.validated_parameters))


def policy(site: Site) -> dict[str, Any]:
    return dict(site.client("iam").get_role_policy(RoleName="things", PolicyName="dynamodb-proxy")["PolicyDocument"])


def granted_indexes(site: Site) -> set[str]:
    return {
        resource.rpartition("/by_")[2]
        for statement in policy(site)["Statement"]
        for resource in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])
    }


def indexes(site: Site) -> set[str]:
    table = site.client("dynamodb").describe_table(TableName="things")["Table"]
    return {index["IndexName"].removeprefix("by_") for index in table.get("GlobalSecondaryIndexes", [])}


def test_a_stage_can_go_back_to_each_deployment_that_is_kept(local_aws: Any) -> None:
    site = Site(local_aws)
    deployed = {letter: site.settle(version(letter)).values["deployment_id"] for letter in "abcde"}
    assert indexes(site) == granted_indexes(site) == set("abcde")
    for letter in "cabde":
        move(site, name="prod", deployment=deployed[letter])
        assert answers(site, letter)


def test_permissions_end_with_the_deployments_that_need_them(local_aws: Any) -> None:
    site = Site(local_aws)
    for number, letter in enumerate("abcd"):
        site.settle(version(letter, keep_deployments=2))
        assert granted_indexes(site) == set("abcd"[max(0, number - 2) : number + 1])


def test_what_another_stage_serves_stays_and_nothing_else_heaps_up(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(version("a", "test"))
    for letter in "bcdef":
        site.settle(version(letter, keep_deployments=1))
        assert answers(site, "a", "test") and answers(site, letter)
    assert granted_indexes(site) == set("aef")


def test_a_permission_that_returns_is_kept_for_each_deployment_that_needs_it(local_aws: Any) -> None:
    """Of a, b, a, c with one kept deployment, the third deployment needs `a`, although the first one is deleted."""
    site = Site(local_aws)
    for letter in "aba":
        site.settle(version(letter, keep_deployments=1))
    back = site.settle(version("c", keep_deployments=1)).values["previous_deployment_id"]
    assert granted_indexes(site) == set("ac")
    move(site, name="prod", deployment=back)
    assert answers(site, "a")


def test_a_canary_keeps_its_permissions_and_indexes_until_it_ends(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(version("a"))
    site.settle(version("b", canary={"percent_traffic": 100}))
    assert answers(site, "b")
    move(site, name="prod", canary={"state": "promoted"})
    assert answers(site, "b")
    site.settle(version("b"))
    move(site, name="prod", deployment="previous")
    assert answers(site, "a")


def test_a_deployment_with_unknown_needs_loses_no_permission(local_aws: Any) -> None:
    """The deployment was created by other means from the old draft, and another stage serves it."""
    site = Site(local_aws)
    gateway = site.client("apigateway")
    site.settle(version("a", keep_deployments=1))
    (api,) = gateway.get_rest_apis()["items"]
    gateway.create_deployment(restApiId=api["id"], stageName="by-hand")
    for letter in "bcd":
        site.settle(version(letter, keep_deployments=1))
    assert answers(site, "a", "by-hand")
    gateway.delete_stage(restApiId=api["id"], stageName="by-hand")
    site.settle(version("e", keep_deployments=1))
    assert granted_indexes(site) == set("de")


def many_tables(number: int, **differing: Any) -> dict[str, Any]:
    """Return tables with two indexes each, and a route for the table and for each index."""
    tables, routes = [], []
    for one in (f"orders_of_shop_{place:02}" for place in range(number)):
        keys = [f"{one}_by_{name}" for name in ("status", "customer")]
        indexes = [{"name": key, "hash_key": key} for key in keys]
        attributes = {"id": "S", **dict.fromkeys(keys, "S")}
        tables.append({"name": one, "hash_key": "id", "attributes": attributes, "indexes": indexes})
        routes.append({"route": f"GET /{one}", "action": "GetItem", "table": one, "key": {"id": "query.id"}})
        routes += [
            {"route": f"GET /{key}", "action": "Query", "table": one, "index": key, "key": {key: "query.key"}}
            for key in keys
        ]
    return declared(tables=tables, routes=routes, items={}, **differing)


def test_a_policy_beyond_the_quota_is_an_error_with_numbers_before_the_first_call(local_aws: Any) -> None:
    site = Site(local_aws)
    made = site.account.converge(_service_proxy.planned, params(many_tables(30)), check_mode=True)
    assert size(made.values["policy"]) <= QUOTA
    with pytest.raises(AwsError, match=r"has 1\d,\d\d\d characters, and IAM allows 10,240 .*divide it into several"):
        site.settle(many_tables(60))
    assert site.client("dynamodb").list_tables()["TableNames"] == []


def test_an_index_is_removed_on_request_when_nothing_needs_it(local_aws: Any) -> None:
    site = Site(local_aws)
    spare = version("a", "test")
    spare["tables"][0]["attributes"]["spare"] = "S"
    spare["tables"][0]["indexes"].append({"name": "by_spare", "hash_key": "spare"})
    site.settle(spare)
    moved = site.settle(version("b", keep_deployments=1))
    assert moved.values["kept_indexes"] == {"things": ["by_spare"]}
    assert moved.values["needed_indexes"] == {"things": ["by_a"]}
    (warning,) = moved.values["warnings"]
    assert "by_spare stays" in warning and "service_proxy_purge_indexes" in warning
    assert indexes(site) == {"a", "b", "spare"}

    purged = site.settle(version("c", keep_deployments=1, purge_indexes=True))
    assert purged.values["superfluous_indexes"] == {"things": ["by_spare"]}
    assert indexes(site) == set("abc")
    assert answers(site, "a", "test") and answers(site, "c")
    site.settle(version("d", keep_deployments=1, purge_indexes=True))
    assert indexes(site) == set("acd")


def test_a_failed_plan_reports_its_changes_and_what_is_live(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(version("a"))
    site.rehearse(
        {"operation": "apigateway:CreateDeployment", "call": 1, "fault": "error", "status": 400, "code": "No"}
    )
    with pytest.raises(AwsError) as error:
        site.account.converge(_service_proxy.planned, params(version("b")))
    site.rehearse()
    told = failure(error.value)
    assert told["changed"] is True and "apigateway:PutRestApi" in told["calls"]
    first, changed, last = told["msg"].split("\n")
    assert first.startswith("REST API: apigateway:CreateDeployment: No:")
    assert 'table "things" (UpdateTable)' in changed and 'role "things" (PutRolePolicy)' in changed
    assert last.startswith('The stage "prod" serves deployment ') and last.endswith("the run goes on from there.")
    site.settle(version("b"))


class DyingAws(Aws):
    """An AWS that cannot be reached after a table was created. The tests share a local AWS, so it cannot be stopped."""

    is_dead = False

    def _call(self, service: str, operation: str, params: Any) -> Any:
        if self.is_dead and operation != "CreateTable":
            raise AwsError(f"{service}:{operation}: Could not connect to the endpoint URL", operation=operation)
        self.is_dead = operation == "CreateTable"
        return super()._call(service, operation, params)


def test_a_server_that_dies_in_the_middle_is_one_error_that_names_the_tables(local_aws: Any) -> None:
    table = {"hash_key": "id", "attributes": {"id": "S"}}
    names = ["one", "two", "three"]
    routes = [{"route": f"GET /{name}/{{id}}", "action": "GetItem", "table": name} for name in names]
    options = declared(tables=[{**table, "name": name} for name in names], routes=routes, items={})
    site = Site(local_aws)
    with pytest.raises(AwsError) as error:
        converge(DyingAws(site.client), _service_proxy.planned, params(options), check_mode=False)
    told = failure(error.value)
    assert told["changed"] is True
    assert (
        'table "one", table "two", table "three": dynamodb:DescribeTable: Could not connect to the endpoint URL'
        in told["msg"].split("\n")
    )
    assert told["msg"].endswith('There is no stage "prod" yet. Run again: the run goes on from there.')

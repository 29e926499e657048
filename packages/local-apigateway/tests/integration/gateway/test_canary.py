# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A canary over HTTP: create it, give it all traffic, promote and remove it, as AWS documents each step."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

JSON = "application/json"


def document(version: str) -> bytes:
    """Return an API that responds with its version, a stage variable, and whether the canary is used."""
    answer = f'{{"version": "{version}", "v": "$stageVariables.v", "canary": "$context.isCanaryRequest"}}'
    integration = {
        "type": "mock",
        "requestTemplates": {JSON: '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {JSON: answer}}},
    }
    operation = {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": integration}
    info = {"title": f"canary-{uuid.uuid4().hex[:8]}", "version": version}
    return json.dumps({"openapi": "3.0.1", "info": info, "paths": {"/": {"get": operation}}}).encode()


@dataclass(frozen=True)
class Released:
    """An API whose stage `test` serves the deployment `live`; `next` is a second deployment."""

    local_aws: Any
    api_id: str
    live: str
    next: str

    def update(self, *operations: tuple[str, str, str]) -> dict[str, Any]:
        """Call UpdateStage with `(op, path, value or, for copy, from)`."""
        patches = [
            {"op": op, "path": path, **({"from": value} if op == "copy" else {"value": value} if value else {})}
            for op, path, value in operations
        ]
        api = self.local_aws.client("apigateway")
        return dict(api.update_stage(restApiId=self.api_id, stageName="test", patchOperations=patches))

    def ask(self) -> dict[str, str]:
        with urllib.request.urlopen(f"{self.local_aws.invoke_url(self.api_id, 'test')}/") as answer:
            return dict(json.load(answer))

    def log(self) -> list[dict[str, Any]]:
        url = f"{self.local_aws.endpoint_url}/_local_aws/requests?api={self.api_id}"
        with urllib.request.urlopen(url) as answer:
            return list(json.load(answer)["requests"])


@pytest.fixture
def released(local_aws: Any) -> Iterator[Released]:
    api = local_aws.client("apigateway")
    api_id = api.import_rest_api(body=document("1"))["id"]
    live = api.create_deployment(restApiId=api_id, stageName="test", variables={"v": "old", "kept": "k"})["id"]
    api.put_rest_api(restApiId=api_id, mode="overwrite", body=document("2"))
    yield Released(local_aws, api_id, live, api.create_deployment(restApiId=api_id)["id"])
    api.delete_rest_api(restApiId=api_id)


START = (
    ("replace", "/canarySettings/percentTraffic", "100"),
    ("replace", "/canarySettings/stageVariableOverrides/v", "new"),
    ("replace", "/canarySettings/useStageCache", "true"),
)
PROMOTE = (
    ("replace", "/canarySettings/percentTraffic", "0.0"),
    ("copy", "/variables", "/canarySettings/stageVariableOverrides"),
    ("copy", "/deploymentId", "/canarySettings/deploymentId"),
)
LIVE = {"version": "1", "v": "old", "canary": "false"}
CANARY = {"version": "2", "v": "new", "canary": "true"}


def test_a_canary_answers_its_share_and_the_log_tells(released: Released) -> None:
    assert released.ask() == {**LIVE, "canary": ""}
    stage = released.update(("replace", "/canarySettings/deploymentId", released.next), *START)
    assert stage["canarySettings"] == {
        "deploymentId": released.next,
        "percentTraffic": 100.0,
        "useStageCache": True,
        "stageVariableOverrides": {"v": "new"},
    }
    assert (stage["deploymentId"], released.ask()) == (released.live, CANARY)
    released.update(("replace", "/canarySettings/percentTraffic", "0"))
    assert released.ask() == LIVE
    logged = [(entry["isCanaryRequest"], entry["deploymentId"]) for entry in released.log()]
    assert logged == [(None, released.live), (True, released.next), (False, released.live)]


def test_a_promoted_canary_is_the_stage(released: Released) -> None:
    released.update(("replace", "/canarySettings/deploymentId", released.next), *START)
    promoted = released.update(*PROMOTE)
    assert (promoted["deploymentId"], promoted["variables"]) == (released.next, {"v": "new", "kept": "k"})
    assert promoted["canarySettings"]["percentTraffic"] == 0.0
    assert released.ask() == {**CANARY, "canary": "false"}
    assert "canarySettings" not in released.update(("remove", "/canarySettings", ""))
    assert released.ask() == {**CANARY, "canary": ""}


def test_a_promotion_and_the_end_of_the_canary_in_one_call(released: Released) -> None:
    released.update(("replace", "/canarySettings/deploymentId", released.next), *START)
    stage = released.update(*PROMOTE[1:], ("remove", "/canarySettings", ""))
    assert "canarySettings" not in stage
    assert released.ask() == {**CANARY, "canary": ""}


def test_an_aborted_canary_leaves_the_stage_as_it_was(released: Released) -> None:
    released.update(("replace", "/canarySettings/deploymentId", released.next), *START)
    released.update(("remove", "/canarySettings", ""))
    assert released.ask() == {**LIVE, "canary": ""}


def test_the_deployment_of_a_canary_cannot_be_deleted(released: Released) -> None:
    released.update(("replace", "/canarySettings/deploymentId", released.next), *START)
    api = released.local_aws.client("apigateway")
    with pytest.raises(api.exceptions.BadRequestException, match="Active stages pointing to this deployment"):
        api.delete_deployment(restApiId=released.api_id, deploymentId=released.next)

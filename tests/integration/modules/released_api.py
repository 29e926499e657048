# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An API whose response names its version, for tests that switch stages from one version to another."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import execute
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from convergence import Account

_JSON = "application/json"


def document(version: str) -> bytes:
    """Return an API that returns its version, the variable `v` and whether it is a canary, at `/` and `/{version}`."""
    answer = f'{{"version": "{version}", "v": "$stageVariables.v", "canary": "$context.isCanaryRequest"}}'
    integration = {
        "type": "mock",
        "requestTemplates": {_JSON: '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {_JSON: answer}}},
    }
    operation = {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": integration}
    paths = {"/": {"get": operation}, f"/only-in-{version}": {"get": operation}}
    return json.dumps({"openapi": "3.0.1", "info": {"title": "orders", "version": "1"}, "paths": paths}).encode()


def digest(version: str) -> str:
    """Return a digest for a version's content; a stage does not depend on how it is computed."""
    return f"sha256:{hashlib.sha256(version.encode()).hexdigest()}"


@dataclass
class ReleasedApi:
    """An API of a test account. `gateway` is a client of its account whose calls are not counted."""

    local_aws: Any
    account: Account
    id: str

    @property
    def gateway(self) -> Any:
        return self.account.make_client("apigateway")

    def draft(self, version: str) -> None:
        """Import a version into the draft."""
        self.gateway.put_rest_api(restApiId=self.id, mode="overwrite", body=document(version))

    def params(self, **params: Any) -> dict[str, Any]:
        """Run the module stage with these options, by default for the stage `prod`."""
        defaults = {"state": "present", "name": "prod", "keep_deployments": 10, "purge_tags": True}
        return {"api_id": self.id, **defaults, **params}

    def stage(self, **params: Any) -> Outcome:
        """Run the module in check mode, really, and again."""
        return self.account.settle(_stage.planned, self.params(**params))

    def deploy(self, version: str, **params: Any) -> Outcome:
        """Deploy a version to a stage, like rest_api and stage together."""
        self.draft(version)
        return self.stage(digest=digest(version), **params)

    def cut_short(self, steps: int, **params: Any) -> None:
        """Execute only the first steps of a plan for a stage, like a run that is killed."""
        aws = Aws(self.account.make_client)
        plan = _stage.planned(aws, self.params(**params)).plan
        assert len(plan) > steps
        execute(aws, plan[:steps])

    def ask(self, stage: str = "prod") -> dict[str, str]:
        """Return the response of a stage."""
        with urllib.request.urlopen(f"{self.local_aws.invoke_url(self.id, stage)}/") as answer:
            return dict(json.load(answer))

    def version(self, stage: str = "prod") -> str:
        """Return the version that a stage serves."""
        return self.ask(stage)["version"]

    def described(self, deployment_id: str) -> str:
        """Return the description of a deployment."""
        return str(self.gateway.get_deployment(restApiId=self.id, deploymentId=deployment_id).get("description", ""))

    def read_stage(self, stage: str = "prod") -> Mapping[str, Any]:
        """Return a stage as AWS returns it."""
        return dict(self.gateway.get_stage(restApiId=self.id, stageName=stage))

    def deployment_ids(self) -> set[str]:
        """Return the IDs of all deployments."""
        return {item["id"] for item in self.gateway.get_deployments(restApiId=self.id, limit=500)["items"]}

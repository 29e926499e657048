# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An API whose versions answer who they are, for tests that move stages from one version to another."""

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
    """An API that answers its version, the stage variable `v` and whether a canary answers, at `/` and `/{version}`."""
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
    """A digest of a version's content; what it is made of does not matter to a stage."""
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
        """Make the draft what this version is."""
        self.gateway.put_rest_api(restApiId=self.id, mode="overwrite", body=document(version))

    def params(self, **params: Any) -> dict[str, Any]:
        """The options of the module stage, for the stage `prod` unless said otherwise."""
        defaults = {"state": "present", "name": "prod", "keep_deployments": 10, "purge_tags": True}
        return {"api_id": self.id, **defaults, **params}

    def stage(self, **params: Any) -> Outcome:
        """Predict, do and do again what is asked of a stage."""
        return self.account.settle(_stage.planned, self.params(**params))

    def deploy(self, version: str, **params: Any) -> Outcome:
        """Bring a stage to a version, as rest_api and stage do together."""
        self.draft(version)
        return self.stage(digest=digest(version), **params)

    def cut_short(self, steps: int, **params: Any) -> None:
        """Do the first steps of what is asked of a stage, as a run does that is killed after them."""
        aws = Aws(self.account.make_client)
        plan = _stage.planned(aws, self.params(**params)).plan
        assert len(plan) > steps
        execute(aws, plan[:steps])

    def ask(self, stage: str = "prod") -> dict[str, str]:
        """What a caller gets from a stage."""
        with urllib.request.urlopen(f"{self.local_aws.invoke_url(self.id, stage)}/") as answer:
            return dict(json.load(answer))

    def version(self, stage: str = "prod") -> str:
        """The version that answers at a stage."""
        return self.ask(stage)["version"]

    def described(self, deployment_id: str) -> str:
        """The description of a deployment."""
        return str(self.gateway.get_deployment(restApiId=self.id, deploymentId=deployment_id).get("description", ""))

    def there(self, stage: str = "prod") -> Mapping[str, Any]:
        """A stage as AWS answers."""
        return dict(self.gateway.get_stage(restApiId=self.id, stageName=stage))

    def deployment_ids(self) -> set[str]:
        """The ids of all deployments."""
        return {item["id"] for item in self.gateway.get_deployments(restApiId=self.id, limit=500)["items"]}

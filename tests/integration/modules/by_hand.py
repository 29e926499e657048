# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An API that is created call by call, as the console, Terraform and CloudFormation create one."""

from __future__ import annotations

import json
from typing import Any

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}],
}


class ByHand:
    """An API that is created call by call, as the console and Terraform do."""

    def __init__(self, gateway: Any) -> None:
        self.gateway = gateway
        made = gateway.create_rest_api(
            name="by hand",
            description="Made call by call",
            policy=json.dumps(POLICY),
            binaryMediaTypes=["image/png", "application/pdf"],
            minimumCompressionSize=0,
            apiKeySource="AUTHORIZER",
            endpointConfiguration={"types": ["REGIONAL"]},
            disableExecuteApiEndpoint=True,
            tags={"team": "shop"},
        )
        self.api = {"restApiId": made["id"]}
        self.root = made["rootResourceId"]

    def resource(self, parent: str, part: str) -> str:
        return str(self.gateway.create_resource(**self.api, parentId=parent, pathPart=part)["id"])

    def method(self, resource: str, verb: str, **more: Any) -> dict[str, Any]:
        key = {**self.api, "resourceId": resource, "httpMethod": verb}
        self.gateway.put_method(**key, **{"authorizationType": "NONE", **more})
        return key

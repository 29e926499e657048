# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TestInvokeMethod: the gateway runs a method of the draft, without a stage."""

from __future__ import annotations

from ..model import RestApi, ServedStage, Wire
from .errors import MissingOperationError, NotFoundError
from .operations import Call, operation
from .resources import resource_of, unknown_resource

STAGE = "test-invoke-stage"


@operation("TestInvokeMethod")
async def test_invoke_method(call: Call) -> Wire:
    api = call.api(unknown_resource)
    resource, name = resource_of(call, api.draft), call.params["httpMethod"]
    if not {name, "ANY"} & resource.get("resourceMethods", {}).keys():
        raise NotFoundError("Invalid Method identifier specified")
    if call.invoker is None:
        raise MissingOperationError("TestInvokeMethod needs a gateway, and this control plane has none")
    return await call.invoker.test_invoke(_draft(api), resource["id"], name, call.params)


def _draft(api: RestApi) -> ServedStage:
    return ServedStage(
        account_id=api.account_id,
        region=api.region,
        api_id=api.id,
        api_name=str(api.attributes["name"]),
        stage={"stageName": STAGE},
        deployment_id="",
        content=api.draft,
    )

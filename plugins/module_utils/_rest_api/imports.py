# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two calls that import a document: ImportRestApi for a new API, PutRestApi for an existing one.

Reads can return the former draft for some seconds, so a plan ends with a wait until they show the import.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Callable, Dict, Optional

from .._engine.client import Aws
from .._engine.errors import AwsError
from .._engine.plan import Step, calls, wait_until_shown
from .._engine.resource import Params, Planned
from .desired import DesiredApi
from .draft import Draft
from .draft_version import DRAFT_VERSION
from .from_aws import gateway_responses
from .settings import REQUIRED_MEMBERS, carry_settings, settings_restored
from .state import Plain

_GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"


def create_by_import(params: Params, desired: DesiredApi, endpoint_type: str) -> Step:
    """Return the step that creates an API, whose id it gives as `api_id`."""
    arguments: Dict[str, Any] = {
        "body": json.dumps(desired.body),
        "failOnWarnings": params["fail_on_warnings"],
        "parameters": {"endpointConfigurationTypes": endpoint_type, **_import_parameters(desired.body)},
    }
    return Step(
        "apigateway",
        "ImportRestApi",
        arguments,
        gives={"api_id": "id", **_version_given(params)},
        mend=settings_restored({}, desired.document),
        explain=_explain_warnings,
    )


def overwrite_by_import(aws: Aws, params: Params, desired: DesiredApi, draft: Draft) -> Step:
    """Return the step that overwrites the draft of an API.

    Raise `AwsError` if botocore is too old to read all settings that the overwrite resets.
    """
    _reject_old_botocore(aws, draft.api["name"])
    arguments: Dict[str, Any] = {
        "restApiId": draft.api["id"],
        "mode": "overwrite",
        "failOnWarnings": params["fail_on_warnings"],
        "parameters": _import_parameters(desired.body),
        "body": json.dumps(with_undeclared(desired.body, draft)),
    }
    return Step(
        "apigateway",
        "PutRestApi",
        arguments,
        gives=_version_given(params),
        mend=settings_restored(draft.api, desired.document),
        explain=_explain_warnings,
    )


def _import_parameters(body: Plain) -> Dict[str, str]:
    """Return the parameters that both imports share.

    Without `ignore`, API Gateway creates a documentation part for each description in the document, and rejects an
    import that would have more than 2,000 (quota of an API; aws-sdk-js issue 1253). 30 tables with 210 routes would
    exceed the quota. A document that lists documentation parts is imported with them.
    """
    documented = {} if body.get("x-amazon-apigateway-documentation") else {"ignore": "documentation"}
    return {"basepath": "ignore", **documented}


def _version_given(params: Params) -> Dict[str, str]:
    """Return what an import gives. In recorded responses to an import with a version, both calls return the version."""
    return {DRAFT_VERSION: "version"} if params.get("version_tells_content") else {}


_WARNINGS = "Warnings found during import"
"""The beginning of API Gateway's message about an import that `failOnWarnings` undid (recorded)."""


def _explain_warnings(error: AwsError) -> Optional[str]:
    """Return the error message for an import that was undone because of warnings; None for any other error."""
    if _WARNINGS not in error.message:
        return None
    return (
        f"{error.message}\nThe import was undone, and nothing was deployed. If the warnings are harmless, set "
        "fail_on_warnings to false (service_proxy_fail_on_warnings of the role) and run again."
    )


def with_undeclared(document: Plain, draft: Draft) -> Plain:
    """Return the document with the API's own settings and gateway responses wherever the document declares none.

    An overwrite resets each of them that the body lacks, so what is not declared is sent as it stands on AWS.
    """
    result = carry_settings(document, draft.api)
    responses = gateway_responses(draft)
    if responses and not document.get(_GATEWAY_RESPONSES):
        result[_GATEWAY_RESPONSES] = responses
    return result


def _reject_old_botocore(aws: Aws, name: str) -> None:
    """Raise `AwsError` if botocore drops settings from GetRestApi's response: an overwrite would lose them."""
    known = aws.client("apigateway").meta.service_model.shape_for("RestApi").members
    missing = [member for member in REQUIRED_MEMBERS if member not in known]
    if missing:
        raise AwsError(
            f'REST API "{name}": the installed botocore does not know {" and ".join(missing)}, which an import would '
            "reset unnoticed. Install botocore 1.41.0 or newer on the host that runs the module. Nothing was changed."
        )


def with_wait_for_draft(plan: Planned, name: str, plan_again: Callable[[Plain], Planned]) -> Planned:
    """Return a plan that ends when reads no longer show the draft from before the plan.

    The next task deploys the draft, and CreateDeployment can be as far behind as reads. `plan_again` returns the plan
    for the API as it is read then. If AWS does not keep the draft as declared, that plan differs but is not empty.
    """
    if not calls(plan.plan):
        return plan
    shown = wait_until_shown(
        "apigateway",
        "GetRestApi",
        {"restApiId": plan.values["api_id"]},
        lambda api: list(plan_again(api).diffs) != list(plan.diffs),
        f'the REST API "{name}"',
        absent="NotFoundException",
    )
    return replace(plan, plan=[*plan.plan, shown])

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The document that is written of an API on AWS gives that API again: held against drafts that were recorded on AWS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import info as _rest_api_info
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.draft import Draft
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.from_aws import state_of_draft
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.from_openapi import (
    state_of_document,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.to_openapi import (
    definition,
    not_in_definition,
)

from conformance.modules.recorded_imports import SNAPSHOTS, recorded
from convergence import Account, new_account_id

pytestmark = pytest.mark.skipif(not SNAPSHOTS.exists(), reason=f"no recordings at {SNAPSHOTS}")

RECORDED = [
    "test_import_swagger_api",
    "test_import_and_validate_rest_api[openapi.spec.tf.json]",
    "test_import_and_validate_rest_api[swagger-mock-cors.json]",
    "test_import_with_global_api_key_authorizer",
    "test_import_with_circular_models",
    "test_import_with_circular_models_and_request_validation",
    "test_import_with_cognito_auth_identity_source",
]


def whole(name: str) -> Draft:
    """A recorded draft; where the models were not recorded, with those that its methods speak of."""
    draft = recorded(name)
    spoken_of = {
        model
        for resource in draft.resources
        for method in resource["resourceMethods"].values()
        for holder in (method, *(method.get("methodResponses") or {}).values())
        for model in {**holder.get("requestModels", {}), **holder.get("responseModels", {})}.values()
    }
    missing = sorted(spoken_of - {model["name"] for model in draft.models})
    return replace(draft, models=[*draft.models, *({"name": name, "schema": "{}"} for name in missing)])


@pytest.mark.parametrize("name", RECORDED)
def test_the_document_of_a_draft_says_all_that_is_in_it(name: str) -> None:
    draft = whole(name)
    document = definition(draft)
    want = state_of_document(document)
    have = state_of_draft(draft, [model["name"] for model in draft.models])
    assert not_in_definition(draft) == []
    assert want.routes == have.routes
    assert (want.models, want.request_validators, want.gateway_responses, want.authorizers) == (
        have.models,
        have.request_validators,
        have.gateway_responses,
        have.authorizers,
    )
    assert {
        setting: value for setting, value in have.settings.items() if want.settings.get(setting, value) != value
    } == {}


WITH_NAMES_LEFT_OUT = {
    "test_import_and_validate_rest_api[openapi.spec.tf.json]",
    "test_import_and_validate_rest_api[swagger-mock-cors.json]",
}
"""Recorded with placeholders in the places of Regions and model names, which no import takes."""


@pytest.mark.parametrize("name", sorted(set(RECORDED) - WITH_NAMES_LEFT_OUT))
def test_the_document_is_imported_and_comes_back(name: str, local_aws: Any) -> None:
    account_id = new_account_id()
    account = Account(lambda service: local_aws.client(service, access_key=account_id))
    options = {"name": "recorded", "state": "present", "endpoint_type": "REGIONAL", "purge_tags": True}
    document = definition(whole(name))
    account.settle(_rest_api.planned, {**options, "definition": document, "fail_on_warnings": True})
    found = account.converge(_rest_api_info.planned, {"name": "recorded"}).values["rest_apis"][0]["definition"]
    assert found == {**document, "info": {**document["info"], "title": "recorded"}}

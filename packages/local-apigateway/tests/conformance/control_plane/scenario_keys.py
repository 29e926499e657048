# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests of the recordings about API keys and usage plans."""

from __future__ import annotations

from conformance.control_plane.replay import Replay, patch, replace, replays

COMMON = "test_apigateway_common::TestUsagePlans::"
KEYS = "test_apigateway_extended::TestApigatewayApiKeysCrud::"


def _stage(r: Replay, **method: object) -> str:
    """Return the id of an API with a deployed stage `dev`."""
    api_id, root_id = r.new_api()
    called = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET"}
    r.client.put_method(**called, authorizationType="NONE", **method)
    r.client.put_integration(**called, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    r.client.create_deployment(restApiId=api_id, stageName="dev")
    return api_id


@replays(COMMON + "test_api_key_required_for_methods")
def key_of_a_plan(r: Replay) -> None:
    api_id = _stage(r, apiKeyRequired=True)
    plan = {
        "name": "test-plan-1",
        "description": "Test Usage Plan for API key",
        "quota": {"limit": 10, "period": "DAY", "offset": 0},
        "throttle": {"rateLimit": 2, "burstLimit": 1},
        "apiStages": [{"apiId": api_id, "stage": "dev"}],
        "tags": {"tag_key": "tag_value"},
    }
    plan_id = r.step("create-usage-plan", "create_usage_plan", **plan)["id"]
    key_id = r.step("create-api-key", "create_api_key", name="testApiKey-1", enabled=True)["id"]
    member = {"usagePlanId": plan_id, "keyId": key_id, "keyType": "API_KEY"}
    r.step("create-usage-plan-key", "create_usage_plan_key", **member)
    r.step("update-api-key-disabled", "update_api_key", apiKey=key_id, patchOperations=[replace("/enabled", "false")])


@replays(COMMON + "test_usage_plan_crud")
def usage_plan(r: Replay) -> None:
    api_id = _stage(r)
    plan = {"name": "test-usage-plan-1", "description": "this is my usage plan"}
    stages = [{"apiId": api_id, "stage": "dev"}]
    plan_id = r.step("create-usage-plan", "create_usage_plan", **plan, apiStages=stages)["id"]
    r.step("get-usage-plan", "get_usage_plan", usagePlanId=plan_id)
    r.step("get-usage-plans", "get_usage_plans")
    throttle = [replace("/throttle/burstLimit", "100"), replace("/throttle/rateLimit", "200")]
    quota = [replace("/quota/period", "MONTH"), replace("/quota/limit", "5000")]
    r.step("update-usage-plan", "update_usage_plan", usagePlanId=plan_id, patchOperations=[*throttle, *quota])
    r.step("update-wrong-id", "update_usage_plan", usagePlanId=plan_id + "1", patchOperations=throttle)
    for name, value in (
        ("no-value", None),
        ("wrong-api", f"{api_id}b:dev"),
        ("wrong-stage", f"{api_id}:fakestagename"),
        ("wrong-value", "fakevalue"),
    ):
        patches = [patch("remove", "/apiStages", value)]
        r.step(f"update-wrong-api-stages-{name}", "update_usage_plan", usagePlanId=plan_id, patchOperations=patches)
    r.step("get-usage-plan-after-update", "get_usage_plan", usagePlanId=plan_id)
    r.step("get-usage-plans-after-update", "get_usage_plans")


@replays(KEYS + "test_get_api_keys")
def api_keys(r: Replay) -> None:
    name, second = "test-key-1234", "test-key-5678"
    r.step("get-api-keys", "get_api_keys")
    r.step("create-api-key", "create_api_key", name=name)
    r.step("get-api-keys-after-create-1", "get_api_keys")
    for step, query in (
        ("wrong-name-query", second),
        ("prefix-name-query", name[:8]),
        ("prefix-name-query-cased", name[:8].upper()),
        ("postfix-name-query", name[2:]),
        ("infix-name-query", name[2:8]),
    ):
        r.step(f"get-api-keys-{step}", "get_api_keys", nameQuery=query)
    r.step("create-api-key-2", "create_api_key", name=second)
    r.step("get-api-keys-after-create-2", "get_api_keys")
    r.step("get-api-keys-name-query", "get_api_keys", nameQuery=second)
    r.step("get-api-keys-prefix-name-query-2", "get_api_keys", nameQuery=name[:8])
    position = r.step("get-apis-keys-pagination", "get_api_keys", limit=1)["position"]
    r.step("get-apis-keys-pagination-2", "get_api_keys", limit=1, position=position)


@replays(KEYS + "test_get_usage_plan_api_keys")
def keys_of_a_plan(r: Replay) -> None:
    r.step("get-api-keys", "get_api_keys")
    first = r.step("create-api-key", "create_api_key", name="test-key-1234")["id"]
    second = r.step("create-api-key-2", "create_api_key", name="test-key-5678")["id"]
    r.step("get-api-keys-after-create-1", "get_api_keys")
    plan_id = r.step("create-usage-plan", "create_usage_plan", name="usage-plan-1")["id"]
    listed = {"usagePlanId": plan_id}
    r.step("get-up-keys-before-create", "get_usage_plan_keys", **listed)
    r.step("create-up-key", "create_usage_plan_key", **listed, keyId=first, keyType="API_KEY")
    r.step("create-up-key-2", "create_usage_plan_key", **listed, keyId=second, keyType="API_KEY")
    r.step("get-up-keys", "get_usage_plan_keys", **listed)
    r.step("get-up-keys-name-query", "get_usage_plan_keys", **listed, nameQuery="test-key")
    r.step("get-up-keys-name-query-cased", "get_usage_plan_keys", **listed, nameQuery="TEST-key")
    r.step("get-up-keys-name-query-key-name", "get_usage_plan_keys", **listed, nameQuery="test-key-1234")
    r.step("get-up-keys-bad-query", "get_usage_plan_keys", **listed, nameQuery="nothing")
    for key_id in (first, second):
        r.client.delete_api_key(apiKey=key_id)
    r.step("get-up-keys-after-delete", "get_usage_plan_keys", **listed)
    r.step("get-up-keys-bad-usage-plan", "get_usage_plan_keys", usagePlanId="bad-id")


@replays(KEYS + "test_negative_get_usage_plan_api_keys")
def rename_key(r: Replay) -> None:
    r.step("get-api-keys-invalid-limit", "get_api_keys", limit=-1)
    key_id = r.step("create-api-key", "create_api_key", name="key-enabled-false", enabled=False)["id"]
    r.step("update-api-key-name", "update_api_key", apiKey=key_id, patchOperations=[replace("/name", "new-name")])


@replays(KEYS + "test_create_api_key_with_invalid_name")
def key_names(r: Replay) -> None:
    r.step("create-api-key-name-too-long", "create_api_key", name="a" * 1025)
    r.step("create-api-key-empty-name", "create_api_key", name="")
    r.step("create-api-key-no-name", "create_api_key")


@replays(KEYS + "test_create_api_key_with_invalid_value")
def key_values(r: Replay) -> None:
    r.step("create-api-key-short-value", "create_api_key", value="short")
    r.step("create-api-key-invalid-value-too-long", "create_api_key", value="a" * 129)
    r.step("create-api-key-empty-value", "create_api_key", value="")


@replays(KEYS + "test_update_api_key_invalid_description_length")
def key_descriptions(r: Replay) -> None:
    long = "a" * 125001
    r.step("create-api-key-description-too-long", "create_api_key", description=long)
    key_id = r.client.create_api_key()["id"]
    changed = {"apiKey": key_id, "patchOperations": [replace("/description", long)]}
    r.step("update-api-key-description-too-long", "update_api_key", **changed)


@replays(KEYS + "test_update_api_key_invalid_enabled_type")
def key_enabled(r: Replay) -> None:
    changed = {"apiKey": r.client.create_api_key()["id"], "patchOperations": [replace("/enabled", "not-a-boolean")]}
    r.step("update-api-key-invalid-enabled-type", "update_api_key", **changed)


@replays(KEYS + "test_update_api_key_immutable_field")
def key_id_is_immutable(r: Replay) -> None:
    changed = {"apiKey": r.client.create_api_key()["id"], "patchOperations": [replace("/id", "new-id")]}
    r.step("update-api-key-immutable-field", "update_api_key", **changed)


@replays(KEYS + "test_create_usage_plan_with_throttle")
def burst_above_rate(r: Replay) -> None:
    wanted = {"name": "plan-1", "throttle": {"rateLimit": 10, "burstLimit": 20}}
    r.step("create-usage-plan-burst-gt-rate", "create_usage_plan", **wanted)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the document and the policy say of routes that write."""

from __future__ import annotations

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api

from unit.compiler.specs import TEMPLATES, Json, orders

NOTES: Json = {
    "name": "notes",
    "hash_key": "owner",
    "range_key": "id",
    "attributes": {"owner": "S", "id": "S", "state": "S", "size": "N", "tags": "SS", "more": "M", "revision": "N"},
    "indexes": [{"name": "by_state", "hash_key": "state"}],
    "version_attribute": "revision",
}
ITEM = "/{owner}/notes/{id}"


def compiled(*routes: Json, **words: object) -> Json:
    return compile_api(orders(*routes, tables=[{**NOTES, **words}]), [TEMPLATES]).definition


def statuses(operation: Json) -> list[str]:
    return sorted(operation["responses"])


def test_a_put_says_what_its_body_may_be() -> None:
    document = compiled({"route": f"PUT {ITEM}", "action": "PutItem", "required": ["state"]})
    operation = document["paths"][ITEM]["put"]
    assert statuses(operation) == ["204", "400", "409", "412", "413", "415", "429", "500", "503"]
    assert set(operation["responses"]["204"]) == {"description", "headers"}
    assert set(operation["responses"]["204"]["headers"]) == {
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "ETag",
    }
    assert [one["name"] for one in operation["parameters"]] == ["owner", "id", "If-Match", "If-None-Match"]
    assert operation["x-amazon-apigateway-request-validator"] == "parameters-and-body"
    integration = operation["x-amazon-apigateway-integration"]
    assert integration["responses"]["default"]["statusCode"] == "204"
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert document["components"]["schemas"][reference.rpartition("/")[2]] == {
        "type": "object",
        "required": ["state"],
        "properties": {
            "state": {"type": "string", "minLength": 1},
            "size": {"type": "number"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "more": {"type": "object"},
            "owner": {},
            "id": {},
            "revision": {},
        },
        "additionalProperties": False,
    }


def test_a_post_says_where_the_item_is() -> None:
    document = compiled(
        {"route": "POST /{owner}/notes", "action": "PutItem", "key": {"id": "context.extendedRequestId"}},
        {"route": "GET /{owner}/notes/{id}", "action": "GetItem"},
    )
    operation = document["paths"]["/{owner}/notes"]["post"]
    assert statuses(operation) == ["201", "400", "409", "412", "413", "415", "429", "500", "503"]
    created = operation["responses"]["201"]
    assert set(created["headers"]) == {
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "ETag",
        "Location",
    }
    assert created["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/NotesKey"}
    assert document["components"]["schemas"]["NotesKey"]["required"] == ["owner", "id"]
    assert "revision" not in document["components"]["schemas"]["PostByOwnerNotesBody"]["properties"]


def exposed_headers(operation: Json) -> dict[str, str | None]:
    """By status, the headers that a browser can read."""
    responses = operation["x-amazon-apigateway-integration"]["responses"].values()
    name = "method.response.header.Access-Control-Expose-Headers"
    return {one["statusCode"]: one.get("responseParameters", {}).get(name) for one in responses}


def test_a_browser_may_read_the_headers_that_an_answer_sends() -> None:
    post = {"route": "POST /{owner}/notes", "action": "PutItem", "key": {"id": "context.extendedRequestId"}}
    own = """#set($context.responseOverride.header["X_Next"] = "1")"""
    routes = (
        {"route": f"GET {ITEM}", "action": "GetItem"},
        {"route": f"DELETE {ITEM}", "action": "DeleteItem"},
        post,
        {"route": "GET /mine", "action": "Scan", "response_templates": {"200": own, "503": own.replace("Next", "Try")}},
    )
    paths = compiled(*routes)["paths"]
    plain = {"400": None, "500": None, "503": None}
    assert exposed_headers(paths[ITEM]["get"]) == {**plain, "200": "'ETag'"}
    assert exposed_headers(paths[ITEM]["delete"]) == {**plain, "204": None}
    assert exposed_headers(paths["/{owner}/notes"]["post"]) == {**plain, "201": "'ETag,Location'"}
    assert exposed_headers(paths["/mine"]["get"]) == {**plain, "200": "'X_Next'", "503": "'X_Try'"}
    assert {"X_Try", "Access-Control-Expose-Headers"} < set(paths["/mine"]["get"]["responses"]["503"]["headers"])


def test_without_cors_no_header_is_exposed() -> None:
    route = {"route": f"GET {ITEM}", "action": "GetItem"}
    operation = compile_api(orders(route, tables=[NOTES], cors=False), [TEMPLATES]).definition["paths"][ITEM]["get"]
    assert set(exposed_headers(operation).values()) == {None}
    assert set(operation["responses"]["200"]["headers"]) == {"ETag"}


def test_an_update_and_a_delete_say_what_they_answer() -> None:
    document = compiled(
        {"route": f"PATCH {ITEM}", "action": "UpdateItem"},
        {"route": f"DELETE {ITEM}", "action": "DeleteItem", "returns": "old"},
    )
    patch, delete = (document["paths"][ITEM][method] for method in ("patch", "delete"))
    assert statuses(patch) == ["200", "400", "404", "409", "412", "413", "415", "429", "500", "503"]
    assert statuses(delete) == ["200", "400", "404", "412", "415", "429", "500", "503"]
    for operation in (patch, delete):
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/NotesItem"}
    body = document["components"]["schemas"]["PatchByOwnerNotesByIdBody"]
    assert "required" not in body
    assert all("type" not in member for member in body["properties"].values()), "null takes any attribute away"


def test_a_template_of_the_users_own_answers_200() -> None:
    route = {"route": f"PUT {ITEM}", "action": "PutItem", "response_templates": {"200": "{}"}}
    operation = compiled(route)["paths"][ITEM]["put"]
    assert "204" not in operation["responses"]
    assert operation["x-amazon-apigateway-integration"]["responses"]["default"]["statusCode"] == "200"


def test_a_body_that_a_model_refuses_is_told_what_is_wrong() -> None:
    responses = compiled({"route": f"PUT {ITEM}", "action": "PutItem"})["x-amazon-apigateway-gateway-responses"]
    text = responses["BAD_REQUEST_BODY"]["responseTemplates"]["application/json"]
    assert text == '{"message":"$context.error.message: $context.error.validationErrorString"}'
    without = compiled({"route": f"DELETE {ITEM}", "action": "DeleteItem"})["x-amazon-apigateway-gateway-responses"]
    assert "BAD_REQUEST_BODY" not in without


def test_the_policy_has_the_permissions_of_what_is_written() -> None:
    lists = [
        {"route": "POST /batch", "action": "BatchWriteItem"},
        {"route": "POST /all", "action": "TransactWriteItems"},
        {"route": f"PATCH {ITEM}", "action": "UpdateItem"},
    ]
    (statement,) = compile_api(orders(*lists, tables=[{**NOTES, "version_attribute": None}]), [TEMPLATES]).policy[
        "Statement"
    ]
    assert statement["Action"] == [
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ]

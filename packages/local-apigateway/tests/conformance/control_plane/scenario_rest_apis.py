# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of REST APIs."""

from __future__ import annotations

from conformance.control_plane.replay import Replay, patch, replace, replays

FILE = "test_apigateway_api::TestApiGatewayApiRestApi::"


@replays(FILE + "test_list_and_delete_apis")
def list_and_delete(r: Replay) -> None:
    first = r.step("create-rest-api-1", "create_rest_api", name="first", description="this is my api")
    r.step("create-rest-api-2", "create_rest_api", name="second", description="this is my api2")
    r.step("get-rest-api-before-delete", "get_rest_apis")
    r.step("delete-rest-api", "delete_rest_api", restApiId=first["id"])
    r.step("get-rest-api-after-delete", "get_rest_apis")


@replays(FILE + "test_create_rest_api_with_optional_params")
def optional_parameters(r: Replay) -> None:
    r.step("create-only-name", "create_rest_api", name="only-name")
    r.step("create-empty-desc", "create_rest_api", name="a", description="")
    r.step("create-with-version", "create_rest_api", name="b", version="v1")
    r.step("create-with-empty-binary-media", "create_rest_api", name="c", binaryMediaTypes=[])
    r.step("string-compression-size", "create_rest_api", name="d", minimumCompressionSize=-1)


@replays(FILE + "test_create_rest_api_with_binary_media_types")
def binary_media_types(r: Replay) -> None:
    r.step("create-with-binary-media", "create_rest_api", name="a", binaryMediaTypes=["image/png"])


@replays(FILE + "test_create_rest_api_with_tags")
def tags(r: Replay) -> None:
    wanted = {"name": "a", "description": "this is my api", "tags": {"MY_TAG1": "MY_VALUE1"}}
    api = r.step("create-rest-api-w-tags", "create_rest_api", **wanted)
    r.step("get-rest-api-w-tags", "get_rest_api", restApiId=api["id"])
    r.step("get-rest-apis-w-tags", "get_rest_apis")


@replays(FILE + "test_update_rest_api_operation_add_remove")
def update_add_remove(r: Replay) -> None:
    api_id, _unused = r.new_api(description="this is my api")
    steps = {
        "update-rest-api-add": [
            patch("add", "/binaryMediaTypes/image~1png"),
            patch("add", "/binaryMediaTypes/image~1jpeg"),
        ],
        "update-rest-api-replace": [replace("/binaryMediaTypes/image~1png", "image/gif")],
        "update-rest-api-remove": [patch("remove", "/binaryMediaTypes/image~1gif"), patch("remove", "/description")],
    }
    for name, patches in steps.items():
        r.step(name, "update_rest_api", restApiId=api_id, patchOperations=patches)


@replays(FILE + "test_update_rest_api_compression")
def update_compression(r: Replay) -> None:
    api_id, _unused = r.new_api(description="this is my api")
    for name, op, value in (
        ("enable-compression", "replace", "10"),
        ("disable-compression", "replace", ""),
        ("set-compression-zero", "replace", "0"),
        ("set-negative-compression", "replace", "-1"),
        ("set-string-compression", "replace", "test"),
        ("unsupported-operation", "add", "10"),
    ):
        patches = [patch(op, "/minimumCompressionSize", value)]
        r.step(name, "update_rest_api", restApiId=api_id, patchOperations=patches)


@replays(FILE + "test_update_rest_api_behaviour")
def update_behavior(r: Replay) -> None:
    api_id, _unused = r.new_api(description="this is my api")
    for name, operation in (
        ("update-rest-api-array", patch("add", "/binaryMediaTypes/-", "image/png")),
        ("update-rest-api-add-base-path", patch("add", "/binaryMediaTypes", "image/gif")),
        ("update-rest-api-replace-base-path", replace("/binaryMediaTypes", "image/gif")),
        ("update-rest-api-remove-base-path", patch("remove", "/binaryMediaTypes")),
    ):
        r.step(name, "update_rest_api", restApiId=api_id, patchOperations=[operation])


@replays(FILE + "test_update_rest_api_invalid_api_id")
def update_unknown(r: Replay) -> None:
    patches = [replace("/apiKeySource", "AUTHORIZER")]
    r.step("not-found-update-rest-api", "update_rest_api", restApiId="api_id", patchOperations=patches)


@replays(FILE + "test_create_rest_api_with_endpoint_configuration")
def endpoint_configuration(r: Replay) -> None:
    wrong = {"ipAddressType": "wrong", "types": ["wrong"]}
    for name, configuration in (
        ("create-with-empty-types", {"types": []}),
        ("create-with-invalid-ip-address-type", {"ipAddressType": "wrong", "types": ["EDGE"]}),
        ("create-with-invalid-types", {"ipAddressType": "ipv4", "types": ["wrong"]}),
        ("create-with-invalid-ip-address-type-and-types", wrong),
        ("create-with-invalid-types-and-ip-address-type", wrong),
        ("create-with-two-types", {"types": ["EDGE", "REGIONAL"]}),
        ("create-with-endpoint-config-dualstack", {"ipAddressType": "dualstack", "types": ["EDGE"]}),
        ("create-with-endpoint-config-regional", {"ipAddressType": "ipv4", "types": ["REGIONAL"]}),
    ):
        r.step(name, "create_rest_api", name=name, endpointConfiguration=configuration)
    for name, configuration in (
        ("create-with-multiple-errors-1", wrong),
        ("create-with-multiple-errors-2", {"ipAddressType": "ipv4", "types": ["EDGE"]}),
    ):
        wanted = {"name": name, "description": "", "minimumCompressionSize": -1}
        r.step(name, "create_rest_api", **wanted, endpointConfiguration=configuration)


@replays(FILE + "test_create_rest_api_private_type")
def private_type(r: Replay) -> None:
    prefix = "create-with-private-type-and-"
    ipv4, wrong = ({"ipAddressType": kind, "types": ["PRIVATE"]} for kind in ("ipv4", "wrong"))
    r.step(prefix + "ipv4-ip-address-type", "create_rest_api", name="a", endpointConfiguration=ipv4)
    r.step(prefix + "wrong-ip-address-type", "create_rest_api", name="a", endpointConfiguration=wrong)
    name = prefix + "ipv4-ip-address-type-and-empty-description"
    r.step(name, "create_rest_api", name="a", description="", endpointConfiguration=ipv4)


@replays(FILE + "test_create_rest_api_verify_defaults")
def endpoint_defaults(r: Replay) -> None:
    for kind in ("EDGE", "REGIONAL", "PRIVATE"):
        wanted = {"name": f"api-{kind}", "endpointConfiguration": {"types": [kind]}}
        r.step(f"create-with-{kind.lower()}-default", "create_rest_api", **wanted)
    r.step("create-with-empty-default", "create_rest_api", name="default")
    wrong = {"name": "a", "description": "", "endpointConfiguration": {"types": ["wrong"]}}
    r.step("create-with-empty-ip-address-type-and-wrong-type", "create_rest_api", **wrong)


@replays(FILE + "test_update_rest_api_ip_address_type")
def update_endpoint(r: Replay) -> None:
    api_id, _unused = r.new_api()
    kind, addresses = "/endpointConfiguration/types/0", "/endpointConfiguration/ipAddressType"
    for name, patches in (
        ("update-rest-api-replace-type", [replace(kind, name) for name in ("EDGE", "REGIONAL", "PRIVATE")]),
        ("update-rest-api-replace-to-ipv4-within-private-type", [replace(addresses, "ipv4")]),
        ("update-rest-api-wrong-ipAddressType", [replace(addresses, "wrong")]),
        ("update-rest-api-wrong-type", [replace(kind, "wrong")]),
        ("update-rest-api-invalid-operation-on-ipAddressType", [patch("remove", addresses, "dualstack")]),
        ("update-rest-api-invalid-operation-on-type", [patch("remove", kind, "EDGE")]),
        ("update-rest-api-replace-ip-address-type", [replace(addresses, "dualstack")]),
    ):
        r.step(name, "update_rest_api", restApiId=api_id, patchOperations=patches)


@replays(FILE + "test_update_rest_api_concatenation_of_errors")
def concatenated_errors(r: Replay) -> None:
    api_id, _unused = r.new_api()
    kind = patch("wrong", "/endpointConfiguration/types/0", "EDGE")
    addresses = patch("wrong", "/endpointConfiguration/ipAddressType", "dualstack")
    prefix = "update-rest-api-wrong-operations-on-"
    for name, patches in (
        ("ipAddressType", [addresses, addresses]),
        ("type", [kind, kind]),
        ("type-and-on-ip-address-type", [addresses, kind, patch("wrong", "/binaryMediaTypes", "image/gif")]),
    ):
        r.step(prefix + name, "update_rest_api", restApiId=api_id, patchOperations=patches)


@replays(FILE + "test_get_api_case_insensitive")
def upper_case(r: Replay) -> None:
    api = r.step("create-rest-api", "create_rest_api", name="a", description="lower case api")
    r.step("get-api-upper-case", "get_rest_api", restApiId=api["id"].upper())


@replays("test_apigateway_basic::TestAPIGateway::test_update_rest_api_deployment")
def update_deployment(r: Replay) -> None:
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET"}
    r.client.put_method(**method, authorizationType="none")
    r.client.put_integration(**method, type="HTTP", uri="http://example.com", integrationHttpMethod="POST")
    deployment = r.client.create_deployment(restApiId=api_id, stageName="dev", description="my deployment")
    r.step(
        "after-update",
        "update_deployment",
        restApiId=api_id,
        deploymentId=deployment["id"],
        patchOperations=[replace("/description", "new-description")],
    )

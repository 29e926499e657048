# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of resources."""

from __future__ import annotations

from conformance.control_plane.replay import Replay, patch, replace, replays

FILE = "test_apigateway_api::TestApiGatewayApiResource::"


@replays(FILE + "test_resource_lifecycle")
def lifecycle(r: Replay) -> None:
    api_id, root_id = r.new_api()
    r.step("rest-api-root-resource", "get_resources", restApiId=api_id)
    pets = r.step("create-resource", "create_resource", restApiId=api_id, parentId=root_id, pathPart="pets")
    r.step("rest-api-resources-after-create", "get_resources", restApiId=api_id)
    r.step("create-subresource", "create_resource", restApiId=api_id, parentId=pets["id"], pathPart="subpets")
    r.step("rest-api-resources-after-create-sub", "get_resources", restApiId=api_id)
    one = {"restApiId": api_id, "resourceId": pets["id"]}
    r.step("update-path-part", "update_resource", **one, patchOperations=[replace("/pathPart", "dogs")])
    r.step("get-resp-after-update-path-part", "get_resource", **one)
    r.step("del-resource", "delete_resource", **one)
    r.step("rest-api-resources-after-delete", "get_resources", restApiId=api_id)


@replays(FILE + "test_update_resource_behaviour")
def update(r: Replay) -> None:
    api_id, root_id = r.new_api()
    pets = r.client.create_resource(restApiId=api_id, parentId=root_id, pathPart="pets")["id"]

    def step(name: str, resource_id: str, operation: dict[str, str]) -> None:
        r.step(name, "update_resource", restApiId=api_id, resourceId=resource_id, patchOperations=[operation])

    step("nonexistent-resource", "fake-resource", replace("/pathPart", "dogs"))
    step("invalid-path-part", pets, replace("/invalid", "dogs"))
    step("invalid-parent-id", pets, replace("/parentId", "fake-parent-id"))
    sub = r.step("create-subresource", "create_resource", restApiId=api_id, parentId=pets, pathPart="subpets")["id"]
    child = r.step("create-subresource-child", "create_resource", restApiId=api_id, parentId=sub, pathPart="pets")["id"]
    step("existing-future-sibling-path", child, replace("/parentId", root_id))
    r.client.delete_resource(restApiId=api_id, resourceId=child)
    step("update-parent-id-to-subresource-id", pets, replace("/parentId", sub))
    step("update-parent-id-to-root-id", sub, replace("/parentId", root_id))
    step("update-path-already-exists", sub, replace("/pathPart", "pets"))
    r.client.delete_resource(restApiId=api_id, resourceId=pets)
    r.step("resources-after-deletion", "get_resources", restApiId=api_id)
    step("remove-unsupported", sub, patch("remove", "/pathPart"))
    step("add-unsupported", sub, patch("add", "/pathPart", "added-pets"))


@replays(FILE + "test_delete_resource")
def delete(r: Replay) -> None:
    api_id, root_id = r.new_api()
    pets = r.client.create_resource(restApiId=api_id, parentId=root_id, pathPart="pets")["id"]
    sub = r.client.create_resource(restApiId=api_id, parentId=pets, pathPart="subpets")["id"]
    r.step("delete-resource", "delete_resource", restApiId=api_id, resourceId=pets)
    r.step("get-resources", "get_resources", restApiId=api_id)
    r.step("delete-subresource", "delete_resource", restApiId=api_id, resourceId=sub)


@replays(FILE + "test_create_resource_parent_invalid")
def unknown_parent(r: Replay) -> None:
    api_id, _unused = r.new_api()
    wanted = {"parentId": "fake-resource-id", "pathPart": "subpets"}
    r.step("wrong-resource-parent-id", "create_resource", restApiId=api_id, **wanted)


@replays(FILE + "test_create_proxy_resource")
def greedy(r: Replay) -> None:
    api_id, root_id = r.new_api()

    def step(name: str, parent_id: str, part: str) -> str:
        wanted = {"restApiId": api_id, "parentId": parent_id, "pathPart": part}
        return str(r.step(name, "create_resource", **wanted)["id"])

    step("create-base-proxy-resource", root_id, "{proxy+}")
    parent = r.client.create_resource(restApiId=api_id, parentId=root_id, pathPart="parent")["id"]
    r.compare("create-proxy-sibling-resource", parent)
    proxy = step("create-proxy-sibling-proxy-child-resource", parent, "{proxy+}")
    child = step("create-proxy-sibling-static-child-resource", parent, "child")
    step("create-static-child-proxy-resource", child, "{proxy+}")
    r.step("all-resources", "get_resources", restApiId=api_id)
    r.client.delete_resource(restApiId=api_id, resourceId=proxy)
    variable = step("create-proxy-sibling-dynamic-child-resource", parent, "{child}")
    step("create-dynamic-child-proxy-resource", variable, "{proxy+}")
    r.step("all-resources-2", "get_resources", restApiId=api_id)


@replays(FILE + "test_create_proxy_resource_validation")
def greedy_refused(r: Replay) -> None:
    api_id, root_id = r.new_api()

    def step(name: str, parent_id: str, part: str) -> dict[str, str]:
        return r.step(name, "create_resource", restApiId=api_id, parentId=parent_id, pathPart=part)

    proxy = step("create-base-proxy-resource", root_id, "{proxy+}")["id"]
    step("create-proxy-dynamic-sibling-resource", root_id, "{dynamic}")
    step("create-proxy-static-child-resource", proxy, "child")
    step("create-proxy-dynamic-child-resource", proxy, "{child}")
    parent = r.client.create_resource(restApiId=api_id, parentId=root_id, pathPart="parent")["id"]
    step("create-greedy-child-resource", parent, "{child+}")


@replays(FILE + "test_update_resource_on_root")
def update_root(r: Replay) -> None:
    api_id, root_id = r.new_api()
    one = {"restApiId": api_id, "resourceId": root_id}
    r.step("update-root-path-part", "update_resource", **one, patchOperations=[replace("/pathPart", "dogs")])
    r.step("update-root-parent", "update_resource", **one, patchOperations=[replace("/parentId", root_id)])

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resources, the nodes of an API's path tree: CreateResource, GetResource(s), UpdateResource, DeleteResource."""

from __future__ import annotations

import re

from ..model import Content, Wire
from .errors import ApiError, BadRequestError, ConflictError, LimitExceededError, NotFoundError
from .operations import Call, operation, part_id
from .pages import page
from .patches import Patch, replace_members

MAXIMUM_RESOURCES = 300
PATH_PART = re.compile(r"[a-zA-Z0-9._\-:$,]+|\{[a-zA-Z0-9._\-:]+\+?\}")


def unknown_resource(_unused: str = "") -> ApiError:
    """Return the error for an unknown resource; operations on resources also raise it for an unknown API."""
    return NotFoundError("Invalid Resource identifier specified")


def resource_of(call: Call, draft: Content, name: str = "resourceId") -> Wire:
    """Return the resource whose id is the parameter `name`."""
    resource = draft.resources.get(str(call.get(name)))
    if resource is None:
        raise unknown_resource()
    return resource


def wire_resource(resource: Wire, embed: bool) -> Wire:
    """Return the wire shape Resource. Without embed=methods, its methods are empty objects (recorded)."""
    methods = resource.get("resourceMethods")
    if not methods:
        return {**resource, "resourceMethods": None}
    return resource if embed else {**resource, "resourceMethods": {name: {} for name in methods}}


def _embeds_methods(call: Call) -> bool:
    return "methods" in call.get("embed", [])


@operation("GetResources")
def get_resources(call: Call) -> Wire:
    resources = sorted(call.draft().resources.values(), key=lambda resource: str(resource["path"]))
    embed = _embeds_methods(call)
    return page([wire_resource(resource, embed) for resource in resources], call.params)


@operation("GetResource")
def get_resource(call: Call) -> Wire:
    return wire_resource(resource_of(call, call.draft(unknown_resource)), _embeds_methods(call))


@operation("CreateResource")
def create_resource(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    parent = resource_of(call, draft, "parentId")
    return add_resource(draft, parent, call.params["pathPart"])


def add_resource(draft: Content, parent: Wire, part: str) -> Wire:
    """Add a resource below `parent`. Raises `ApiError` for an invalid or duplicate path part."""
    check_place(draft, parent, part)
    if len(draft.resources) >= MAXIMUM_RESOURCES:
        raise LimitExceededError(
            "Maximum number of Resources for this API has been reached. "
            "Please contact AWS if you need additional Resources."
        )
    resource = {
        "id": part_id(draft.resources),
        "parentId": parent["id"],
        "pathPart": part,
        "path": child_path(parent["path"], part),
    }
    draft.resources[resource["id"]] = resource
    return resource


def child_path(parent: str, part: str) -> str:
    return f"{parent.rstrip('/')}/{part}"


def check_place(draft: Content, parent: Wire, part: str) -> None:
    """Raise `ApiError` for a path part that is invalid, or not allowed below `parent`."""
    if not PATH_PART.fullmatch(part):
        # AWS's text as other emulators have it; not recorded.
        raise BadRequestError(
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
            "beginning and the end."
        )
    if str(parent.get("pathPart", "")).endswith("+}"):
        raise BadRequestError(f"Cannot create a child of a resource with a greedy path variable: {parent['pathPart']}")
    siblings = [item["pathPart"] for item in draft.resources.values() if item.get("parentId") == parent["id"]]
    if part in siblings:
        raise ConflictError(f"Another resource with the same parent already has this name: {part}")
    variable = next((sibling for sibling in siblings if sibling.startswith("{")), None)
    if variable and part.startswith("{"):
        raise BadRequestError(
            f"A sibling ({variable}) of this resource already has a variable path part -- only one is allowed"
        )


@operation("UpdateResource")
def update_resource(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    resource = resource_of(call, draft)
    changed = dict(resource)
    replace_members(
        changed,
        call.params,
        {
            "/parentId": lambda patch: _new_parent(draft, resource, patch),
            "/pathPart": lambda patch: _new_part(resource, patch),
        },
    )
    if (changed["parentId"], changed["pathPart"]) != (resource["parentId"], resource["pathPart"]):
        check_place(draft, draft.resources[changed["parentId"]], changed["pathPart"])
    draft.resources[resource["id"]] = changed
    _rename(draft, changed)
    return wire_resource(draft.resources[resource["id"]], embed=False)


def _new_part(resource: Wire, patch: Patch) -> str:
    if "parentId" not in resource:
        raise BadRequestError("Root resource cannot update its pathPart.")
    return str(patch.value)


def _new_parent(draft: Content, resource: Wire, patch: Patch) -> str:
    if "parentId" not in resource:
        raise BadRequestError("Root resource cannot update its parentId.")
    parent = draft.resources.get(str(patch.value))
    if parent is None:
        raise unknown_resource()
    if parent["id"] in descendants(draft, resource["id"]):
        raise BadRequestError("Resources cannot be cyclical.")
    return str(parent["id"])


def _rename(draft: Content, resource: Wire) -> None:
    """Recompute the path of a resource and of all resources below it."""
    path = child_path(draft.resources[resource["parentId"]]["path"], resource["pathPart"])
    draft.resources[resource["id"]] = {**resource, "path": path}
    for child in [item for item in draft.resources.values() if item.get("parentId") == resource["id"]]:
        _rename(draft, child)


def descendants(draft: Content, resource_id: str) -> list[str]:
    """Return the ids of a resource and of all resources below it."""
    children = [item["id"] for item in draft.resources.values() if item.get("parentId") == resource_id]
    return [resource_id, *(found for child in children for found in descendants(draft, child))]


@operation("DeleteResource")
def delete_resource(call: Call) -> None:
    draft = call.changed_api(unknown_resource).draft
    resource = resource_of(call, draft)
    if "parentId" not in resource:
        raise BadRequestError("Root resource cannot be deleted.")
    for resource_id in descendants(draft, resource["id"]):
        del draft.resources[resource_id]

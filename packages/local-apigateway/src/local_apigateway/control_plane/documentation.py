# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation parts and versions.

CreateDocumentationPart, GetDocumentationPart(s), UpdateDocumentationPart, DeleteDocumentationPart,
ImportDocumentationParts, and Create-, Get-, Update- and DeleteDocumentationVersion, GetDocumentationVersions.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from ..model import Content, Wire
from .errors import ApiError, BadRequestError, ConflictError, NotFoundError
from .operations import Call, now, operation, part_id
from .pages import page
from .patches import replace_members, set_member

# Parts of these types have no path.
WITHOUT_PATH = ("API", "AUTHORIZER", "MODEL")


def _unknown(_unused: str = "") -> ApiError:
    return NotFoundError("Invalid Documentation part identifier specified")


def _part(call: Call, draft: Content) -> Wire:
    part = draft.documentation_parts.get(str(call.get("documentationPartId")))
    if part is None:
        raise _unknown()
    return part


def add_part(content: Content, location: Wire, properties: Any, replace: bool = True) -> str:
    """Store a documentation part, in place of an existing one for the same location; return its id.

    A part of a method or below without a path is about the root (recorded). `properties` is JSON or its text.
    """
    place = location if location.get("type") in WITHOUT_PATH else {"path": "/", **location}
    same = next((part["id"] for part in content.documentation_parts.values() if part["location"] == place), None)
    if same and not replace:
        return str(same)
    identifier = same or part_id(content.documentation_parts)
    text = properties if isinstance(properties, str) else json.dumps(properties, separators=(",", ":"))
    content.documentation_parts[identifier] = {"id": identifier, "location": place, "properties": text}
    return str(identifier)


@operation("CreateDocumentationPart")
def create_documentation_part(call: Call) -> Wire:
    draft = call.changed_api().draft
    known = set(draft.documentation_parts)
    identifier = add_part(draft, call.params["location"], call.params["properties"], replace=False)
    if identifier in known:
        # AWS rejects this; its text is not recorded.
        raise ConflictError("Documentation part already exists for the specified location")
    return draft.documentation_parts[identifier]


@operation("GetDocumentationPart")
def get_documentation_part(call: Call) -> Wire:
    return _part(call, call.draft(_unknown))


@operation("GetDocumentationParts")
def get_documentation_parts(call: Call) -> Wire:
    filters = {"type": call.get("type"), "name": call.get("nameQuery"), "path": call.get("path")}
    given = {name: value for name, value in filters.items() if value is not None}
    parts = call.draft().documentation_parts.values()
    found = [part for part in parts if all(part["location"].get(name) == value for name, value in given.items())]
    return page(found, call.params)


@operation("UpdateDocumentationPart")
def update_documentation_part(call: Call) -> Wire:
    draft = call.changed_api(_unknown).draft
    part = dict(_part(call, draft))
    replace_members(part, call.params, {"/properties": lambda patch: patch.value or "{}"})
    draft.documentation_parts[part["id"]] = part
    return part


@operation("DeleteDocumentationPart")
def delete_documentation_part(call: Call) -> None:
    draft = call.changed_api().draft
    del draft.documentation_parts[_part(call, draft)["id"]]


@operation("ImportDocumentationParts")
def import_documentation_parts(call: Call) -> Wire:
    draft = call.changed_api().draft
    parts = _parts_of(call.params["body"])
    if call.get("mode") == "overwrite":
        draft.documentation_parts.clear()
    return {"ids": [add_part(draft, part.get("location", {}), part.get("properties", {})) for part in parts]}


def _parts_of(body: bytes) -> list[Wire]:
    """Return the parts of a document, or of the extension alone. Raises `BadRequestError` for others (recorded)."""
    try:
        raw = yaml.safe_load(body)
    except yaml.YAMLError:
        raw = None
    document = raw if isinstance(raw, dict) else {}
    parts = document.get("x-amazon-apigateway-documentation", document).get("documentationParts")
    if parts is None:
        raise BadRequestError("Unable to build importer with provided input.")
    found: list[Wire] = parts
    return found


def _unknown_version(_unused: str = "") -> ApiError:
    return NotFoundError("Invalid Documentation version specified")


def _versions(attributes: Wire) -> Wire:
    """Return the versions by name. They belong to the API, not to its draft."""
    versions: Wire = attributes.setdefault("documentationVersions", {})
    return versions


@operation("CreateDocumentationVersion")
def create_documentation_version(call: Call) -> Wire:
    api = call.changed_api()
    name = call.params["documentationVersion"]
    if name in _versions(api.attributes):
        raise ConflictError("Documentation version already exists")
    stage = call.get("stageName")
    if stage is not None and stage not in api.stages:
        raise NotFoundError("Invalid stage identifier specified")
    version: Wire = {"version": name, "createdDate": now()}
    set_member(version, "description", call.get("description") or None)
    _versions(api.attributes)[name] = version
    if stage is not None:
        api.stages[stage]["documentationVersion"] = name
    return version


def _version(call: Call, attributes: Wire) -> Wire:
    version: Wire | None = _versions(attributes).get(str(call.get("documentationVersion")))
    if version is None:
        raise _unknown_version()
    return version


@operation("GetDocumentationVersion")
def get_documentation_version(call: Call) -> Wire:
    return _version(call, call.api(_unknown_version).attributes)


@operation("GetDocumentationVersions")
def get_documentation_versions(call: Call) -> Wire:
    return page(list(_versions(call.api().attributes).values()), call.params)


@operation("UpdateDocumentationVersion")
def update_documentation_version(call: Call) -> Wire:
    attributes = call.changed_api(_unknown_version).attributes
    version = dict(_version(call, attributes))
    replace_members(version, call.params, {"/description": lambda patch: patch.value or None})
    set_member(version, "description", version.get("description"))
    _versions(attributes)[version["version"]] = version
    return version


@operation("DeleteDocumentationVersion")
def delete_documentation_version(call: Call) -> None:
    api = call.changed_api(_unknown_version)
    name = _version(call, api.attributes)["version"]
    if any(stage.get("documentationVersion") == name for stage in api.stages.values()):
        raise BadRequestError("Active stages pointing to this documentation version must be moved or deleted")
    del _versions(api.attributes)[name]

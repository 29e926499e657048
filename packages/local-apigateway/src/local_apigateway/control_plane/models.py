# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Models: CreateModel, GetModel(s), GetModelTemplate, UpdateModel, DeleteModel."""

from __future__ import annotations

from ..model import Content, Wire
from .errors import ApiError, BadRequestError, ConflictError, NotFoundError
from .operations import Call, operation, part_id
from .pages import page
from .patches import Patch, replace_members, set_member

# The models of a new API (recorded).
EMPTY_SCHEMA = (
    '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}'
)
ERROR_SCHEMA = (
    '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n'
    '  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}'
)


def default_models() -> dict[str, Wire]:
    """Return the models Empty and Error, which CreateRestApi adds."""
    empty = {
        "id": part_id(),
        "name": "Empty",
        "description": "This is a default empty schema model",
        "schema": EMPTY_SCHEMA,
        "contentType": "application/json",
    }
    error = {
        "id": part_id({empty["id"]: empty}),
        "name": "Error",
        "description": "This is a default error schema model",
        "schema": ERROR_SCHEMA,
        "contentType": "application/json",
    }
    return {"Empty": empty, "Error": error}


@operation("CreateModel")
def create_model(call: Call) -> Wire:
    api = call.changed_api()
    name = call.get("name")
    if not name:
        raise BadRequestError("Model name must be non-empty")
    if name in api.draft.models:
        raise ConflictError("Model name already exists for this REST API")
    ids = {model["id"]: model for model in api.draft.models.values()}
    model: Wire = {"id": part_id(ids), "name": name, "contentType": call.params["contentType"]}
    model["schema"] = _schema(call.get("schema"))
    set_member(model, "description", call.get("description") or None)
    api.draft.models[name] = model
    return model


def _schema(text: str | None) -> str:
    if not text:
        raise BadRequestError("Model schema must have at least 1 property or array items defined")
    return text


def _model(call: Call, draft: Content) -> Wire:
    name = str(call.get("modelName"))
    if name not in draft.models:
        raise NotFoundError(f"Invalid model name specified: {name}")
    return draft.models[name]


def _missing(call: Call) -> ApiError:
    return NotFoundError(f"Invalid model name specified: {call.get('modelName')}")


@operation("GetModel")
def get_model(call: Call) -> Wire:
    return _model(call, call.draft(lambda _: _missing(call)))


@operation("GetModels")
def get_models(call: Call) -> Wire:
    models = call.draft().models
    return page([models[name] for name in sorted(models)], call.params)


@operation("UpdateModel")
def update_model(call: Call) -> Wire:
    draft = call.changed_api(lambda _: _missing(call)).draft
    model = dict(_model(call, draft))
    replace_members(model, call.params, {"/description": _description, "/schema": lambda patch: _schema(patch.value)})
    set_member(model, "description", model.get("description"))
    draft.models[model["name"]] = model
    return model


def _description(patch: Patch) -> str | None:
    return patch.value or None


@operation("DeleteModel")
def delete_model(call: Call) -> None:
    draft = call.changed_api(lambda _: _missing(call)).draft
    name = _model(call, draft)["name"]
    uses = _uses(draft, name)
    if uses:
        # AWS names the last one in the order of paths (recorded once).
        raise ConflictError(f"Cannot delete model '{name}', is referenced in {uses[-1]}")
    del draft.models[name]


def _uses(draft: Content, name: str) -> list[str]:
    """Return the places that use a model, in AWS's words. The root resource's methods are `//METHOD` (recorded)."""
    uses = []
    for resource in sorted(draft.resources.values(), key=lambda item: str(item["path"])):
        for method in resource.get("resourceMethods", {}).values():
            responses = (method.get("methodResponses") or {}).values()
            place = f"{resource['path']}/{method['httpMethod']}"
            if name in (method.get("requestModels") or {}).values():
                uses.append(f"method request: {place}")
            if any(name in (response.get("responseModels") or {}).values() for response in responses):
                uses.append(f"method response: {place}")
    return uses

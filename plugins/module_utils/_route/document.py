# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One route as an OpenAPI document that can be merged into an API which others manage.

A merge replaces the methods in the document and leaves all others unchanged ("Import an OpenAPI file to update an
existing API definition" in API Gateway's Developer Guide). So the document has the route, the models of its body and
its validator; the API's name, version and authorizers are those on AWS.
"""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from .._engine.resource import Params
from .._rest_api.draft import Draft
from .._rest_api.member_defaults import set_default_credentials, validator_flags
from .._rest_api.state import Plain, trimmed
from .._rest_api.to_openapi import API_KEY, api_key_scheme, authorizer_scheme, document_schemas

_ROUTE = re.compile(r"(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|ANY) +(/\S*)")
_VALIDATOR = "x-amazon-apigateway-request-validator"
_INTEGRATION = "x-amazon-apigateway-integration"


def parse_route(text: Any) -> Tuple[str, str]:
    """Return the method and the path of a route such as `GET /orders/{id}`. Raise `ValueError` for anything else."""
    found = _ROUTE.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError(f'route is {text!r}; write a method and a path, like "GET /orders/{{id}}"')
    return found.group(1), found.group(2).rstrip("/") or "/"


def route_document(params: Params, draft: Draft) -> Plain:
    """Return the document to merge, for options in which `find_errors` finds none."""
    method, path = parse_route(params["route"])
    operation = _operation(params, method, path)
    schemas = referred_schemas(_body(operation), _all_schemas(params, draft, method, path))
    validators = {operation[_VALIDATOR]: _validator(params, draft, operation)} if _VALIDATOR in operation else {}
    components = {"schemas": schemas, "securitySchemes": _schemes(params, draft)}
    info = {"title": draft.api["name"], "version": draft.api.get("version")}
    key = "x-amazon-apigateway-any-method" if method == "ANY" else method.lower()
    return {
        "openapi": "3.0.1",
        "info": trimmed(info),
        "paths": {path: {key: operation}},
        **trimmed({"components": trimmed(components), f"{_VALIDATOR}s": validators}),
    }


def find_errors(params: Params, draft: Draft) -> List[str]:
    """Return the errors in the operation, and its conflicts with the API."""
    method, path = parse_route(params["route"])
    operation = _operation(params, method, path)
    found = []
    if not (operation.get(_INTEGRATION) or {}).get("type"):
        found.append(f"operation has no {_INTEGRATION} with a type; add one")
    if params["operation"].get("security"):
        found.append("operation has security; name an authorizer of the API with the option authorizer instead")
    found += _unknown_references(_body(operation), _all_schemas(params, draft, method, path))
    found += _authorizer_errors(params.get("authorizer"), draft)
    found += _validator_errors(params, draft, operation)
    return found + _sibling_errors(path, draft)


def _operation(params: Params, method: str, path: str) -> Plain:
    """Return the operation to import: with the role and the security, and with models for the body alone.

    API Gateway does not validate responses, so models of responses would only be left on the API.
    """
    operation = copy.deepcopy(dict(params["operation"]))
    for response in (operation.get("responses") or {}).values():
        response.pop("content", None)
    for kind, media in _body(operation).items():
        if _is_inline(media):
            media["schema"] = {"$ref": _reference(_model_name(method, path, kind))}
    set_default_credentials(operation.get(_INTEGRATION) or {}, params.get("execution_role"))
    schemes = (params.get("authorizer"), API_KEY if params["api_key_required"] else None)
    security: List[Plain] = [{name: []} for name in schemes if name]
    return {**operation, "security": security} if security else operation


def _body(operation: Mapping[str, Any]) -> Dict[str, Plain]:
    return dict((operation.get("requestBody") or {}).get("content") or {})


def _is_inline(media: Mapping[str, Any]) -> bool:
    """Return whether the schema of a body is part of the operation; API Gateway would name its model at random."""
    return bool(media.get("schema")) and "$ref" not in media["schema"]


def _model_name(method: str, path: str, content_type: str) -> str:
    """Return a name for a body's model, alphanumeric as API Gateway requires it: `PutOrdersIdBody`."""
    words = re.findall(r"[A-Za-z0-9]+", f"{method.capitalize()} {path}")
    kind = "" if content_type == "application/json" else " ".join(re.findall(r"[A-Za-z0-9]+", content_type))
    return "".join(word[0].upper() + word[1:] for word in [*words, *kind.split(), "Body"])


def _reference(name: str) -> str:
    return f"#/components/schemas/{name}"


def _all_schemas(params: Params, draft: Draft, method: str, path: str) -> Plain:
    """Return the schemas that the route can refer to: the API's models, the option's, and those in the body itself."""
    inline = {
        _model_name(method, path, kind): media["schema"]
        for kind, media in _body(params["operation"]).items()
        if _is_inline(media)
    }
    return {**document_schemas(draft), **(params.get("schemas") or {}), **inline}


def _references(value: Any) -> Set[str]:
    """Return the names of the schemas that a schema, or anything that contains schemas, refers to."""
    if isinstance(value, Mapping):
        own = {value["$ref"].rsplit("/", 1)[-1]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(member) for member in value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


def referred_schemas(holder: Any, schemas: Mapping[str, Any]) -> Plain:
    """Return the schemas that a body, or anything, refers to directly or through other schemas."""
    needed: Set[str] = set()
    ahead = _references(holder)
    while ahead - needed:
        needed |= ahead
        ahead = _references([schemas[name] for name in sorted(ahead) if name in schemas])
    return {name: schemas[name] for name in sorted(needed) if name in schemas}


def _unknown_references(body: Any, schemas: Mapping[str, Any]) -> List[str]:
    known = referred_schemas(body, schemas)
    unknown = sorted(_references([body, *known.values()]) - set(known))
    return [
        f'the body refers to the schema "{name}", which is neither in schemas nor a model of the API; add it to schemas'
        for name in unknown
    ]


def _schemes(params: Params, draft: Draft) -> Plain:
    schemes = {entry["name"]: authorizer_scheme(entry) for entry in draft.authorizers}
    found = {name: scheme for name, scheme in schemes.items() if name == params.get("authorizer")}
    if params["api_key_required"]:
        found[API_KEY] = api_key_scheme()
    return found


def _authorizer_errors(name: Optional[str], draft: Draft) -> List[str]:
    existing = sorted(entry["name"] for entry in draft.authorizers)
    if not name or name in existing:
        return []
    return [f'the API has no authorizer "{name}"; its authorizers: {", ".join(existing) or "none"}']


def _validators(draft: Draft) -> Dict[str, Plain]:
    return {entry.get("name") or "": validator_flags(entry) for entry in draft.request_validators}


def _validator(params: Params, draft: Draft, operation: Mapping[str, Any]) -> Plain:
    name = operation[_VALIDATOR]
    return dict((params.get("request_validators") or {}).get(name) or _validators(draft)[name])


def _validator_errors(params: Params, draft: Draft, operation: Mapping[str, Any]) -> List[str]:
    """Return the error of a validator that does not exist, or that the API has with other flags."""
    name = operation.get(_VALIDATOR)
    existing = _validators(draft)
    declared = (params.get("request_validators") or {}).get(name)
    if name is None or (declared is None and name in existing):
        return []
    if declared is None:
        names = ", ".join(sorted(existing)) or "none"
        return [f'the API has no request validator "{name}"; its validators: {names}. Add it to request_validators']
    if existing.get(name, declared) != declared:
        return [
            f'the API has a request validator "{name}" with other flags ({existing[name]}, here {declared}), which '
            "other routes may use; give the validator of this route another name"
        ]
    return []


def _sibling_errors(path: str, draft: Draft) -> List[str]:
    """Return the error of a path parameter with another name on the API: API Gateway accepts one name in one place."""
    existing = {resource["path"] for resource in draft.resources}
    parent = ""
    for part in path.strip("/").split("/"):
        others = sorted(_parts_below(parent, existing) - {part})
        other = next((other for other in others if other.startswith("{")), None)
        if part.startswith("{") and other and f"{parent}/{part}" not in existing:
            return [f"the API has the path parameter {other} in the place of {part}; write {parent}/{other}"]
        parent += f"/{part}"
    return []


def _parts_below(parent: str, paths: Iterable[str]) -> Set[str]:
    below = {path[len(parent) + 1 :].split("/")[0] for path in paths if path.startswith(f"{parent}/")}
    return below - {""}

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One route as an OpenAPI document that can be merged into an API which somebody else keeps.

A merge replaces the methods that the document holds, and leaves alone what it does not hold ("Import an OpenAPI file to
update an existing API definition" in API Gateway's Developer Guide). So the document holds the route, the models of its
body and its validator, and in the places of the API's name, version and authorizers what these are already.
"""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from .._engine.resource import Params
from .._rest_api.draft import Draft
from .._rest_api.members import set_default_credentials, validator_flags
from .._rest_api.state import Plain, trimmed
from .._rest_api.to_openapi import API_KEY, api_key_scheme, authorizer_scheme, localised_schemas

_ROUTE = re.compile(r"(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|ANY) +(/\S*)")
_VALIDATOR = "x-amazon-apigateway-request-validator"
_INTEGRATION = "x-amazon-apigateway-integration"


def parse_route(text: Any) -> Tuple[str, str]:
    """The method and the path of `GET /orders/{id}`. Raises `ValueError` for what is no route."""
    found = _ROUTE.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError(f'route is {text!r}; write a method and a path, like "GET /orders/{{id}}"')
    return found.group(1), found.group(2).rstrip("/") or "/"


def route_document(params: Params, draft: Draft) -> Plain:
    """The document to merge; `params` are the module's, without mistakes."""
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


def mistakes(params: Params, draft: Draft) -> List[str]:
    """What is wrong with the operation, or stands against it on the API."""
    method, path = parse_route(params["route"])
    operation = _operation(params, method, path)
    found = [] if (operation.get(_INTEGRATION) or {}).get("type") else [f"operation has no {_INTEGRATION} with a type"]
    if params["operation"].get("security"):
        found.append("operation has security; name an authorizer of the API with the option authorizer instead")
    found += _unknown_references(_body(operation), _all_schemas(params, draft, method, path))
    found += _authorizer_mistakes(params.get("authorizer"), draft)
    found += _validator_mistakes(params, draft, operation)
    return found + _sibling_mistakes(path, draft)


def _operation(params: Params, method: str, path: str) -> Plain:
    """The operation as it is sent: with the role, with who may call, its body's schemas by name, its answers' not.

    API Gateway does not check answers, so the models of answers would only be more to leave on the API.
    """
    operation = copy.deepcopy(dict(params["operation"]))
    for response in (operation.get("responses") or {}).values():
        response.pop("content", None)
    for kind, media in _body(operation).items():
        if _is_inline(media):
            media["schema"] = {"$ref": _reference(_model_name(method, path, kind))}
    set_default_credentials(operation.get(_INTEGRATION) or {}, params.get("execution_role"))
    asked = (params.get("authorizer"), API_KEY if params["api_key_required"] else None)
    security: List[Plain] = [{name: []} for name in asked if name]
    return {**operation, "security": security} if security else operation


def _body(operation: Mapping[str, Any]) -> Dict[str, Plain]:
    return dict((operation.get("requestBody") or {}).get("content") or {})


def _is_inline(media: Mapping[str, Any]) -> bool:
    """Whether the schema of a body stands in the operation itself; API Gateway would make a model without our name."""
    return bool(media.get("schema")) and "$ref" not in media["schema"]


def _model_name(method: str, path: str, content_type: str) -> str:
    """A name for a body's model, alphanumeric as API Gateway wants it: `PutOrdersIdBody`."""
    words = re.findall(r"[A-Za-z0-9]+", f"{method.capitalize()} {path}")
    kind = "" if content_type == "application/json" else " ".join(re.findall(r"[A-Za-z0-9]+", content_type))
    return "".join(word[0].upper() + word[1:] for word in [*words, *kind.split(), "Body"])


def _reference(name: str) -> str:
    return f"#/components/schemas/{name}"


def _all_schemas(params: Params, draft: Draft, method: str, path: str) -> Plain:
    """The schemas that the route can refer to: the API's models, its own, and those that stood in its body."""
    inline = {
        _model_name(method, path, kind): media["schema"]
        for kind, media in _body(params["operation"]).items()
        if _is_inline(media)
    }
    return {**localised_schemas(draft), **(params.get("schemas") or {}), **inline}


def _references(value: Any) -> Set[str]:
    """The names of the schemas that a schema, or a body of several, refers to."""
    if isinstance(value, Mapping):
        own = {value["$ref"].rsplit("/", 1)[-1]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(member) for member in value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


def referred_schemas(holder: Any, schemas: Mapping[str, Any]) -> Plain:
    """The schemas that a body (or anything) refers to, and all that these refer to."""
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
        f'the body refers to the schema "{name}", which is neither in schemas nor a model of the API'
        for name in unknown
    ]


def _schemes(params: Params, draft: Draft) -> Plain:
    schemes = {entry["name"]: authorizer_scheme(entry) for entry in draft.authorizers}
    wanted = {name: scheme for name, scheme in schemes.items() if name == params.get("authorizer")}
    if params["api_key_required"]:
        wanted[API_KEY] = api_key_scheme()
    return wanted


def _authorizer_mistakes(name: Optional[str], draft: Draft) -> List[str]:
    there = sorted(entry["name"] for entry in draft.authorizers)
    if not name or name in there:
        return []
    return [f'the API has no authorizer "{name}"; it has {_listed(there)}']


def _validators(draft: Draft) -> Dict[str, Plain]:
    return {entry.get("name") or "": validator_flags(entry) for entry in draft.request_validators}


def _validator(params: Params, draft: Draft, operation: Mapping[str, Any]) -> Plain:
    name = operation[_VALIDATOR]
    return dict((params.get("request_validators") or {}).get(name) or _validators(draft)[name])


def _validator_mistakes(params: Params, draft: Draft, operation: Mapping[str, Any]) -> List[str]:
    """A validator that is nowhere, or that the API has under the same name and with another meaning."""
    name = operation.get(_VALIDATOR)
    there = _validators(draft)
    own = (params.get("request_validators") or {}).get(name)
    if name is None or (own is None and name in there):
        return []
    if own is None:
        return [f'the operation names the request validator "{name}"; the API has {_listed(sorted(there))}']
    if there.get(name, own) != own:
        return [
            f'the request validator "{name}" of the API checks something else than this route\'s ({there[name]} there, '
            f"{own} here), and other routes may use it; rename the one on the API"
        ]
    return []


def _sibling_mistakes(path: str, draft: Draft) -> List[str]:
    """Path parameters that the API calls otherwise: API Gateway takes one name in one place."""
    there = {resource["path"] for resource in draft.resources}
    walked = ""
    for part in path.strip("/").split("/"):
        others = sorted(_parts_below(walked, there) - {part})
        other = next((other for other in others if other.startswith("{")), None)
        if part.startswith("{") and other and f"{walked}/{part}" not in there:
            return [f"the API calls the part {part} of the path {other}; write {walked}/{other}"]
        walked += f"/{part}"
    return []


def _parts_below(parent: str, paths: Iterable[str]) -> Set[str]:
    below = {path[len(parent) + 1 :].split("/")[0] for path in paths if path.startswith(f"{parent}/")}
    return below - {""}


def _listed(names: List[str]) -> str:
    return ", ".join(names) or "none"

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The canonical form in which a declared API and an API on AWS are compared.

An OpenAPI document (`from_openapi`) and API Gateway's responses (`from_aws`) are both converted to an `ApiState`. It
omits what AWS adds (ids, cache namespaces, defaults), has names in the place of ids, and sorts lists whose order has no
meaning. So the defaults, the order and the format in which AWS returns an API never show as a change.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

from .._engine.resource import Diff

Plain = Dict[str, Any]


@dataclass(frozen=True)
class ApiState:
    """The parts of an API that are compared.

    `settings` are by AWS's member names, `routes` by `METHOD /path`, `models`, `request_validators` and `authorizers`
    by name, `gateway_responses` by response type.
    """

    settings: Plain
    routes: Dict[str, Plain]
    models: Plain = field(default_factory=dict)
    request_validators: Plain = field(default_factory=dict)
    gateway_responses: Plain = field(default_factory=dict)
    authorizers: Plain = field(default_factory=dict)


SECTIONS = ("models", "request_validators", "gateway_responses", "authorizers")
"""The parts of an API beside its settings and routes. Entries that a document does not declare are not managed."""


def aligned(have: ApiState, want: ApiState) -> ApiState:
    """Return `have` reduced to what `want` declares, so that unmanaged parts do not count as a change.

    All routes are managed. If a document declares a gateway response, all gateway responses are managed too, because
    they decide what callers see.
    """
    responses = {
        name: _aligned_response(response, want.gateway_responses.get(name, {}))
        for name, response in have.gateway_responses.items()
    }
    return ApiState(
        settings=_only(have.settings, want.settings),
        routes=have.routes,
        models=_only(have.models, want.models),
        request_validators=_only(have.request_validators, want.request_validators),
        gateway_responses=responses if want.gateway_responses else {},
        authorizers=_only(have.authorizers, want.authorizers),
    )


_DEFAULT_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}


def _aligned_response(have: Plain, want: Plain) -> Plain:
    """Return a gateway response without AWS's defaults: the status of its type, and the default template."""
    defaults = {"statusCode"} if "statusCode" not in want else set()
    if "responseTemplates" not in want and have.get("responseTemplates") == _DEFAULT_TEMPLATES:
        defaults.add("responseTemplates")
    return {name: value for name, value in have.items() if name not in defaults}


def digest(state: ApiState) -> str:
    """Return the digest of the content of a deployment with this state: `sha256:` and 64 hexadecimal digits."""
    content = {"settings": state.settings, "routes": state.routes}
    content.update({section: getattr(state, section) for section in SECTIONS})
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def diffs(have: ApiState, want: ApiState) -> List[Diff]:
    """Return the differences: the settings, each route, and each entry of the other parts by its name.

    `have` must be aligned to `want`.
    """
    found = [Diff(have.settings, want.settings, "settings of the REST API")]
    found += _by_name("route ", have.routes, want.routes)
    for section in SECTIONS:
        found += _by_name(section.replace("_", " ")[:-1] + " ", getattr(have, section), getattr(want, section))
    return [diff for diff in found if diff.before != diff.after]


def _only(values: Mapping[str, Any], names: Mapping[str, Any]) -> Plain:
    return {name: values[name] for name in names if name in values}


def _by_name(kind: str, have: Mapping[str, Any], want: Mapping[str, Any]) -> List[Diff]:
    return [Diff(have.get(name), want.get(name), f"{kind}{name}") for name in sorted({*have, *want})]


def trimmed(values: Mapping[str, Any]) -> Plain:
    """Return a copy without empty members: None, empty texts and empty collections."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", {}, [])}


def path_parameters(path: str) -> Dict[str, bool]:
    """Return the parameters in a path by their names in methods. All are required (True)."""
    return {f"method.request.path.{name}": True for name in re.findall(r"{([^}+]+)\+?}", path)}


def plain_parameters(parameters: Optional[Mapping[str, bool]], path: str) -> Dict[str, bool]:
    """Return the declared request parameters without those of the path.

    A path parameter always has a value. An import declares it even if the document does not (recorded), while the
    console and Terraform omit it.
    """
    of_path = path_parameters(path)
    return {name: bool(required) for name, required in (parameters or {}).items() if name not in of_path}


def plain_templates(templates: Optional[Mapping[str, Optional[str]]]) -> Dict[str, str]:
    """Return templates by content type. AWS returns null for an empty template (recorded)."""
    return {kind: text or "" for kind, text in (templates or {}).items()}


def plain_schema(schema: Any) -> Any:
    """Return a JSON schema in canonical form.

    API Gateway keeps a reference to a model as the model's URL and sorts `required` (recorded), so a reference is
    shortened to the model's name, and `required` is sorted. `$schema` is omitted: it names the draft of JSON Schema, of
    which API Gateway supports one, and OpenAPI has no such member.
    """
    if isinstance(schema, dict):
        return {key: _schema_member(key, value) for key, value in schema.items() if key != "$schema"}
    return [plain_schema(item) for item in schema] if isinstance(schema, list) else schema


def _schema_member(key: str, value: Any) -> Any:
    if key == "$ref" and isinstance(value, str):
        return value.rsplit("/", 1)[-1]
    if key == "required" and isinstance(value, list):
        return sorted(value)
    return plain_schema(value)

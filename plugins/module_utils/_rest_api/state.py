# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The canonical form in which a declared API and an API on AWS are compared.

Both an OpenAPI document (`_api_document`) and API Gateway's own answers (`_api_draft`) are brought to an `ApiState`.
What AWS adds of itself (ids, cache namespaces, defaults) is left out on both sides, names stand in the place of ids,
and lists whose order means nothing are sorted. So AWS's habit of returning defaults, reordering and reformatting
never shows as a change.
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
    """An API as far as it is compared.

    `settings` by AWS's member names; `routes` by `METHOD /path`; `models`, `request_validators` and `authorizers` by
    name; `gateway_responses` by response type.
    """

    settings: Plain
    routes: Dict[str, Plain]
    models: Plain = field(default_factory=dict)
    request_validators: Plain = field(default_factory=dict)
    gateway_responses: Plain = field(default_factory=dict)
    authorizers: Plain = field(default_factory=dict)


SECTIONS = ("models", "request_validators", "gateway_responses", "authorizers")
"""The parts of an API beside its settings and routes; of each, what a document does not declare is not managed."""


def aligned(have: ApiState, want: ApiState) -> ApiState:
    """`have` reduced to what `want` declares, so that what is not managed does not count.

    All routes are managed. So are all gateway responses of a document that declares any: they decide what callers see.
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
    """A gateway response without what AWS fills in: the status of its type, and the default template."""
    filled_in = {"statusCode"} if "statusCode" not in want else set()
    if "responseTemplates" not in want and have.get("responseTemplates") == _DEFAULT_TEMPLATES:
        filled_in.add("responseTemplates")
    return {name: value for name, value in have.items() if name not in filled_in}


def digest(state: ApiState) -> str:
    """A name for the content that a deployment would take a snapshot of: `sha256:` and 64 hexadecimal digits."""
    content = {"settings": state.settings, "routes": state.routes}
    content.update({section: getattr(state, section) for section in SECTIONS})
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def diffs(have: ApiState, want: ApiState) -> List[Diff]:
    """What differs, as people read it: the settings, each route, each further part by its name.

    `have` is aligned to `want` already.
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
    """A copy without members that say nothing: None, empty text, empty collections."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", {}, [])}


def path_parameters(path: str) -> Dict[str, bool]:
    """The parameters in a path by the names that methods declare them under; each is required."""
    return {f"method.request.path.{name}": True for name in re.findall(r"{([^}+]+)\+?}", path)}


def plain_parameters(parameters: Optional[Mapping[str, bool]], path: str) -> Dict[str, bool]:
    """The declared parameters of a request but those of its own path.

    These always have a value, and an import declares them whether the document does or not (seen in recorded imports),
    while the console and Terraform leave them out.
    """
    own = path_parameters(path)
    return {name: bool(required) for name, required in (parameters or {}).items() if name not in own}


def plain_templates(templates: Optional[Mapping[str, Optional[str]]]) -> Dict[str, str]:
    """Templates by content type. AWS answers null where an empty one was put (recorded)."""
    return {kind: text or "" for kind, text in (templates or {}).items()}


def plain_schema(schema: Any) -> Any:
    """A JSON schema in canonical form.

    API Gateway keeps a reference to a model as the model's URL and sorts `required` (seen in recorded imports), so a
    reference is cut to the model's name, and `required` is sorted. `$schema` says which draft of JSON Schema a model
    is written in; API Gateway knows one, and OpenAPI has no such member.
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

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A document to import: one interface for OpenAPI 3 and Swagger 2."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from ..errors import BadRequestError
from .shape import problems

MAXIMUM_BYTES = 6 * 1024 * 1024
# In a YAML document, with aliases expanded. A document of 300 resources has a few thousand.
MAXIMUM_NODES = 500_000
MAXIMUM_DEPTH = 200
METHODS = ("get", "put", "post", "delete", "patch", "options", "head")
ANY_METHOD = "x-amazon-apigateway-any-method"
JSON_TYPE = "application/json"

Raw = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a method: `location` as mapping expressions name it (`querystring`, `path`, `header`)."""

    location: str
    name: str
    required: bool


@dataclass(frozen=True)
class DocumentMethod:
    """A method of the document. `raw` is its object, merged with the members that its path has for all methods."""

    path: str
    http_method: str
    raw: Raw


class Document:
    """The common part of both versions. `raw` is the parsed document."""

    schemas_prefix = ""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw

    @property
    def info(self) -> Raw:
        return _mapping(self.raw.get("info"))

    def extension(self, name: str, default: Any = None) -> Any:
        return self.raw.get(f"x-amazon-apigateway-{name}", default)

    def methods(self) -> Iterator[DocumentMethod]:
        """Yield all methods, in the order of the document."""
        for path, item in _mapping(self.raw.get("paths")).items():
            shared = _mapping(item).get("parameters", [])
            for key, http_method in [*((name, name.upper()) for name in METHODS), (ANY_METHOD, "ANY")]:
                if key in _mapping(item):
                    raw = _mapping(item[key])
                    own = raw.get("parameters", [])
                    yield DocumentMethod(str(path), http_method, {**raw, "parameters": [*shared, *own]})

    def paths(self) -> list[str]:
        return [str(path) for path in _mapping(self.raw.get("paths"))]

    def parameters(self, method: DocumentMethod) -> list[Parameter]:
        """Return query, path and header parameters. Of several with the same name and place the last one counts."""
        found: dict[tuple[str, str], Parameter] = {}
        for entry in method.raw.get("parameters", []):
            raw = self.resolved(entry)
            location = {"query": "querystring"}.get(raw.get("in", ""), raw.get("in", ""))
            if location in ("querystring", "path", "header"):
                name = str(raw.get("name"))
                required = bool(raw.get("required")) or location == "path"
                found[location, name] = Parameter(location, name, required)
        return list(found.values())

    def responses(self, method: DocumentMethod) -> dict[str, Raw]:
        """Return the responses of a method by status, which is a number in some YAML documents."""
        responses = _mapping(method.raw.get("responses"))
        return {str(status): self.resolved(response) for status, response in responses.items()}

    def resolved(self, raw: Any) -> Raw:
        """Return an object, or the target of its `$ref`."""
        reference = _mapping(raw).get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return _mapping(raw)
        found: Any = self.raw
        for part in reference[2:].split("/"):
            found = _mapping(found).get(part.replace("~1", "/").replace("~0", "~"))
        return _mapping(found)

    # Members whose place differs between the versions.

    def schemas(self) -> Raw:
        raise NotImplementedError

    def security_schemes(self) -> Raw:
        raise NotImplementedError

    def base_path(self) -> str:
        raise NotImplementedError

    def endpoint_configuration(self) -> Raw:
        """Return the endpoint configuration of the API; empty if the document has none."""
        raise NotImplementedError

    def body_schemas(self, method: DocumentMethod) -> dict[str, Raw]:
        """Return the schema of the request's body by content type."""
        raise NotImplementedError

    def response_schemas(self, method: DocumentMethod, response: Raw) -> dict[str, Raw]:
        """Return the schema of a response's body by content type."""
        raise NotImplementedError


class OpenApi3(Document):
    """OpenAPI 3.0 and 3.1."""

    schemas_prefix = "#/components/schemas/"

    def schemas(self) -> Raw:
        return _mapping(_mapping(self.raw.get("components")).get("schemas"))

    def security_schemes(self) -> Raw:
        return _mapping(_mapping(self.raw.get("components")).get("securitySchemes"))

    def base_path(self) -> str:
        """Return the variable `basePath` of the first server, or the path of its URL without one (recorded)."""
        servers = self.raw.get("servers") or [{}]
        server = _mapping(servers[0])
        defaults = {
            name: str(_mapping(raw).get("default", "")) for name, raw in _mapping(server.get("variables")).items()
        }
        if "basePath" in defaults:
            return defaults["basePath"]
        url = re.sub(r"\{(\w+)\}", lambda match: defaults.get(match[1], ""), str(server.get("url", "")))
        return urlsplit(url).path

    def endpoint_configuration(self) -> Raw:
        """Return the endpoint configuration of the servers. API Gateway ignores one at the root.

        AWS: the page of the extension; aws/serverless-application-model issue 2396: the endpoint stayed enabled."""
        found: Raw = {}
        for server in self.raw.get("servers") or []:
            found.update(_mapping(_mapping(server).get("x-amazon-apigateway-endpoint-configuration")))
        return found

    def body_schemas(self, method: DocumentMethod) -> dict[str, Raw]:
        return _content_schemas(self.resolved(method.raw.get("requestBody")))

    def response_schemas(self, method: DocumentMethod, response: Raw) -> dict[str, Raw]:  # noqa: ARG002 - Swagger 2 needs it
        return _content_schemas(response)


class Swagger2(Document):
    """Swagger 2.0."""

    schemas_prefix = "#/definitions/"

    def schemas(self) -> Raw:
        return _mapping(self.raw.get("definitions"))

    def security_schemes(self) -> Raw:
        return _mapping(self.raw.get("securityDefinitions"))

    def base_path(self) -> str:
        return str(self.raw.get("basePath", ""))

    def endpoint_configuration(self) -> Raw:
        return _mapping(self.extension("endpoint-configuration"))

    def body_schemas(self, method: DocumentMethod) -> dict[str, Raw]:
        bodies = [self.resolved(entry) for entry in method.raw.get("parameters", [])]
        schemas: list[Raw] = [body["schema"] for body in bodies if body.get("in") == "body" and "schema" in body]
        return dict.fromkeys(self._types(method, "consumes"), schemas[0]) if schemas else {}

    def response_schemas(self, method: DocumentMethod, response: Raw) -> dict[str, Raw]:
        if "schema" not in response:
            return {}
        schema: Raw = response["schema"]
        return dict.fromkeys(self._types(method, "produces"), schema)

    def _types(self, method: DocumentMethod, name: str) -> list[str]:
        return method.raw.get(name) or self.raw.get(name) or [JSON_TYPE]


def _content_schemas(raw: Raw) -> dict[str, Raw]:
    content = _mapping(raw.get("content"))
    return {kind: media["schema"] for kind, media in content.items() if "schema" in _mapping(media)}


def _mapping(value: Any) -> Raw:
    return value if isinstance(value, dict) else {}


def parse(body: bytes) -> Document:
    """Parse a document. Raises `BadRequestError` in AWS's words if it is not an OpenAPI document (recorded)."""
    if len(body) > MAXIMUM_BYTES:
        raise BadRequestError(f"The document has {len(body)} bytes; an import takes at most {MAXIMUM_BYTES}")
    raw = _plain(_load(body), 0)
    kind = _kind(raw)
    if kind is None or not isinstance(raw, dict):
        raise BadRequestError(INVALID)
    _refuse_wrong_kinds(raw)
    return kind(_without_nulls(raw, within_extension=False))


INVALID = "Invalid OpenAPI input."


def _kind(raw: Any) -> type[Document] | None:
    if isinstance(raw, Mapping) and "paths" in raw:
        if str(raw.get("openapi", "")).startswith("3."):
            return OpenApi3
        if str(raw.get("swagger", "")).startswith("2."):
            return Swagger2
    return None


def _refuse_wrong_kinds(raw: Raw) -> None:
    """Raise `BadRequestError` for the parts of a wrong kind, with the place of each.

    The beginning of the text is AWS's (`shape.py` cites it); the rest is not recorded.
    """
    found = [problem for problem in problems(raw) if not problem.warns]
    if not found:
        return
    malformed = next((problem.place[1] for problem in found if _INTEGRATION in problem.place), None)
    title = (
        f"Unable to parse API definition because of a malformed integration at path {malformed}"
        if malformed
        else INVALID
    )
    lines = [f"attribute {problem.path} is not {problem.expected}" for problem in found]
    raise BadRequestError("\n\t".join([title, *lines[:MAXIMUM_LINES]]))


def _without_nulls(raw: Raw, within_extension: bool) -> Raw:
    """Return a document without the null members of its extensions, which count as missing.

    Mappings keep their nulls, for which an import has a warning (recorded), and so does JSON of the user.
    """
    kept: Raw = {}
    for name, item in raw.items():
        in_extension = within_extension or name.startswith("x-amazon-")
        if isinstance(item, dict) and name not in _VERBATIM:
            kept[name] = _without_nulls(item, in_extension)
        elif item is not None or not in_extension:
            kept[name] = item
    return kept


_VERBATIM = (
    "requestParameters",
    "requestTemplates",
    "responseParameters",
    "responseTemplates",
    "properties",
    "x-amazon-apigateway-policy",
)
MAXIMUM_LINES = 50
_INTEGRATION = "x-amazon-apigateway-integration"


def _plain(value: Any, depth: int) -> Any:
    """Convert a parsed document to JSON values: YAML has dates, sets, binary values, and keys other than text.

    Raises `BadRequestError` for a value that JSON cannot have: AWS returns documents as JSON (GetModel).
    """
    if depth > MAXIMUM_DEPTH:
        raise BadRequestError(f"The document is nested more than {MAXIMUM_DEPTH} levels deep")
    if isinstance(value, dict):
        return {_plain_text(_key(name)): _plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise BadRequestError(INVALID)


def _key(name: Any) -> str:
    """Return a key as JSON has it. Raises `BadRequestError` for a date or a list."""
    if isinstance(name, str):
        return name
    if isinstance(name, (bool, int)) or name is None:
        return json.dumps(name)
    raise BadRequestError(INVALID)


def _plain_text(text: str) -> str:
    """Return a text. Raises `BadRequestError` for an unpaired surrogate, which UTF-8 cannot encode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRequestError(INVALID) from None
    return text


def _load(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        return None
    except ValueError:
        pass
    try:
        return _load_yaml(body)
    except (yaml.YAMLError, RecursionError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        # The loader lets Python's errors through: `2026-13-45` is a ValueError, `!!bool 5` a KeyError.
        return None


def _load_yaml(body: bytes) -> Any:
    """Parse a YAML document. Raises `BadRequestError` if its aliases expand to too many nodes."""
    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    _check_shape(body, kind)
    loader = kind(body)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _expanded_size(node, {}) > MAXIMUM_NODES:
            raise BadRequestError(
                f"The document has more than {MAXIMUM_NODES} nodes when its YAML aliases are written out. "
                "Use $ref instead of aliases"
            )
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _check_shape(body: bytes, kind: type[Any]) -> None:
    """Raise `BadRequestError` for a document that is too deep or too large for the loader.

    The loader recurses in C without a limit: a deep document would crash the process.
    """
    depth = 0
    for number, event in enumerate(yaml.parse(body, Loader=kind)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAXIMUM_DEPTH:
            raise BadRequestError(f"The document is nested more than {MAXIMUM_DEPTH} levels deep")
        if number > MAXIMUM_NODES:
            raise BadRequestError(f"The document has more than {MAXIMUM_NODES} nodes. Import a smaller one, or JSON")


def _expanded_size(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Count the nodes of a node with all aliases expanded. Aliases can form a circle."""
    size = sizes.get(id(node))
    if size is None:
        # A node that contains itself is infinite.
        sizes[id(node)] = MAXIMUM_NODES + 1
        children = node.value if isinstance(node, yaml.CollectionNode) else ()
        pairs = isinstance(node, yaml.MappingNode)
        size = 1 + sum(_expanded_size(part, sizes) for child in children for part in (child if pairs else (child,)))
        sizes[id(node)] = size
    return size


def with_base_path(path: str, base: str, mode: str) -> str:
    """Return the path in the API for a path of the document. `mode` is `ignore`, `prepend` or `split` (docs)."""
    parts = [part for part in base.split("/") if part]
    if mode == "ignore":
        parts = []
    elif mode == "split":
        parts = parts[1:]
    return "".join(f"/{part}" for part in parts) + path

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The variables of mapping templates (`$input`, `$context`, `$stageVariables`, `$util`), and the overrides they set.

AWS: "API Gateway mapping template and access logging variable reference". How variables print, and the value of missing
ones, was recorded on AWS.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from ...velocity import JavaError, Limits, Meter, Template
from ...velocity.java.collections import MAP_METHODS
from ...velocity.java.jayway import read
from ...velocity.java.json_smart import parse_json, write_json
from ...velocity.java.types import define_object
from ...velocity.java.values import JavaObject, LinkedMap, from_utf16, set_printer, to_text, to_utf16, to_value
from ..dialect import DEFAULT, Dialect
from ..messages import Params

_DEFAULT_LIMITS = Limits()
_BLANK_MAPS = {"identity": (), "requestOverride": ("header", "path", "querystring"), "responseOverride": ("header",)}
"""Members of $context that print as "" and always exist, with their own members that do so too."""


@dataclass(frozen=True)
class MappingInput:
    """The input of a template: `$input`, `$context` and `$stageVariables`.

    `body` is the text of the request, or of the backend's response. `context` is $context as a nested dict. It keeps
    what a template sets, so that the response template sees it if it gets the same dict.
    """

    body: str
    params: Params
    context: MutableMapping[str, object]
    stage_variables: Mapping[str, str]


@dataclass(frozen=True)
class Rendered:
    """A template's text, and the overrides that it set.

    `request_override` has `header`, `path` and `querystring`, `response_override` has `status` and `header`, and both
    have any other member that a template set. Values are plain Python; empty ones are left out.
    """

    text: str
    request_override: dict[str, Any]
    response_override: dict[str, Any]


def render_mapping(
    template: Template, data: MappingInput, limits: Limits = _DEFAULT_LIMITS, dialect: Dialect = DEFAULT
) -> Rendered:
    """Render a mapping template; update `data.context` with what the template set. Raises TemplateRenderError."""
    context = _context(data.context)
    variables: dict[str, object] = {
        "input": _Input(to_utf16(data.body), data.params),
        "util": _Util(),
        "context": context,
        "stageVariables": _text_map(data.stage_variables),
    }
    text = template.render(variables, limits, null_results=dialect.null_results)
    for name in [name for name in data.context if name not in context]:
        del data.context[name]
    data.context.update((str(name), value) for name, value in context.java_items())
    return Rendered(text, _override(context, "requestOverride"), _override(context, "responseOverride"))


class _BlankMap(LinkedMap):
    """A map that prints as "": $context.identity and the overrides do (recorded on AWS)."""


def _context(source: Mapping[str, object]) -> LinkedMap:
    """Return $context for a template, with the maps that always exist."""
    context = LinkedMap((to_utf16(name), to_value(value)) for name, value in source.items())
    for name, members in _BLANK_MAPS.items():
        blank = _blank(context.get(name))
        for member in members:
            blank[member] = _blank(blank.get(member))
        context[name] = blank
    return context


def _blank(value: object) -> _BlankMap:
    return _BlankMap(value if isinstance(value, LinkedMap) else ())


def _override(context: LinkedMap, name: str) -> dict[str, Any]:
    override = to_python(context.get(name))
    if not isinstance(override, dict):
        return {}
    return {member: value for member, value in override.items() if value not in ({}, None)}


def to_python(value: object) -> Any:
    """Convert a value of a template to plain Python: dict, list, str, int, float, bool or None."""
    if isinstance(value, LinkedMap):
        return {to_python(key): to_python(member) for key, member in value.java_items()}
    if isinstance(value, list):
        return [to_python(item) for item in value]
    if isinstance(value, str):
        return from_utf16(str(value))
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return str(value)


def _text_map(source: Mapping[str, str]) -> LinkedMap:
    return LinkedMap((to_utf16(name), to_utf16(value)) for name, value in source.items())


class _Input(JavaObject):
    """$input. The body is parsed at its first use."""

    __slots__ = ("_document", "_parsed", "body", "params")

    def __init__(self, body: str, params: Params) -> None:
        self.body = body
        self.params = LinkedMap(
            path=_text_map(params.path), querystring=_text_map(params.querystring), header=_text_map(params.header)
        )
        self._parsed = False
        self._document: object = None

    def document(self) -> object:
        """Return the body as JSON. An empty body has no value (LocalStack's pull request 12774, checked on AWS)."""
        if not self._parsed:
            self._document = parse_json(self.body) if self.body else None
            self._parsed = True
        return self._document

    def text(self, meter: Meter) -> str:
        del meter
        return ""


class _Util(JavaObject):
    """$util"""

    __slots__ = ()

    def text(self, meter: Meter) -> str:
        del meter
        return ""


def _parse_json(meter: Meter, _util: _Util, text: str) -> object:
    meter.text(len(text))
    return parse_json(text) if text else LinkedMap()


def _path(meter: Meter, source: _Input, path: str) -> object:
    document = source.document()
    return None if document is None else read(document, path, meter)


def _json(meter: Meter, source: _Input, path: str) -> str:
    # The JSON of an empty body is {}: this is what templates get for a GET.
    value = _path(meter, source, path) if source.body else read(LinkedMap(), path, meter)
    return '""' if value is None else write_json(value, meter)


def _param(_meter: Meter, source: _Input, name: str) -> object:
    """Return a parameter from path, query string or header, in this order; "" if none has the name."""
    for values in source.params.values():
        if values.get(name) is not None:
            return values[name]
    return ""


def _escape_java_script(meter: Meter, _util: _Util, value: object) -> str:
    """Escape like commons-lang 2's StringEscapeUtils.escapeJavaScript: ' becomes \\', which is not valid JSON."""
    text = to_text(value, meter)
    meter.text(len(text))
    return _SCRIPT.sub(_escape_character, text)


_SCRIPT = re.compile("[\x00-\x1f'\"\\\\/\x80-\uffff]")
_SCRIPT_ESCAPES = {"\b": "\\b", "\n": "\\n", "\t": "\\t", "\f": "\\f", "\r": "\\r"}


def _escape_character(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SCRIPT_ESCAPES:
        return _SCRIPT_ESCAPES[character]
    if character in "'\"\\/":
        return "\\" + character
    return f"\\u{ord(character):04X}"


def _url_encode(meter: Meter, _util: _Util, text: str) -> str:
    """Encode like URLEncoder.encode: a blank becomes "+", "~" is encoded, "*" is not."""
    meter.text(3 * len(text))
    return quote_plus(from_utf16(text), safe="*").replace("~", "%7E")


def _url_decode(meter: Meter, _util: _Util, text: str) -> str:
    """Decode like URLDecoder.decode."""
    meter.text(len(text))
    return _ENCODED.sub(_decode_run, text.replace("+", " "))


_ENCODED = re.compile(r"(?:%.{0,2})+", re.DOTALL)


def _decode_run(match: re.Match[str]) -> str:
    codes = match.group()
    if not re.fullmatch("(?:%[0-9a-fA-F]{2})+", codes):
        raise JavaError(
            "IllegalArgumentException", f"URLDecoder: Illegal hex characters in escape (%) pattern: {codes}"
        )
    return to_utf16(bytes.fromhex(codes.replace("%", "")).decode("utf-8", "replace"))


def _base64_encode(meter: Meter, _util: _Util, text: str) -> str:
    meter.text(2 * len(text))
    return base64.b64encode(from_utf16(text).encode("utf-8")).decode("ascii")


def _base64_decode(meter: Meter, _util: _Util, text: str) -> str:
    """Decode like Base64.getDecoder().decode, then as UTF-8. Padding is optional; other characters are an error."""
    meter.text(len(text))
    padded = text if "=" in text else text + "=" * (-len(text) % 4)
    try:
        data = base64.b64decode(padded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise JavaError("IllegalArgumentException", f"not Base64: {error}") from None
    return to_utf16(data.decode("utf-8", "replace"))


define_object(
    _Input,
    "$input",
    {
        "getBody()": lambda _, source: source.body or "{}",
        "path(String)": _path,
        "json(String)": _json,
        "params()": lambda _, source: source.params,
        "params(String)": _param,
    },
)
define_object(
    _Util,
    "$util",
    {
        "escapeJavaScript(Object)": _escape_java_script,
        "parseJson(String)": _parse_json,
        "urlEncode(String)": _url_encode,
        "urlDecode(String)": _url_decode,
        "base64Encode(String)": _base64_encode,
        "base64Decode(String)": _base64_decode,
    },
)
define_object(_BlankMap, LinkedMap.class_name, MAP_METHODS, ("LinkedHashMap", "Map", "HashMap"))
set_printer(_BlankMap, lambda value, meter: "")

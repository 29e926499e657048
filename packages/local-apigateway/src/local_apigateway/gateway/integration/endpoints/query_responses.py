# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses of services with a query protocol (SQS, SNS, …) as JSON.

API Gateway sends `Accept: application/json`, and on AWS these services then respond with the tree of their XML as JSON
(recorded: test_sqs_request_and_response_xml_templates_integration reads `$.SendMessageResponse`). MiniStack always
responds in XML, so the gateway converts. AWS also sends members that are null, and numbers as numbers; here a member
that the XML lacks is missing, and every value is text.
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from ....model import HttpResponse


def as_json(response: HttpResponse) -> HttpResponse:
    """Return the response with its XML as JSON, and any other response unchanged."""
    content_type = next((value for name, value in response.headers if name.lower() == "content-type"), "")
    if "xml" not in content_type:
        return response
    try:
        root = ElementTree.fromstring(response.body)
    except ElementTree.ParseError:
        return response
    document = {_local_name(root): _value(root)}
    if "Error" in document.get("ErrorResponse", {}):
        document = document["ErrorResponse"]
    others = tuple(header for header in response.headers if header[0].lower() != "content-type")
    body = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    return HttpResponse(response.status, (*others, ("Content-Type", "application/json")), body)


def _value(element: ElementTree.Element) -> Any:
    """Return the text of a leaf, a list of `<member>`s, or a dict in which a repeated name is a list."""
    children = list(element)
    if not children:
        return element.text or ""
    names = [_local_name(child) for child in children]
    if set(names) == {"member"}:
        return [_value(child) for child in children]
    members: dict[str, Any] = {}
    for name, child in zip(names, children, strict=True):
        repeated = names.count(name) > 1
        if repeated:
            members.setdefault(name, []).append(_value(child))
        else:
            members[name] = _value(child)
    return members


def _local_name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]

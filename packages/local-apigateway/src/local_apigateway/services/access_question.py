# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The JSON format of an `AccessQuestion` between the server and MiniStack's process, with bytes in Base64."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict

from ..model import AccessQuestion, HttpRequest

PATH = "/_local_aws/access"
"""The path in MiniStack's process. A response has the decision, and no secret."""


def encoded(question: AccessQuestion) -> bytes:
    body = base64.b64encode(question.request.body).decode()
    return json.dumps({**asdict(question), "request": {**asdict(question.request), "body": body}}).encode()


def decoded(text: bytes) -> AccessQuestion:
    document = json.loads(text)
    request = document["request"]
    pairs = {name: tuple((key, value) for key, value in request[name]) for name in ("query", "headers")}
    sent = HttpRequest(**{**request, **pairs, "body": base64.b64decode(request["body"])})
    return AccessQuestion(**{**document, "request": sent})

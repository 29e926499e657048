# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags of APIs and stages: TagResource, UntagResource, GetTags. The Create calls set the same tags."""

from __future__ import annotations

import re

from ..model import Wire
from .errors import BadRequestError, NotFoundError
from .operations import Call, operation
from .patches import set_member

ARN = re.compile(r"arn:[\w-]+:apigateway:(?P<region>[^:]*)::/restapis/(?P<api>[^/]+)(/stages/(?P<stage>[^/]+))?")
MAXIMUM_TAGS = 50


def _tagged(call: Call, change: bool) -> Wire:
    """Return the attributes of the API or stage that an ARN names; `tags` is one of them."""
    arn = str(call.get("resourceArn"))
    match = ARN.fullmatch(arn)
    if match is None:
        # AWS's text for this is not recorded.
        raise BadRequestError(f"Invalid ARN specified in the request: {arn}")
    api = call.store.find(call.account_id, match["region"] or call.region, match["api"])
    if api is None:
        raise NotFoundError(f"Invalid API identifier specified {call.account_id}:{match['api']}")
    if change:
        call.changed.append(api)
    if match["stage"] is None:
        return api.attributes
    if match["stage"] not in api.stages:
        raise NotFoundError("Invalid stage identifier specified")
    return api.stages[match["stage"]]


@operation("TagResource")
def tag_resource(call: Call) -> None:
    wire = _tagged(call, change=True)
    tags = {**wire.get("tags", {}), **call.get("tags", {})}
    if len(tags) > MAXIMUM_TAGS:
        raise BadRequestError(f"A resource can have at most {MAXIMUM_TAGS} tags")
    wire["tags"] = tags


@operation("UntagResource")
def untag_resource(call: Call) -> None:
    wire = _tagged(call, change=True)
    tags = {key: value for key, value in wire.get("tags", {}).items() if key not in call.get("tagKeys", [])}
    set_member(wire, "tags", tags or None)


@operation("GetTags")
def get_tags(call: Call) -> Wire:
    return {"tags": dict(_tagged(call, change=False).get("tags", {}))}

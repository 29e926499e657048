# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags: TagResource, UntagResource, GetTags. The Create calls set the same tags."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..model import Wire
from .account_resources import API_KEYS, CLIENT_CERTIFICATES, DOMAIN_NAMES, USAGE_PLANS, resource, save
from .errors import BadRequestError, NotFoundError
from .operations import Call, operation
from .patches import set_member

ARN = re.compile(r"arn:[\w-]+:apigateway:(?P<region>[^:]*)::/restapis/(?P<api>[^/]+)(/stages/(?P<stage>[^/]+))?")
# An account stands in the ARNs of private domain names only.
_ACCOUNT_ARN = re.compile(r"arn:[\w-]+:apigateway:(?P<region>[^:]*):\d*:/(?P<kind>[a-z]+)/(?P<id>[^/]+)")
_KINDS = {
    "apikeys": API_KEYS,
    "usageplans": USAGE_PLANS,
    "domainnames": DOMAIN_NAMES,
    "clientcertificates": CLIENT_CERTIFICATES,
}
MAXIMUM_TAGS = 50


def _change(call: Call, edit: Callable[[Wire], None]) -> None:
    """Change the tags of the resource that the call's ARN names."""
    found = _account_resource(call)
    if found is None:
        edit(_tagged(call, change=True))
        return
    kind, resource_id, wire = found
    changed = dict(wire)
    edit(changed)
    save(call, kind, {resource_id: changed})


def _account_resource(call: Call) -> tuple[str, str, Wire] | None:
    """Return kind, id and shape of a resource of the account; None for an ARN of an API or stage.

    A resource of another Region is unknown: the call goes to the Region of the resource.
    """
    match = _ACCOUNT_ARN.fullmatch(str(call.get("resourceArn")))
    if match is None or match["kind"] not in _KINDS:
        return None
    kind = _KINDS[match["kind"]]

    def missing() -> NotFoundError:
        return NotFoundError(f"Invalid resource specified: {call.get('resourceArn')}")  # AWS's text is not known.

    if match["region"] not in ("", call.region):
        raise missing()
    return kind, match["id"], resource(call, kind, match["id"], missing)


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
    def add(wire: Wire) -> None:
        tags = {**wire.get("tags", {}), **call.get("tags", {})}
        if len(tags) > MAXIMUM_TAGS:
            raise BadRequestError(f"A resource can have at most {MAXIMUM_TAGS} tags")
        wire["tags"] = tags

    _change(call, add)


@operation("UntagResource")
def untag_resource(call: Call) -> None:
    def remove(wire: Wire) -> None:
        tags = {key: value for key, value in wire.get("tags", {}).items() if key not in call.get("tagKeys", [])}
        set_member(wire, "tags", tags or None)

    _change(call, remove)


@operation("GetTags")
def get_tags(call: Call) -> Wire:
    found = _account_resource(call)
    wire = found[2] if found else _tagged(call, change=False)
    return {"tags": dict(wire.get("tags", {}))}

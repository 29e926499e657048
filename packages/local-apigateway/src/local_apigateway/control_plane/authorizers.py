# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Authorizers: CreateAuthorizer, GetAuthorizer(s), UpdateAuthorizer, DeleteAuthorizer."""

from __future__ import annotations

from ..model import Content, Wire
from .errors import ApiError, ConflictError, NotFoundError
from .operations import Call, operation, part_id
from .pages import page
from .patches import Names, Rule, Scalar, apply, only, patches, set_member

MEMBERS = (
    "authorizerUri",
    "authorizerCredentials",
    "identitySource",
    "identityValidationExpression",
    "authorizerResultTtlInSeconds",
    "providerARNs",
)


def new_authorizer(draft: Content, params: Wire) -> Wire:
    """Return a complete Authorizer. The default of `authType` follows from the type (recorded)."""
    authorizer: Wire = {"id": part_id(draft.authorizers), "name": params["name"], "type": params["type"]}
    kind = "cognito_user_pools" if params["type"] == "COGNITO_USER_POOLS" else "custom"
    authorizer["authType"] = params.get("authType") or kind
    for name in MEMBERS:
        set_member(authorizer, name, params.get(name))
    return authorizer


@operation("CreateAuthorizer")
def create_authorizer(call: Call) -> Wire:
    draft = call.changed_api(_busy).draft
    authorizer = new_authorizer(draft, call.params)
    draft.authorizers[authorizer["id"]] = authorizer
    return authorizer


def _busy(_unused: str) -> ApiError:
    """Return CreateAuthorizer's error for an API that does not exist (recorded)."""
    return ConflictError("Unable to complete operation due to concurrent modification. Please try again later.")


def _unknown(_unused: str = "") -> ApiError:
    return NotFoundError("Invalid Authorizer identifier specified")


def _authorizer(call: Call, draft: Content) -> Wire:
    authorizer = draft.authorizers.get(str(call.get("authorizerId")))
    if authorizer is None:
        raise _unknown()
    return authorizer


@operation("GetAuthorizer")
def get_authorizer(call: Call) -> Wire:
    return _authorizer(call, call.draft(_unknown))


@operation("GetAuthorizers")
def get_authorizers(call: Call) -> Wire:
    return page(list(call.draft().authorizers.values()), call.params)


@operation("UpdateAuthorizer")
def update_authorizer(call: Call) -> Wire:
    draft = call.changed_api(_unknown).draft
    authorizer = dict(_authorizer(call, draft))
    for patch in patches(call.params):
        apply(authorizer, patch, _RULES, lambda rejected, ops: only(rejected, *ops))
    draft.authorizers[authorizer["id"]] = authorizer
    return authorizer


_RULES: dict[str, Rule] = {
    "name": Scalar(),
    "type": Scalar(),
    "authType": Scalar(),
    "authorizerUri": Scalar(),
    "authorizerCredentials": Scalar(),
    "identitySource": Scalar(),
    "identityValidationExpression": Scalar(),
    "authorizerResultTtlInSeconds": Scalar(lambda patch: int(patch.value or 0)),
    "providerARNs": Names("Invalid provider ARN specified", takes_values=True),
}


@operation("DeleteAuthorizer")
def delete_authorizer(call: Call) -> None:
    draft = call.changed_api(_unknown).draft
    authorizer_id = _authorizer(call, draft)["id"]
    for resource in draft.resources.values():
        for method in resource.get("resourceMethods", {}).values():
            if method.get("authorizerId") == authorizer_id:
                # AWS rejects this; its text is not recorded.
                raise ConflictError(f"Cannot delete authorizer '{authorizer_id}', is referenced in method")
    del draft.authorizers[authorizer_id]

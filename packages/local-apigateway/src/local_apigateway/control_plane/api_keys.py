# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API keys: CreateApiKey, GetApiKey(s), UpdateApiKey, DeleteApiKey.

Texts, limits and the members of responses are recorded (LocalStack's TestApigatewayApiKeysCrud), unless noted.
"""

from __future__ import annotations

import re
import secrets
import string

from ..model import Wire
from .account_resources import (
    API_KEYS,
    USAGE_PLANS,
    check_room,
    new_resource_id,
    newest_first,
    remove,
    resource,
    resources,
    save,
)
from .errors import ApiError, BadRequestError, ConflictError, MissingOperationError, NotFoundError
from .ids import API_LENGTH
from .operations import Call, now, operation
from .patches import Patch, replace_members, set_member

MAXIMUM_KEYS = 10_000
MAXIMUM_NAME = 1024
MAXIMUM_DESCRIPTION = 125_000
_VALUE_LENGTH = 40
_VALUE_ALPHABET = string.ascii_letters + string.digits


def unknown_key() -> ApiError:
    return NotFoundError("Invalid API Key identifier specified")


def api_key_of(call: Call, key_id: object) -> Wire:
    return resource(call, API_KEYS, key_id, unknown_key)


def key_by_value(call: Call, value: str) -> Wire | None:
    return next((key for key in resources(call, API_KEYS).values() if key["value"] == value), None)


def check_value(value: str) -> None:
    """Raise for a key whose length or characters AWS rejects.

    "An alphanumeric string" is documented ("Choose an API key source"); AWS's text for other characters is not known.
    """
    if len(value) < 20:
        raise BadRequestError("API Key value should be at least 20 characters")
    if len(value) > 128:
        raise BadRequestError("API Key value exceeds maximum size of 128 characters")
    if not re.fullmatch(r"[A-Za-z0-9]+", value):
        raise BadRequestError("API Key value must be alphanumeric")


def check_name(name: str) -> str:
    if len(name) > MAXIMUM_NAME:
        raise BadRequestError(f"Invalid API Key name, can be at most {MAXIMUM_NAME} characters.")
    return name


def check_description(description: str) -> str:
    if len(description) > MAXIMUM_DESCRIPTION:
        raise BadRequestError("Invalid API Key description specified.")
    return description


def new_key(call: Call, params: Wire) -> Wire:
    """Save a new API key and return it. Raises `ApiError` for invalid parameters and a value that is taken.

    The conflict: rrahul963/serverless-add-api-key issue 27.
    """
    if params.get("stageKeys"):
        raise MissingOperationError("stageKeys of an API key, which usage plans replace, are not supported")
    name, description = check_name(params.get("name") or ""), check_description(params.get("description") or "")
    value = params.get("value") or "".join(secrets.choice(_VALUE_ALPHABET) for _i in range(_VALUE_LENGTH))
    check_value(value)
    if key_by_value(call, value):
        raise ConflictError("API Key already exists")
    check_room(call, API_KEYS, MAXIMUM_KEYS, "API keys")
    key: Wire = {
        "id": new_resource_id(call, API_KEYS, API_LENGTH),
        "value": value,
        "enabled": bool(params.get("enabled")),
        "createdDate": now(),
        "lastUpdatedDate": now(),
        "stageKeys": [],
    }
    set_member(key, "name", name or None)
    set_member(key, "description", description or None)
    for member in ("customerId", "tags"):
        set_member(key, member, params.get(member) or None)
    save(call, API_KEYS, {str(key["id"]): key})
    return key


def _without(key: Wire, *members: str) -> Wire:
    return {name: value for name, value in key.items() if name not in members}


@operation("CreateApiKey")
def create_api_key(call: Call) -> Wire:
    return new_key(call, call.params)


@operation("GetApiKey")
def get_api_key(call: Call) -> Wire:
    key = {"tags": {}, **api_key_of(call, call.get("apiKey"))}
    return key if call.get("includeValue") else _without(key, "value")


@operation("GetApiKeys")
def get_api_keys(call: Call) -> Wire:
    """Return a page of keys. `nameQuery` is a prefix, upper and lower case count."""
    prefix, customer = call.get("nameQuery") or "", call.get("customerId")
    hidden = () if call.get("includeValues") else ("value",)
    return newest_first(
        [
            _without(key, *hidden)
            for key in resources(call, API_KEYS).values()
            if key.get("name", "").startswith(prefix) and customer in (None, key.get("customerId"))
        ],
        call.params,
    )


@operation("UpdateApiKey")
def update_api_key(call: Call) -> Wire:
    key = dict(api_key_of(call, call.get("apiKey")))
    replace_members(
        key,
        call.params,
        {
            "/description": lambda patch: check_description(patch.value or ""),
            "/enabled": lambda patch: patch.flag,
            "/name": _name,
            "/customerId": lambda patch: patch.value,
        },
    )
    for member in ("name", "description", "customerId"):
        set_member(key, member, key.get(member) or None)
    key["lastUpdatedDate"] = now()
    save(call, API_KEYS, {key["id"]: key})
    return _without({"tags": {}, **key}, "value")


def _name(patch: Patch) -> str:
    return check_name(patch.value or "")


@operation("DeleteApiKey")
def delete_api_key(call: Call) -> None:
    """Delete a key. It also leaves its usage plans."""
    key_id = str(api_key_of(call, call.get("apiKey"))["id"])
    plans = {
        plan_id: {**plan, "keyIds": [name for name in plan["keyIds"] if name != key_id]}
        for plan_id, plan in resources(call, USAGE_PLANS).items()
        if key_id in plan["keyIds"]
    }
    if plans:
        save(call, USAGE_PLANS, plans)
    remove(call, API_KEYS, key_id)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Request validators: Create-, Get-, Update- and DeleteRequestValidator, GetRequestValidators."""

from __future__ import annotations

from ..model import Content, Wire
from .errors import ApiError, BadRequestError, NotFoundError
from .operations import Call, operation, part_id
from .pages import page
from .patches import Patch, replace_members


def _unknown(_unused: str = "") -> ApiError:
    return NotFoundError("Invalid Request Validator identifier specified")


@operation("CreateRequestValidator")
def create_request_validator(call: Call) -> Wire:
    api = call.changed_api(lambda _: BadRequestError("Invalid REST API identifier specified"))
    validators = api.draft.request_validators
    validator = {
        "id": part_id(validators),
        "name": call.get("name"),
        "validateRequestBody": call.get("validateRequestBody", False),
        "validateRequestParameters": call.get("validateRequestParameters", False),
    }
    validators[str(validator["id"])] = validator
    return validator


def _validator(call: Call, draft: Content) -> Wire:
    validator = draft.request_validators.get(str(call.get("requestValidatorId")))
    if validator is None:
        raise _unknown()
    return validator


@operation("GetRequestValidator")
def get_request_validator(call: Call) -> Wire:
    return _validator(call, call.draft(_unknown))


@operation("GetRequestValidators")
def get_request_validators(call: Call) -> Wire:
    return page(list(call.draft().request_validators.values()), call.params)


@operation("UpdateRequestValidator")
def update_request_validator(call: Call) -> Wire:
    draft = call.changed_api(_unknown).draft
    validator = dict(_validator(call, draft))
    replace_members(
        validator,
        call.params,
        {
            "/name": _name,
            "/validateRequestParameters": lambda patch: patch.flag,
            "/validateRequestBody": lambda patch: patch.flag,
        },
    )
    draft.request_validators[validator["id"]] = validator
    return validator


def _name(patch: Patch) -> str:
    if not patch.value:
        raise BadRequestError("Request Validator name cannot be blank")
    return patch.value


@operation("DeleteRequestValidator")
def delete_request_validator(call: Call) -> None:
    draft = call.changed_api(_unknown).draft
    del draft.request_validators[_validator(call, draft)["id"]]

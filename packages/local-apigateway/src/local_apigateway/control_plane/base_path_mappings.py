# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Base path mappings: Create-, Get-, Update-, DeleteBasePathMapping, GetBasePathMappings.

They are stored with their domain name, by base path; `(none)` stands for the empty one.
"""

from __future__ import annotations

import re

from ..model import Wire
from .account_resources import DOMAIN_NAMES, newest_first, save
from .domain_names import domain_key, domain_of
from .errors import BadRequestError, ConflictError, NotFoundError
from .operations import Call, operation
from .patches import patches, replace_members, set_member

NO_PATH = "(none)"
_BASE_PATH = re.compile(r"[A-Za-z0-9$\-_.+!*'()]{1,300}")


@operation("CreateBasePathMapping")
def create_base_path_mapping(call: Call) -> Wire:
    domain = domain_of(call)
    mapping: Wire = {"basePath": call.get("basePath") or NO_PATH, "restApiId": call.params["restApiId"]}
    _set_stage(mapping, call.get("stage"))
    _check(call, mapping)
    _check_place(domain["basePathMappings"], mapping["basePath"])
    _save(call, domain, {**domain["basePathMappings"], mapping["basePath"]: mapping})
    return mapping


def _set_stage(mapping: Wire, stage: str | None) -> None:
    """Set the stage. Without one, or with `(none)`, callers name it in the path (documented)."""
    set_member(mapping, "stage", stage if stage and stage != NO_PATH else None)


def _check(call: Call, mapping: Wire) -> None:
    """Raise for an invalid base path, an unknown API or stage.

    The texts are those of moto (apigateway/exceptions.py); the one about other characters is ours.
    """
    path = mapping["basePath"]
    if "/" in path:
        raise BadRequestError(
            "API Gateway V1 doesn't support the slash character (/) in base path mappings. "
            "To create a multi-level base path mapping, use API Gateway V2."
        )
    if not _BASE_PATH.fullmatch(path):
        raise BadRequestError(f"Invalid base path specified: {path}")
    api = call.store.find(call.account_id, call.region, mapping["restApiId"])
    if api is None:
        raise BadRequestError("Invalid REST API identifier specified")
    if "stage" in mapping and mapping["stage"] not in api.stages:
        raise BadRequestError("Invalid stage identifier specified")


def _check_place(mappings: Wire, path: str) -> None:
    """Raise for a base path that is taken, and for an empty one beside others.

    Texts: aws/aws-extensions-for-dotnet-cli issue 102; amplify-education/serverless-domain-manager issue 179 (2019) and
    aws/aws-cdk issue 11095 (2020). Whether AWS still rejects an empty base path beside others is not known.
    """
    if path in mappings:
        raise ConflictError("Base path already exists for this domain name")
    if mappings and (path == NO_PATH or NO_PATH in mappings):
        raise ConflictError("Only one base path mapping is allowed if the base path is empty.")


def _save(call: Call, domain: Wire, mappings: Wire) -> None:
    save(call, DOMAIN_NAMES, {domain_key(call): {**domain, "basePathMappings": mappings}})


def _mapping(call: Call, domain: Wire) -> Wire:
    mapping: Wire | None = domain["basePathMappings"].get(call.get("basePath"))
    if mapping is None:
        # amplify-education/serverless-domain-manager issue 613
        raise NotFoundError("Invalid base path mapping identifier specified")
    return mapping


@operation("GetBasePathMapping")
def get_base_path_mapping(call: Call) -> Wire:
    return _mapping(call, domain_of(call))


@operation("GetBasePathMappings")
def get_base_path_mappings(call: Call) -> Wire:
    return newest_first(domain_of(call)["basePathMappings"].values(), call.params)


@operation("UpdateBasePathMapping")
def update_base_path_mapping(call: Call) -> Wire:
    """Change path, API or stage of a mapping. `/restapiId` is written so (Terraform's AWS provider)."""
    domain = domain_of(call)
    before = _mapping(call, domain)
    changed: Wire = {"restapiId": before["restApiId"], "stage": before.get("stage"), "basePath": before["basePath"]}
    if any(patch.path == "/restApiId" for patch in patches(call.params)):
        raise BadRequestError(
            "Invalid patch path  '/restApiId' specified for op 'replace'. "
            "Must be one of: [/basePath, /stage, /restapiId]"
        )
    replace_members(
        changed,
        call.params,
        {
            "/basePath": lambda patch: patch.value or NO_PATH,
            "/stage": lambda patch: patch.value,
            "/restapiId": lambda patch: patch.value or "",
        },
    )
    mapping: Wire = {"basePath": changed["basePath"], "restApiId": changed["restapiId"]}
    _set_stage(mapping, changed["stage"])
    _check(call, mapping)
    others = {path: kept for path, kept in domain["basePathMappings"].items() if path != before["basePath"]}
    _check_place(others, mapping["basePath"])
    _save(call, domain, {**others, mapping["basePath"]: mapping})
    return mapping


@operation("DeleteBasePathMapping")
def delete_base_path_mapping(call: Call) -> None:
    domain = domain_of(call)
    path = _mapping(call, domain)["basePath"]
    _save(call, domain, {name: kept for name, kept in domain["basePathMappings"].items() if name != path})

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The patches of UpdateDomainName.

The paths are those that Terraform's AWS provider, the Serverless Framework and AWS's page "Migrate a custom domain name
to a different API endpoint type" use. AWS's list in the error text is known from 2016 only, so ours has these paths.
"""

from __future__ import annotations

import copy

from ..model import Wire
from .errors import BadRequestError, NotFoundError
from .patches import Patch, set_member

_MEMBERS = (
    "certificateArn",
    "certificateName",
    "regionalCertificateArn",
    "regionalCertificateName",
    "securityPolicy",
    "endpointAccessMode",
    "ownershipVerificationCertificateArn",
    "policy",
    "routingMode",
)
_TRUST_STORE = ("truststoreUri", "truststoreVersion")
_CERTIFICATES = _MEMBERS[:4]
_REPLACED = (
    *(f"/{name}" for name in _MEMBERS),
    "/endpointConfiguration/types/{type}",
    "/endpointConfiguration/ipAddressType",
    *(f"/mutualTlsAuthentication/{name}" for name in _TRUST_STORE),
)
_ADDED = ("/endpointConfiguration/types", *(f"/{name}" for name in _CERTIFICATES))
_PATHS = {"replace": _REPLACED, "add": _ADDED, "remove": _ADDED}


def apply_patch(domain: Wire, patch: Patch) -> Wire:
    """Return the domain name after one patch, without changing the given one. Raises `ApiError`."""
    patched = copy.deepcopy(domain)
    parts = patch.parts
    if len(parts) == 1 and patch.path in _PATHS.get(patch.op, ()):
        set_member(patched, parts[0], _value(patch) if patch.op != "remove" else None)
    elif parts[:2] == ("endpointConfiguration", "types"):
        _patch_types(patched["endpointConfiguration"], patch)
    elif patch.op == "replace" and parts == ("endpointConfiguration", "ipAddressType"):
        if patch.value not in ("ipv4", "dualstack"):
            raise BadRequestError("ipAddressType must be either ipv4 or dualstack.")
        patched["endpointConfiguration"]["ipAddressType"] = patch.value
    elif patch.op == "replace" and parts[:1] == ("mutualTlsAuthentication",) and parts[1:] in _TRUST_STORE_PATHS:
        _patch_trust_store(patched, parts[1], patch.value)
    else:
        raise _invalid(patch)
    return patched


_TRUST_STORE_PATHS = {(name,) for name in _TRUST_STORE}


def _invalid(patch: Patch) -> BadRequestError:
    paths = ", ".join(_PATHS.get(patch.op, ()))
    return BadRequestError(
        f"Invalid patch path  '{patch.path}' specified for op '{patch.op}'. Must be one of: [{paths}]"
    )


def _value(patch: Patch) -> str | None:
    """Return the value of a member. AWS's texts for invalid values are not known."""
    name, value = patch.parts[0], patch.value or None
    if name == "securityPolicy" and not (
        value in ("TLS_1_0", "TLS_1_2") or (value or "").startswith("SecurityPolicy_")
    ):
        raise BadRequestError(f"Invalid security policy specified: {value}")
    if name == "endpointAccessMode" and value not in ("BASIC", "STRICT"):
        raise BadRequestError("Invalid endpoint access mode specified. Valid options are BASIC,STRICT")
    if name == "routingMode" and value is None:
        raise BadRequestError("Invalid routing mode specified")
    return value


def _patch_types(endpoint: Wire, patch: Patch) -> None:
    """Add, remove or replace an endpoint type. Add and remove have the type as their value (page on migrating)."""
    types, place = endpoint["types"], patch.parts[2:]
    if patch.op == "add" and not place and patch.value:
        types.append(patch.value)
    elif patch.op == "remove" and not place:
        if patch.value not in types:
            raise NotFoundError(f"Invalid EndpointTypes specified: {patch.value}")
        types.remove(patch.value)
    elif patch.op == "replace" and len(place) == 1 and patch.value:
        known = place[0] if place[0] in types else None
        index = types.index(known) if known else int(place[0]) if place[0].isdecimal() else -1
        if not 0 <= index < len(types):
            raise NotFoundError(f"Invalid EndpointTypes specified: {place[0]}")
        types[index] = patch.value
    else:
        raise _invalid(patch)


def _patch_trust_store(domain: Wire, member: str, value: str | None) -> None:
    """Set the trust store or its version. An empty URI turns mutual TLS off, as Terraform's AWS provider does it."""
    mutual = {**domain.get("mutualTlsAuthentication", {})}
    set_member(mutual, member, value or None)
    set_member(domain, "mutualTlsAuthentication", mutual if mutual.get("truststoreUri") else None)

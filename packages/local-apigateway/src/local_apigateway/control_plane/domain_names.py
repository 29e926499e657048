# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Custom domain names: CreateDomainName, GetDomainName(s), UpdateDomainName, DeleteDomainName.

A stored domain name has `basePathMappings`, too: its mappings by base path. A private one is stored under name and id,
because an account can have several of one name ("Custom domain names for private APIs", Developer Guide).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable

from ..model import Wire
from ..partitions import partition
from .account_resources import DOMAIN_NAMES, check_room, newest_first, remove, resource, resources, save
from .domain_endpoints import check_domain, complete_endpoints
from .domain_patches import apply_patch
from .errors import ApiError, BadRequestError, ConflictError, NotFoundError
from .ids import API_LENGTH, new_id
from .operations import Call, now, operation
from .patches import patches, set_member

MAXIMUM_DOMAIN_NAMES = 120
_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_COPIED = (
    "certificateName",
    "certificateArn",
    "regionalCertificateName",
    "regionalCertificateArn",
    "endpointAccessMode",
    "mutualTlsAuthentication",
    "ownershipVerificationCertificateArn",
    "policy",
    "tags",
)


def unknown_domain() -> ApiError:
    """AWS's text is quoted in amplify-education/serverless-domain-manager issue 210."""
    return NotFoundError("Invalid domain name identifier specified")


def domain_key(call: Call) -> str:
    """Return the key of the domain name that a call names. A private one needs its id (documented)."""
    name, domain_id = call.get("domainName"), call.get("domainNameId")
    return f"{name}+{domain_id}" if domain_id else str(name)


def domain_of(call: Call) -> Wire:
    return resource(call, DOMAIN_NAMES, domain_key(call), unknown_domain)


@operation("CreateDomainName")
def create_domain_name(call: Call) -> Wire:
    """Create a domain name. An edge-optimized one is UPDATING at first: CloudFront takes up to 40 minutes (docs)."""
    name = call.params["domainName"]
    if not _NAME.fullmatch(name) or len(name) > 255:
        raise BadRequestError(f"Invalid domain name specified: {name}")  # AWS's text is not known.
    domain: Wire = {
        "domainName": name,
        "endpointConfiguration": dict(call.get("endpointConfiguration") or {}),
        "securityPolicy": call.get("securityPolicy") or "TLS_1_2",
        "routingMode": call.get("routingMode") or "BASE_PATH_MAPPING_ONLY",
        "domainNameStatus": "AVAILABLE",
        "basePathMappings": {},
    }
    for member in _COPIED:
        set_member(domain, member, call.get(member) or None)
    check_domain(domain, call.region)
    if domain["endpointConfiguration"].get("types") != ["PRIVATE"]:
        _check_unused(call, name)
    check_room(call, DOMAIN_NAMES, MAXIMUM_DOMAIN_NAMES, "domain names")
    complete_endpoints(domain, call.region, now())
    if domain["endpointConfiguration"]["types"] == ["PRIVATE"]:
        _identify(call, domain)
    save(call, DOMAIN_NAMES, {_key(domain): domain})
    return _rolling_out(domain) if "EDGE" in domain["endpointConfiguration"]["types"] else domain


def _key(domain: Wire) -> str:
    domain_id = domain.get("domainNameId")
    return f"{domain['domainName']}+{domain_id}" if domain_id else str(domain["domainName"])


def _identify(call: Call, domain: Wire) -> None:
    """Set id and ARN of a private domain name; the shape is that of AWS's example of a private domain name."""
    domain["domainNameId"] = new_id(API_LENGTH, lambda _candidate: False)
    place = f"arn:{partition(call.region)}:apigateway:{call.region}:{call.account_id}"
    domain["domainNameArn"] = f"{place}:/domainnames/{_key(domain)}"


def _check_unused(call: Call, name: str) -> None:
    """Raise for a public name that exists in the Region, in any account (documented). AWS's text is not known."""
    for _account_id, region, domains in call.store.resources_of_all(DOMAIN_NAMES):
        if region == call.region and name in domains:
            raise ConflictError("The domain name you provided already exists.")


def _rolling_out(domain: Wire) -> Wire:
    """Return a domain name as the call that changes it shows it. The next read shows the change as complete."""
    return {**domain, "domainNameStatus": "UPDATING"}


@operation("GetDomainName")
def get_domain_name(call: Call) -> Wire:
    return {"tags": {}, **domain_of(call)}


@operation("GetDomainNames")
def get_domain_names(call: Call) -> Wire:
    """Return a page of domain names. No other account shares domain names with the caller here."""
    owned: Iterable[Wire] = resources(call, DOMAIN_NAMES).values()
    return newest_first([] if call.get("resourceOwner") == "OTHER_ACCOUNTS" else owned, call.params)


@operation("UpdateDomainName")
def update_domain_name(call: Call) -> Wire:
    domain = copy.deepcopy(domain_of(call))
    for patch in patches(call.params):
        domain = apply_patch(domain, patch)
    if (domain["endpointConfiguration"]["types"] == ["PRIVATE"]) != ("domainNameId" in domain):
        # AWS: "You can't migrate a public custom domain name to a private custom domain name". The text is ours.
        raise BadRequestError("A domain name cannot change between public and private")
    check_domain(domain, call.region)
    complete_endpoints(domain, call.region, now())
    save(call, DOMAIN_NAMES, {_key(domain): domain})
    return _rolling_out({"tags": {}, **domain})


@operation("DeleteDomainName")
def delete_domain_name(call: Call) -> None:
    """Delete a domain name with its base path mappings. That AWS does not require their removal is not recorded."""
    domain_of(call)
    remove(call, DOMAIN_NAMES, domain_key(call))

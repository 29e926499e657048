# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The endpoints of a custom domain name: which settings go together, and the names that AWS assigns.

| endpoint | certificate | result has |
| --- | --- | --- |
| EDGE | `certificateArn`, in us-east-1 | `distributionDomainName`, `distributionHostedZoneId`, upload date |
| REGIONAL | `regionalCertificateArn`, in the Region | `regionalDomainName`, `regionalHostedZoneId` |
| PRIVATE | `certificateArn`, in the Region | `domainNameId`, `domainNameArn`, upload date |

Certificates and trust stores are not read: they can name what does not exist.
"""

from __future__ import annotations

from ..model import Wire
from ..partitions import partition
from .errors import BadRequestError, MissingOperationError
from .ids import API_LENGTH, new_id

ENDPOINT_TYPES = ("EDGE", "REGIONAL", "PRIVATE")
_CERTIFICATES = {
    "EDGE": ("certificateArn", "certificateName"),
    "REGIONAL": ("regionalCertificateArn", "regionalCertificateName"),
    "PRIVATE": ("certificateArn", "certificateName"),
}
_CLOUDFRONT_ZONES = {"aws": "Z2FDTNDATAQYW2", "aws-cn": "Z3RFFRIM2A3IF5"}
# AWS General Reference, "Amazon API Gateway endpoints and quotas". Other Regions get an ID of our own.
_REGIONAL_ZONES = {
    "us-east-1": "Z1UJRXOUMOOFQ8",
    "us-east-2": "ZOJJZC49E0EPZ",
    "us-west-1": "Z2MUQ32089INYE",
    "us-west-2": "Z2OJLYMUO9EFXC",
    "us-gov-east-1": "Z3SE9ATJYCRCZJ",
    "us-gov-west-1": "Z1K6XKP9SAGWDV",
    "af-south-1": "Z2DHW2332DAMTN",
    "ap-east-1": "Z3FD1VL90ND7K5",
    "ap-northeast-1": "Z1YSHQZHG15GKL",
    "ap-northeast-2": "Z20JF4UZKIW1U8",
    "ap-northeast-3": "Z22ILHG95FLSZ2",
    "ap-south-1": "Z3VO1THU9YC4UR",
    "ap-south-2": "Z0853509Q1135NJ66RUH",
    "ap-southeast-1": "ZL327KTPIQFUL",
    "ap-southeast-2": "Z2RPCDW04V8134",
    "ap-southeast-3": "Z10132843TYUYSLUG4HA3",
    "ap-southeast-4": "Z092189423Y7RJK61311D",
    "ca-central-1": "Z19DQILCV0OWEC",
    "ca-west-1": "Z04745493436AWVTG1OQY",
    "eu-central-1": "Z1U9ULNL0V5AJ3",
    "eu-central-2": "Z09222482MK253X48U76H",
    "eu-north-1": "Z3UWIKFBOOGXPP",
    "eu-south-1": "Z3BT4WSQ9TDYZV",
    "eu-south-2": "Z02499852UI5HEQ5JVWX3",
    "eu-west-1": "ZLY8HYME6SFDD",
    "eu-west-2": "ZJ5UAJN8Y3Z2Q",
    "eu-west-3": "Z3KY65QIEKYHQQ",
    "il-central-1": "Z07264553HBI44N5X2CKP",
    "me-central-1": "Z08780021BKYYY8U0YHTV",
    "me-south-1": "Z20ZBPC0SS8806",
    "sa-east-1": "ZCMLWB8V5SYIT",
}
_OTHER_ZONE = "Z00000LOCALAPIGW"


def check_domain(domain: Wire, region: str) -> None:
    """Raise for settings that AWS rejects. Texts without a source are not known."""
    endpoint = domain["endpointConfiguration"]
    types = endpoint.setdefault("types", ["EDGE"])
    _check_types(types)
    for kind in types:
        _check_certificate(domain, kind, region)
    for kind in ENDPOINT_TYPES:
        _check_foreign_certificate(domain, kind, types)
    if types == ["PRIVATE"]:
        endpoint.setdefault("ipAddressType", "dualstack")
        if endpoint["ipAddressType"] != "dualstack":
            raise BadRequestError("Only dualstack ipAddressType is supported for Private domain names.")
    elif "policy" in domain:
        raise BadRequestError("A policy is only supported for private custom domain names")
    endpoint.setdefault("ipAddressType", "ipv4")
    _check_security_policy(domain, types)
    _check_mutual_tls(domain, types)
    if domain["routingMode"] != "BASE_PATH_MAPPING_ONLY":
        raise MissingOperationError("routing rules of domain names are not supported by the local API Gateway")


def _check_types(types: list[str]) -> None:
    """Raise for invalid endpoint types. EDGE and REGIONAL go together while a domain name migrates (documented)."""
    if not types:
        raise BadRequestError("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
    unknown = set(types) - set(ENDPOINT_TYPES)
    if unknown:
        raise BadRequestError(f"Invalid EndpointTypes specified. Valid options are {','.join(ENDPOINT_TYPES)}")
    if len(types) > 1 and sorted(types) != ["EDGE", "REGIONAL"]:
        raise BadRequestError("Cannot create a domain name with multiple Endpoint Types.")


def _check_certificate(domain: Wire, kind: str, region: str) -> None:
    """Raise for a missing certificate, and one of another Region.

    Texts: hashicorp/terraform-provider-aws issue 3276, amplify-education/serverless-domain-manager PR 49.
    """
    by_arn, by_name = _CERTIFICATES[kind]
    if not domain.get(by_arn) and not domain.get(by_name):
        raise BadRequestError(f"A certificate was not provided for the endpoint type {kind}.")
    arn = domain.get(by_arn)
    needed = "us-east-1" if kind == "EDGE" and partition(region) == "aws" else region
    if arn and (not arn.startswith("arn:") or arn.split(":")[2:4] != ["acm", needed]):
        raise BadRequestError(f"Invalid certificate ARN: {arn}. Certificate must be in '{needed}'.")


def _check_foreign_certificate(domain: Wire, kind: str, types: list[str]) -> None:
    """Raise for a certificate of an endpoint type that the domain name lacks (anomalyco/sst issue 4131)."""
    used = {member for active in types for member in _CERTIFICATES[active]}
    if kind not in types and any(domain.get(member) for member in set(_CERTIFICATES[kind]) - used):
        raise BadRequestError(f"Cannot import certificates for {kind} while {types[0]} is active.")


def _check_security_policy(domain: Wire, types: list[str]) -> None:
    """Raise for a security policy that the endpoint type does not have.

    The enhanced policies need an access mode: serverless/serverless issue 13332, in AWS's words.
    """
    policy = domain["securityPolicy"]
    if policy.startswith("SecurityPolicy_") and not domain.get("endpointAccessMode"):
        raise BadRequestError("Endpoint access mode is required for the specified security policy")
    if policy.endswith("_EDGE") and types != ["EDGE"]:
        raise BadRequestError(f"Security policy {policy} is only supported for the endpoint type EDGE")
    if policy.startswith("SecurityPolicy_") and not policy.endswith("_EDGE") and "EDGE" in types:
        raise BadRequestError(f"Security policy {policy} is not supported for the endpoint type EDGE")
    if policy == "TLS_1_0" and types == ["PRIVATE"]:
        raise BadRequestError("Security policy TLS_1_0 is not supported for the endpoint type PRIVATE")


def _check_mutual_tls(domain: Wire, types: list[str]) -> None:
    """Raise for mutual TLS where AWS does not have it.

    It needs a Regional domain name, TLS 1.2 and a trust store in S3 (Developer Guide, "How to turn on mutual TLS").
    With it, an access mode is an invalid input (hashicorp/terraform-provider-aws issue 47552).
    """
    mutual = domain.get("mutualTlsAuthentication")
    if not mutual:
        return
    if not mutual.get("truststoreUri", "").startswith("s3://"):
        raise BadRequestError("Invalid truststoreUri specified. It must be an S3 URI")
    if types != ["REGIONAL"]:
        raise BadRequestError("Mutual TLS authentication is only supported for the endpoint type REGIONAL")
    if domain.get("endpointAccessMode"):
        raise BadRequestError("/endpointAccessMode Invalid request input")
    if domain["securityPolicy"] != "TLS_1_2":
        raise BadRequestError("Mutual TLS authentication requires the security policy TLS_1_2")


def complete_endpoints(domain: Wire, region: str, created: int) -> None:
    """Set the names that AWS assigns to the endpoints of a domain name, and remove those of other endpoints."""
    types = domain["endpointConfiguration"]["types"]
    identifier = new_id(API_LENGTH, lambda _candidate: False)
    suffix = "amazonaws.com.cn" if partition(region) == "aws-cn" else "amazonaws.com"
    assigned: dict[str, Wire] = {
        "EDGE": {
            "distributionDomainName": f"d{identifier}.cloudfront.net",
            "distributionHostedZoneId": _CLOUDFRONT_ZONES.get(partition(region), _CLOUDFRONT_ZONES["aws"]),
        },
        "REGIONAL": {
            "regionalDomainName": f"d-{identifier}.execute-api.{region}.{suffix}",
            "regionalHostedZoneId": _REGIONAL_ZONES.get(region, _OTHER_ZONE),
        },
    }
    for kind, members in assigned.items():
        for member, value in members.items():
            if kind in types:
                domain.setdefault(member, value)
            else:
                domain.pop(member, None)
    if types == ["REGIONAL"]:
        domain.pop("certificateUploadDate", None)
    else:
        domain.setdefault("certificateUploadDate", created)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Custom domain names, their base path mappings, and client certificates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from unit.control_plane.plane import ApiCallError, Plane, importable

EDGE_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/a"
REGIONAL_ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/b"
NAME = "api.example.com"
REGIONAL: dict[str, Any] = {
    "domainName": NAME,
    "endpointConfiguration": {"types": ["REGIONAL"]},
    "regionalCertificateArn": REGIONAL_ARN,
}
EDGE: dict[str, Any] = {"domainName": NAME, "certificateArn": EDGE_ARN}
PRIVATE: dict[str, Any] = {
    "domainName": NAME,
    "endpointConfiguration": {"types": ["PRIVATE"]},
    "certificateArn": REGIONAL_ARN,
}
MUTUAL = {"truststoreUri": "s3://bucket/store.pem", "truststoreVersion": "1"}
UNKNOWN = "404 NotFoundException: Invalid domain name identifier specified"


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _patch(plane: Plane, *patches: tuple[str, ...], **domain: str) -> Any:
    operations = [dict(zip(("op", "path", "value"), patch, strict=False)) for patch in patches]
    return plane.UpdateDomainName(**{"domainName": NAME, **domain}, patchOperations=operations)


def _api(plane: Plane) -> str:
    api_id = plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    return str(api_id)


def test_a_regional_domain_name_is_available_at_once(plane: Plane) -> None:
    created = plane.CreateDomainName(**REGIONAL)
    assert created["domainNameStatus"] == "AVAILABLE"
    assert created["regionalDomainName"].startswith("d-")
    assert created["regionalDomainName"].endswith(".execute-api.eu-central-1.amazonaws.com")
    assert created["regionalHostedZoneId"] == "Z1U9ULNL0V5AJ3"
    assert created["securityPolicy"] == "TLS_1_2"
    assert not {"distributionDomainName", "domainNameArn", "basePathMappings"} & created.keys()
    assert plane.restarted().GetDomainName(domainName=NAME) == {**created, "tags": {}}


def test_an_edge_domain_name_is_updating_at_first(plane: Plane) -> None:
    created = plane.CreateDomainName(**EDGE)
    assert created["domainNameStatus"] == "UPDATING"
    assert created["distributionDomainName"].endswith(".cloudfront.net")
    assert created["distributionHostedZoneId"] == "Z2FDTNDATAQYW2"
    assert created["endpointConfiguration"] == {"types": ["EDGE"], "ipAddressType": "ipv4"}
    assert "regionalDomainName" not in created
    assert plane.GetDomainName(domainName=NAME)["domainNameStatus"] == "AVAILABLE"


def test_private_domain_names_are_distinguished_by_their_ids(plane: Plane) -> None:
    first, second = (plane.CreateDomainName(**PRIVATE) for _i in range(2))
    assert first["domainNameArn"].endswith(f":123456789012:/domainnames/{NAME}+{first['domainNameId']}")
    assert first["endpointConfiguration"] == {"types": ["PRIVATE"], "ipAddressType": "dualstack"}
    with pytest.raises(ApiCallError, match=UNKNOWN):
        plane.GetDomainName(domainName=NAME)
    plane.TagResource(resourceArn=first["domainNameArn"], tags={"a": "b"})
    plane.DeleteDomainName(domainName=NAME, domainNameId=second["domainNameId"])
    again = plane.restarted().GetDomainName(domainName=NAME, domainNameId=first["domainNameId"])
    assert again["tags"] == {"a": "b"}
    assert [domain["domainNameId"] for domain in plane.GetDomainNames()["item"]] == [first["domainNameId"]]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({**EDGE, "certificateArn": ""}, "A certificate was not provided for the endpoint type EDGE."),
        ({**REGIONAL, "regionalCertificateArn": ""}, "A certificate was not provided for the endpoint type REGIONAL."),
        (
            {**REGIONAL, "certificateArn": REGIONAL_ARN},
            "Cannot import certificates for EDGE while REGIONAL is active.",
        ),
        ({**EDGE, "certificateArn": REGIONAL_ARN}, f"Invalid certificate ARN: {REGIONAL_ARN}. Certificate must be in"),
        ({**REGIONAL, "regionalCertificateArn": EDGE_ARN}, "Certificate must be in 'eu-central-1'."),
        ({**REGIONAL, "regionalCertificateArn": "b"}, "Invalid certificate ARN: b."),
        ({**EDGE, "endpointConfiguration": {"types": []}}, "cannot be both DISABLED"),
        ({**EDGE, "endpointConfiguration": {"types": ["EDGE", "PRIVATE"]}}, "multiple Endpoint Types"),
        (
            {**PRIVATE, "endpointConfiguration": {"types": ["PRIVATE"], "ipAddressType": "ipv4"}},
            "Only dualstack ipAddressType",
        ),
        ({**REGIONAL, "policy": "{}"}, "A policy is only supported for private custom domain names"),
        ({**PRIVATE, "securityPolicy": "TLS_1_0"}, "Security policy TLS_1_0 is not supported"),
        (
            {**REGIONAL, "securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09"},
            "Endpoint access mode is required for the specified security policy",
        ),
        (
            {**REGIONAL, "securityPolicy": "SecurityPolicy_TLS13_2025_EDGE", "endpointAccessMode": "BASIC"},
            "is only supported for the endpoint type EDGE",
        ),
        (
            {**EDGE, "securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09", "endpointAccessMode": "BASIC"},
            "is not supported for the endpoint type EDGE",
        ),
        ({**EDGE, "mutualTlsAuthentication": MUTUAL}, "only supported for the endpoint type REGIONAL"),
        ({**REGIONAL, "mutualTlsAuthentication": {"truststoreUri": "x"}}, "It must be an S3 URI"),
        ({**REGIONAL, "mutualTlsAuthentication": MUTUAL, "securityPolicy": "TLS_1_0"}, "requires the security policy"),
        ({**REGIONAL, "domainName": "UPPER.example.com"}, "Invalid domain name specified"),
        ({**REGIONAL, "domainName": "localhost"}, "Invalid domain name specified"),
    ],
)
def test_domain_names_that_aws_rejects(plane: Plane, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiCallError) as error:
        plane.CreateDomainName(**settings)
    assert error.value.status == 400
    assert message in error.value.message
    assert plane.GetDomainNames()["item"] == []


def test_routing_rules_are_not_supported(plane: Plane) -> None:
    with pytest.raises(ApiCallError, match="501 NotImplementedException: routing rules"):
        plane.CreateDomainName(**REGIONAL, routingMode="ROUTING_RULE_ONLY")


def test_a_name_is_used_once(plane: Plane) -> None:
    plane.CreateDomainName(**REGIONAL)
    with pytest.raises(ApiCallError, match="409 ConflictException: The domain name you provided already exists"):
        plane.CreateDomainName(**EDGE)


def test_settings_of_a_domain_name_are_patched(plane: Plane) -> None:
    plane.CreateDomainName(**REGIONAL)
    new_arn = REGIONAL_ARN + "2"
    changed = _patch(
        plane,
        ("replace", "/regionalCertificateArn", new_arn),
        ("replace", "/mutualTlsAuthentication/truststoreUri", MUTUAL["truststoreUri"]),
        ("replace", "/mutualTlsAuthentication/truststoreVersion", "1"),
        ("replace", "/ownershipVerificationCertificateArn", REGIONAL_ARN),
        ("replace", "/endpointConfiguration/ipAddressType", "dualstack"),
    )
    assert changed["domainNameStatus"] == "UPDATING"
    kept = plane.restarted().GetDomainName(domainName=NAME)
    assert kept == {**changed, "domainNameStatus": "AVAILABLE"}
    assert (kept["regionalCertificateArn"], kept["mutualTlsAuthentication"]) == (new_arn, MUTUAL)
    assert kept["endpointConfiguration"]["ipAddressType"] == "dualstack"
    with pytest.raises(ApiCallError, match="400 BadRequestException: /endpointAccessMode Invalid request input"):
        _patch(plane, ("replace", "/endpointAccessMode", "BASIC"))
    off = _patch(plane, ("replace", "/mutualTlsAuthentication/truststoreUri", ""))
    assert "mutualTlsAuthentication" not in off
    policy = "SecurityPolicy_TLS13_1_3_2025_09"
    changed = _patch(plane, ("replace", "/securityPolicy", policy), ("replace", "/endpointAccessMode", "STRICT"))
    assert (changed["securityPolicy"], changed["endpointAccessMode"]) == (policy, "STRICT")


def test_a_domain_name_migrates_from_edge_to_regional(plane: Plane) -> None:
    plane.CreateDomainName(**EDGE)
    both = _patch(
        plane,
        ("add", "/endpointConfiguration/types", "REGIONAL"),
        ("add", "/regionalCertificateArn", REGIONAL_ARN),
    )
    assert {"distributionDomainName", "regionalDomainName"} <= both.keys()
    moved = _patch(plane, ("remove", "/endpointConfiguration/types", "EDGE"), ("remove", "/certificateArn"))
    assert moved["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert moved["regionalDomainName"] == both["regionalDomainName"]
    assert not {"distributionDomainName", "distributionHostedZoneId", "certificateArn"} & moved.keys()


def test_the_endpoint_type_is_replaced_by_place_or_by_name(plane: Plane) -> None:
    plane.CreateDomainName(**REGIONAL)
    certificates = (("replace", "/certificateArn", EDGE_ARN), ("replace", "/regionalCertificateArn", ""))
    edge = _patch(plane, ("replace", "/endpointConfiguration/types/0", "EDGE"), *certificates)
    assert edge["endpointConfiguration"]["types"] == ["EDGE"]
    certificates = (("replace", "/certificateArn", ""), ("replace", "/regionalCertificateArn", REGIONAL_ARN))
    regional = _patch(plane, ("replace", "/endpointConfiguration/types/EDGE", "REGIONAL"), *certificates)
    assert regional["endpointConfiguration"]["types"] == ["REGIONAL"]


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (("replace", "/domainName", "a.example.com"), "Invalid patch path  '/domainName' specified for op 'replace'"),
        (("remove", "/securityPolicy"), "Invalid patch path"),
        (("add", "/mutualTlsAuthentication/truststoreUri", "s3://a/b"), "Invalid patch path"),
        (("replace", "/securityPolicy", "TLS_9"), "Invalid security policy specified: TLS_9"),
        (("replace", "/endpointAccessMode", "LAX"), "Invalid endpoint access mode specified"),
        (("replace", "/routingMode", ""), "Invalid routing mode specified"),
        (("replace", "/endpointConfiguration/ipAddressType", "ipv6"), "must be either ipv4 or dualstack"),
        (("replace", "/endpointConfiguration/types/1", "EDGE"), "Invalid EndpointTypes specified: 1"),
        (("remove", "/endpointConfiguration/types", "EDGE"), "Invalid EndpointTypes specified: EDGE"),
        (("remove", "/endpointConfiguration/types", "REGIONAL"), "cannot be both DISABLED"),
        (("replace", "/endpointConfiguration/types/0", "PRIVATE"), "cannot change between public and private"),
        (("replace", "/regionalCertificateArn", ""), "A certificate was not provided"),
    ],
)
def test_patches_of_domain_names_that_aws_rejects(plane: Plane, patch: tuple[str, ...], message: str) -> None:
    before = plane.CreateDomainName(**REGIONAL)
    with pytest.raises(ApiCallError) as error:
        _patch(plane, patch)
    assert message in error.value.message
    assert plane.GetDomainName(domainName=NAME) == {**before, "tags": {}}


def test_mappings_of_a_domain_name(plane: Plane) -> None:
    api_id = _api(plane)
    plane.CreateDomainName(**REGIONAL)
    created = plane.CreateBasePathMapping(domainName=NAME, restApiId=api_id, basePath="v1", stage="dev")
    assert created == {"basePath": "v1", "restApiId": api_id, "stage": "dev"}
    again = plane.restarted()
    assert again.GetBasePathMapping(domainName=NAME, basePath="v1") == created
    patches = [
        {"op": "replace", "path": "/basePath", "value": ""},
        {"op": "replace", "path": "/stage", "value": "(none)"},
        {"op": "replace", "path": "/restapiId", "value": _api(again)},
    ]
    changed = again.UpdateBasePathMapping(domainName=NAME, basePath="v1", patchOperations=patches)
    assert changed == {"basePath": "(none)", "restApiId": patches[2]["value"]}
    assert again.GetBasePathMappings(domainName=NAME)["item"] == [changed]
    again.DeleteBasePathMapping(domainName=NAME, basePath="(none)")
    with pytest.raises(ApiCallError, match="404 NotFoundException: Invalid base path mapping identifier specified"):
        again.GetBasePathMapping(domainName=NAME, basePath="(none)")
    with pytest.raises(ApiCallError, match=UNKNOWN):
        again.GetBasePathMappings(domainName="b.example.com")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"basePath": "a/b"}, "400 BadRequestException: API Gateway V1 doesn't support the slash character"),
        ({"basePath": "a b"}, "400 BadRequestException: Invalid base path specified: a b"),
        ({"restApiId": "none"}, "400 BadRequestException: Invalid REST API identifier specified"),
        ({"stage": "none"}, "400 BadRequestException: Invalid stage identifier specified"),
        ({"basePath": "v1"}, "409 ConflictException: Base path already exists for this domain name"),
        ({"basePath": ""}, "409 ConflictException: Only one base path mapping is allowed if the base path is empty"),
    ],
)
def test_mappings_that_aws_rejects(plane: Plane, settings: dict[str, str], message: str) -> None:
    wanted = {"domainName": NAME, "restApiId": _api(plane), "basePath": "v2"}
    plane.CreateDomainName(**REGIONAL)
    first = plane.CreateBasePathMapping(**{**wanted, "basePath": "v1"})
    with pytest.raises(ApiCallError, match=message):
        plane.CreateBasePathMapping(**{**wanted, **settings})
    assert plane.GetBasePathMappings(domainName=NAME)["item"] == [first]


def test_what_a_domain_name_maps_to_is_not_deleted(plane: Plane) -> None:
    api_id = _api(plane)
    plane.CreateDomainName(**REGIONAL)
    plane.CreateBasePathMapping(domainName=NAME, restApiId=api_id, stage="dev")
    with pytest.raises(ApiCallError, match="400 BadRequestException: Deleting stage dev failed"):
        plane.DeleteStage(restApiId=api_id, stageName="dev")
    failed = f"400 BadRequestException: Deleting RestApi {api_id} failed. Please remove all base path mappings related"
    with pytest.raises(ApiCallError, match=f"{failed} to the RestApi in your domains: {NAME}"):
        plane.DeleteRestApi(restApiId=api_id)
    plane.DeleteDomainName(domainName=NAME)
    plane.DeleteRestApi(restApiId=api_id)
    with pytest.raises(ApiCallError, match=UNKNOWN):
        plane.restarted().GetDomainName(domainName=NAME)


def test_client_certificates(plane: Plane) -> None:
    created = plane.GenerateClientCertificate(description="a", tags={"k": "v"})
    assert x509.load_pem_x509_certificate(created["pemEncodedCertificate"].encode()).subject
    assert created["expirationDate"] - created["createdDate"] == 365 * 24 * 60 * 60
    named = {"clientCertificateId": created["clientCertificateId"]}
    changed = plane.UpdateClientCertificate(
        **named, patchOperations=[{"op": "replace", "path": "/description", "value": "b"}]
    )
    again = plane.restarted()
    assert again.GetClientCertificate(**named) == changed == {**created, "description": "b"}
    assert again.GetClientCertificates()["item"] == [changed]
    api_id = _api(again)
    use = {"op": "replace", "path": "/clientCertificateId", "value": created["clientCertificateId"]}
    again.UpdateStage(restApiId=api_id, stageName="dev", patchOperations=[use])
    with pytest.raises(ApiCallError, match=f"is used by stage {api_id}:dev"):
        again.DeleteClientCertificate(**named)
    again.DeleteStage(restApiId=api_id, stageName="dev")
    again.DeleteClientCertificate(**named)
    with pytest.raises(ApiCallError, match="404 NotFoundException"):
        again.restarted().GetClientCertificate(**named)

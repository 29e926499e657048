# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Client certificates: Generate-, Get-, Update-, DeleteClientCertificate, GetClientCertificates.

On AWS, backends recognize API Gateway by such a certificate. Here it is only recorded: HTTP integrations do not send
it, and its private key is not kept. AWS's texts of the errors are not known.
"""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ..model import Wire
from .account_resources import (
    CLIENT_CERTIFICATES,
    check_room,
    new_resource_id,
    newest_first,
    remove,
    resource,
    resources,
    save,
)
from .errors import ApiError, BadRequestError, NotFoundError
from .ids import PART_LENGTH
from .operations import Call, now, operation
from .patches import replace_members, set_member

MAXIMUM_CERTIFICATES = 60
_VALID_SECONDS = 365 * 24 * 60 * 60  # Developer Guide, "Generate and configure an SSL certificate": 365 days


def _unknown() -> ApiError:
    return NotFoundError("Invalid client certificate identifier specified")


def _certificate_of(call: Call) -> Wire:
    return resource(call, CLIENT_CERTIFICATES, call.get("clientCertificateId"), _unknown)


@operation("GenerateClientCertificate")
def generate_client_certificate(call: Call) -> Wire:
    check_room(call, CLIENT_CERTIFICATES, MAXIMUM_CERTIFICATES, "client certificates")
    created = now()
    certificate: Wire = {
        "clientCertificateId": new_resource_id(call, CLIENT_CERTIFICATES, PART_LENGTH),
        "pemEncodedCertificate": _self_signed(created),
        "createdDate": created,
        "expirationDate": created + _VALID_SECONDS,
    }
    for member in ("description", "tags"):
        set_member(certificate, member, call.get(member) or None)
    save(call, CLIENT_CERTIFICATES, {str(certificate["clientCertificateId"]): certificate})
    return certificate


def _self_signed(created: int) -> str:
    """Return a certificate in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ApiGateway")])
    begins = datetime.datetime.fromtimestamp(created, datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(seconds=_VALID_SECONDS))
        .sign(key, hashes.SHA256())
    )
    return signed.public_bytes(serialization.Encoding.PEM).decode()


@operation("GetClientCertificate")
def get_client_certificate(call: Call) -> Wire:
    return {"tags": {}, **_certificate_of(call)}


@operation("GetClientCertificates")
def get_client_certificates(call: Call) -> Wire:
    return newest_first(resources(call, CLIENT_CERTIFICATES).values(), call.params)


@operation("UpdateClientCertificate")
def update_client_certificate(call: Call) -> Wire:
    certificate = dict(_certificate_of(call))
    replace_members(certificate, call.params, {"/description": lambda patch: patch.value})
    set_member(certificate, "description", certificate.get("description") or None)
    save(call, CLIENT_CERTIFICATES, {certificate["clientCertificateId"]: certificate})
    return {"tags": {}, **certificate}


@operation("DeleteClientCertificate")
def delete_client_certificate(call: Call) -> None:
    """Delete a certificate. One that a stage names is refused; what AWS does then is not known."""
    name = str(_certificate_of(call)["clientCertificateId"])
    for api in call.store.of(call.account_id, call.region):
        for stage in api.stages.values():
            if stage.get("clientCertificateId") == name:
                raise BadRequestError(f"Client certificate {name} is used by stage {api.id}:{stage['stageName']}")
    remove(call, CLIENT_CERTIFICATES, name)

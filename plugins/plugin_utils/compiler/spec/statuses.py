# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What callers are told when DynamoDB, or the way to it, fails: one status and one fixed text for each kind.

DynamoDB's own texts stay inside: they name tables, and repeat values. The kinds are those of "Error handling with
DynamoDB" in its Developer Guide.
"""

from __future__ import annotations

from dataclasses import dataclass

STATUSES = {
    "400": "The request is not valid.",
    "401": "Unauthorized",
    "404": "Not found",
    "409": "The item was changed by someone else, or is not as the request expects it.",
    "412": "The item is not in the version that the request names.",
    "413": "The item is too large.",
    "415": "Unsupported Media Type",
    "429": "Too many requests. Try again later.",
    "500": "Internal server error",
    "503": "The service is not available. Try again later.",
}
"""The message of each status, where no better one is known."""

EXISTS = "The item exists already."
"""The message of a 409 or 412 where an item should have been created."""

COMMON = ("400", "415", "429", "500", "503")
"""The statuses that every route can give beside its own. 415: the request has a `Content-Type` other than JSON."""


@dataclass(frozen=True)
class DynamoDbError:
    """Errors of HTTP status 400 in DynamoDB: parts of their `__type`, a part of their text (or any), our status.

    `message` is what a caller reads, where the status has a better one.
    """

    types: tuple[str, ...]
    text: str
    status: str
    message: str = ""


DYNAMODB_ERRORS = (
    DynamoDbError(
        (
            "TransactionConflict",
            "TransactionCanceled",
            "TransactionInProgress",
            "IdempotentParameterMismatch",
            "ReplicatedWriteConflict",
        ),
        "",
        "409",
    ),
    DynamoDbError(("DuplicateItem",), "", "409", EXISTS),
    DynamoDbError(("ItemCollectionSizeLimitExceeded",), "", "413"),
    DynamoDbError(("ValidationException",), "Item size", "413"),
    DynamoDbError(("ProvisionedThroughputExceeded", "Throttling", "RequestLimitExceeded"), "", "429"),
    DynamoDbError(("ValidationException", "SerializationException"), "", "400"),
)
"""In the order in which they are looked for. ConditionalCheckFailed is 412 or 409 by the request's headers. All
others (AccessDenied, ResourceNotFound, a bad signature) are the operator's to mend: 500."""


@dataclass(frozen=True)
class IntegrationResponse:
    """An integration response: the backend's statuses (`selection`, a Java pattern) that get `status`."""

    selection: str
    status: str


INTEGRATION_RESPONSES = (
    IntegrationResponse("default", "200"),
    IntegrationResponse(r"4\d{2}", "400"),
    IntegrationResponse(r"50[0-24-9]|5[1-9]\d", "500"),
    IntegrationResponse("503", "503"),
)
"""DynamoDB answers 200, 400, 500 or 503. The patterns exclude each other, as API Gateway keeps no order of them."""

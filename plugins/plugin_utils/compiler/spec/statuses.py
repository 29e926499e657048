# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The responses to errors of DynamoDB and of the call to it: one status and one fixed message for each kind of error.

Callers do not get DynamoDB's own messages, because they contain table names and values. The kinds are those of "Error
handling with DynamoDB" in its Developer Guide.
"""

from __future__ import annotations

from dataclasses import dataclass

STATUSES = {
    "400": "The request is not valid.",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "Not found",
    "409": "The item was changed by someone else, or is not as the request expects it.",
    "412": "The item is not in the version that the request names.",
    "413": "The item is too large.",
    "415": "Unsupported Media Type",
    "429": "Too many requests. Try again later.",
    "500": "Internal server error",
    "503": "The service is not available. Try again later.",
}
"""The message of each status, unless an error has its own."""

EXISTS = "The item exists already."
"""The message of a 409 or 412 for an item that should have been created."""

COMMON = ("400", "415", "429", "500", "503")
"""The statuses that every route can return. 415: the `Content-Type` of the request is not JSON."""


@dataclass(frozen=True)
class DynamoDbError:
    """Errors with the HTTP status 400 in DynamoDB: parts of their `__type` and of their text, and our status.

    `text` is empty for errors with any text, `message` for the usual message of the status.
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
"""In the order in which the template tests them. ConditionalCheckFailed becomes 412 or 409, which depends on the
request's headers. All other errors (AccessDenied, ResourceNotFound, an invalid signature) are the operator's: 500."""


@dataclass(frozen=True)
class IntegrationResponse:
    """An integration response: the statuses of DynamoDB (`selection`, a Java pattern) that become `status`."""

    selection: str
    status: str


INTEGRATION_RESPONSES = (
    IntegrationResponse("default", "200"),
    IntegrationResponse(r"4\d{2}", "400"),
    IntegrationResponse(r"50[0-24-9]|5[1-9]\d", "500"),
    IntegrationResponse("503", "503"),
)
"""DynamoDB returns 200, 400, 500 or 503. The patterns do not overlap, because API Gateway does not keep their order."""

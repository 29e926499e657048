# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which failed API calls are repeated, and the pause before each repetition."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

RETRY_SECONDS = 300.0
"""Seconds for which a call is repeated before it counts as failed, unless the user sets `retry_timeout`."""

CONNECTION_ATTEMPTS = 4
"""How often a call that reaches no server is tried. Few, because a wrong endpoint never answers."""

_LONGEST_PAUSE = 20.0

_JITTER = 0.5
"""The most seconds that are added at random to a wait that AWS asks for.

Concurrent runs that got the same Retry-After must not retry at the same moment. The jitter is short because each round
costs one wait.
"""

_REASONS = {
    "apigateway:DeleteRestApi": "AWS deletes one REST API every 30 seconds in an account and Region.",
    "apigateway:UpdateAccount": "API Gateway can use a new role after some seconds. AWS accepts one call every 20 s.",
}
"""Explanations for repetitions that occur in normal use."""

_ROLE_NOT_USABLE = (
    "The role ARN does not have required permissions",
    "API Gateway could not successfully write to CloudWatch Logs using the ARN specified",
)
"""The beginnings of AWS's messages of UpdateAccount for a role that API Gateway cannot use, or cannot use yet.

Terraform's AWS provider repeats UpdateAccount after both (internal/service/apigateway/account.go).
"""

_RETRYABLE_CODES = frozenset(
    {
        "ConcurrentModification",
        "ContinuousBackupsUnavailableException",  # returned for a while for a new table
        # The codes that botocore's standard mode retries:
        # https://docs.aws.amazon.com/boto3/latest/guide/retries.html
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)


def pause_before_retry(attempt: int, requested: int) -> float:
    """Return the seconds before the next attempt: what AWS requested with jitter, or else the backoff."""
    return requested + random.uniform(0, _JITTER) if requested else backoff(attempt)


def backoff(attempt: int) -> float:
    """Return random seconds below a bound that doubles with each attempt."""
    return random.uniform(0, min(_LONGEST_PAUSE, 0.5 * 2**attempt))


def requested_pause(error: ClientError) -> int:
    """Return the seconds that AWS asks to wait before the call is repeated; 0 if it does not ask.

    API Gateway's model has them as the member `retryAfterSeconds`, from the header Retry-After, in
    TooManyRequestsException and ServiceUnavailableException.
    """
    seconds = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after", "")
    return int(seconds) if seconds.isdecimal() else 0


def reason_for_retry(call: str) -> str:
    """Return a sentence that explains why a call (`apigateway:DeleteRestApi`) is repeated."""
    return _REASONS.get(call, "AWS asks to repeat the call.")


def is_read(operation: str) -> bool:
    """Return whether an operation changes nothing, by its name."""
    return operation.startswith(("Get", "Describe", "List", "BatchGet", "Scan"))


_IDEMPOTENT = ("Put", "Tag", "Untag", "Delete", "BatchWrite")
_IDEMPOTENT_UPDATES = (
    "UpdateAccount",
    "UpdateAssumeRolePolicy",
    "UpdateRestApi",
    "UpdateRoleDescription",
    "UpdateStage",
)


def is_idempotent(operation: str) -> bool:
    """Return whether a call whose response was lost can be repeated without a further effect.

    UpdateTable cannot: the repeated call fails because the first one has begun the change.
    """
    return is_read(operation) or operation.startswith(_IDEMPOTENT) or operation in _IDEMPOTENT_UPDATES


def is_retryable(service: str, operation: str, error: ClientError) -> bool:
    """Return whether a failed call can be repeated: AWS asks for it (throttling, another writer), or the fault passes.

    LimitExceededException is final for API Gateway: AWS's table of its errors marks it as not to be retried, and the
    known case is a quota that is used up ("Maximum number of Resources for this API has been reached"). DynamoDB also
    returns it where too many tables change at once ("can be created, updated, or deleted simultaneously"), which
    passes (Terraform AWS provider issues 1776 and 2146).

    After a fault of AWS's own a call that creates is not repeated: it may have created the resource, and the repeated
    call would create a second REST API of the same name. A second deployment does no harm.
    """
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code == "ConflictException":  # also covers permanent failures, such as a name that is taken
        return "try again" in message
    if code == "BadRequestException":
        return operation == "UpdateAccount" and message.startswith(_ROLE_NOT_USABLE)
    if code == "LimitExceededException":
        return service == "dynamodb" and "simultaneous" in message
    if code in _RETRYABLE_CODES:
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    creates = operation.startswith(("Create", "Import")) and operation != "CreateDeployment"
    return status in (500, 502, 503, 504) and not creates

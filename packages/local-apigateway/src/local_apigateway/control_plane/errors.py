# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The errors of the management API, with AWS's codes and statuses (as recorded in the snapshots)."""

from __future__ import annotations


class ApiError(Exception):
    """An error response of the management API. `code` is the error code in SDKs."""

    status = 500
    code = "InternalFailure"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadRequestError(ApiError):
    status, code = 400, "BadRequestException"


class ValidationError(ApiError):
    """A value that the service model rejects, before the operation itself reads it."""

    status, code = 400, "ValidationException"


class SerializationError(ApiError):
    """A body that is not JSON, or a member whose type differs from the model's."""

    status, code = 400, "SerializationException"


class NotFoundError(ApiError):
    status, code = 404, "NotFoundException"


class ConflictError(ApiError):
    status, code = 409, "ConflictException"


class LimitExceededError(ApiError):
    status, code = 429, "LimitExceededException"


class TooManyRequestsError(ApiError):
    """A call beyond a quota. `retry_after` is the value of the header Retry-After, in seconds."""

    status, code = 429, "TooManyRequestsException"

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class MissingOperationError(ApiError):
    """An operation that AWS has and the local API Gateway does not support."""

    status, code = 501, "NotImplementedException"


class UnknownOperationError(ApiError):
    status, code = 404, "UnknownOperationException"


def mapping_error(expression: object) -> BadRequestError:
    """Return the error for a parameter mapping with an invalid name (recorded)."""
    problem = f"Invalid mapping expression specified: {expression}"
    return BadRequestError(
        f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{problem}]"
    )

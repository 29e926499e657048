# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The errors of the management API, with the codes and the statuses of AWS (as recorded in the snapshots)."""

from __future__ import annotations


class ApiError(Exception):
    """An answer of the management API that is an error: `code` is what an SDK sees as the error's code."""

    status = 500
    code = "InternalFailure"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadRequestError(ApiError):
    status, code = 400, "BadRequestException"


class ValidationError(ApiError):
    """A value that the service's model refuses, before the operation itself looks at it."""

    status, code = 400, "ValidationException"


class SerializationError(ApiError):
    """A body that is not JSON, or a member of another type than the model's."""

    status, code = 400, "SerializationException"


class NotFoundError(ApiError):
    status, code = 404, "NotFoundException"


class ConflictError(ApiError):
    status, code = 409, "ConflictException"


class LimitExceededError(ApiError):
    status, code = 429, "LimitExceededException"


class TooManyRequestsError(ApiError):
    """Past a quota of calls. `retry_after` in seconds, as the header of that name carries it."""

    status, code = 429, "TooManyRequestsException"

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class MissingOperationError(ApiError):
    """An operation that AWS has and this endpoint lacks: never answered as if it had been done."""

    status, code = 501, "NotImplementedException"


class UnknownOperationError(ApiError):
    status, code = 404, "UnknownOperationException"


def mapping_error(expression: object) -> BadRequestError:
    """A name of a parameter mapping that names no place (recorded)."""
    problem = f"Invalid mapping expression specified: {expression}"
    return BadRequestError(
        f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{problem}]"
    )

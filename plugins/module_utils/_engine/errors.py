# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The exception that all resources raise, and the messages of several errors as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


class AwsError(Exception):
    """A failed API call or a validation error: what failed, on which resource, and AWS's error code."""

    def __init__(self, message: str, code: Optional[str] = None, operation: Optional[str] = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.operation = operation
        self.subject = ""
        """The resource that the call was about, such as `table "orders"`."""
        self.done: Sequence[Any] = ()
        """The steps of the plan that were carried out before the error."""
        self.is_explained = False
        """Whether the message already describes the state on AWS and what to do."""

    @property
    def text(self) -> str:
        """Return the message, headed by the resource that it is about."""
        return f"{self.subject}: {self.message}" if self.subject else self.message


def raise_errors(subject: str, errors: Sequence[str]) -> None:
    """Raise one `AwsError` that lists all errors, a line each; return if there are none.

    `subject` names what the errors are about: `table "orders"`.
    """
    if len(errors) == 1:
        raise AwsError(f"{subject}: {errors[0]}")
    if errors:
        raise AwsError(f"{subject}: {len(errors)} errors:\n" + "\n".join(f"- {error}" for error in errors))


def error_of_response(service: str, operation: str, error: ClientError) -> AwsError:
    """Convert AWS's error response to an `AwsError`, whose message names the operation."""
    code = error.response["Error"].get("Code", "Unknown")
    text = error.response["Error"].get("Message") or "no message"
    return AwsError(f"{service}:{operation}: {code}: {text}", code=code, operation=operation)


def merge_errors(errors: Sequence[AwsError]) -> AwsError:
    """Return one error for several: a line for each message, headed by all resources that have this error."""
    if len(errors) == 1:
        return errors[0]
    subjects: Dict[str, List[str]] = {}
    for error in errors:
        subjects.setdefault(error.message, []).extend([error.subject] if error.subject else [])
    return AwsError(
        "\n".join(f"{', '.join(names)}: {message}" if names else message for message, names in subjects.items())
    )

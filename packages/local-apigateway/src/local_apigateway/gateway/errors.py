# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Errors that end a request: those of API Gateway, in its words, and features that are not supported here."""

from __future__ import annotations


class GatewayError(Exception):
    """An error that ends a request with a gateway response.

    `response_type` names the gateway response (`BAD_REQUEST_BODY`, …), `message` is for the caller, and `log` for the
    operator; `validation` is the text of `$context.error.validationErrorString`.
    """

    def __init__(self, response_type: str, message: str, log: str, validation: str = "") -> None:
        super().__init__(log)
        self.response_type = response_type
        self.message = message
        self.log = log
        self.validation = validation


class UnsupportedError(Exception):
    """The request needs a feature that the local API Gateway does not support; the text names the feature."""


def configuration_error(detail: str) -> GatewayError:
    """Return the error for an API that is configured wrongly. Only the log has the reason.

    The wording of the log is recorded (TestApigatewayTestInvoke, `test-invoke-failure`).
    """
    log = f"Execution failed due to configuration error: {detail}"
    return GatewayError("API_CONFIGURATION_ERROR", "Internal server error", log)


def authorizer_configuration_error(detail: str) -> GatewayError:
    """Return the error for an authorizer that cannot work. Only the log has the reason."""
    log = f"Execution failed due to an authorizer configuration error: {detail}"
    return GatewayError("AUTHORIZER_CONFIGURATION_ERROR", "Internal server error", log)


def integration_timeout() -> GatewayError:
    """Return the error for a backend that did not respond within the integration's timeout."""
    return GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out", "Execution failed due to a timeout error")


def integration_failure(detail: str) -> GatewayError:
    """Return the error for a backend that cannot be reached. `detail` is for the operator."""
    log = f"Execution failed due to a network error communicating with endpoint: {detail}"
    return GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint", log)

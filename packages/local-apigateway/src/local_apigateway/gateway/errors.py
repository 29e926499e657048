# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ends a request before its answer: errors as API Gateway words them, and features that are not there yet."""

from __future__ import annotations


class GatewayError(Exception):
    """A request that ends in a gateway response.

    `response_type` names the gateway response (`BAD_REQUEST_BODY`, …), `message` is what the caller reads, and `log`
    what the operator reads; `validation` is the text of `$context.error.validationErrorString`.
    """

    def __init__(self, response_type: str, message: str, log: str, validation: str = "") -> None:
        super().__init__(log)
        self.response_type = response_type
        self.message = message
        self.log = log
        self.validation = validation


class NotBuiltError(Exception):
    """The request needs a feature of API Gateway that the embedded one does not have; the text names it."""


def configuration_error(detail: str) -> GatewayError:
    """API Gateway's answer to an API that is set up wrongly: the reason is in the log alone.

    The wording of the log is recorded (TestApigatewayTestInvoke, `test-invoke-failure`).
    """
    log = f"Execution failed due to configuration error: {detail}"
    return GatewayError("API_CONFIGURATION_ERROR", "Internal server error", log)


def authorizer_configuration_error(detail: str) -> GatewayError:
    """API Gateway's answer to an authorizer that cannot work: the reason is in the log alone."""
    log = f"Execution failed due to an authorizer configuration error: {detail}"
    return GatewayError("AUTHORIZER_CONFIGURATION_ERROR", "Internal server error", log)


def integration_timeout() -> GatewayError:
    """The backend did not answer within the integration's timeout."""
    return GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out", "Execution failed due to a timeout error")


def integration_failure(detail: str) -> GatewayError:
    """The backend could not be reached; `detail` is for the operator."""
    log = f"Execution failed due to a network error communicating with endpoint: {detail}"
    return GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint", log)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings of an account in a Region: GetAccount, UpdateAccount, and the check for logging.

Without the account's role for CloudWatch Logs, a stage cannot enable logging: "CloudWatch Logs role ARN must be set in
account settings to enable logging" (Zappa issue 793 for a log level, aws-samples/serverless-patterns issue 620 for
access logs).

UpdateAccount accepts only a role that API Gateway can assume and that has a policy. AWS's text for a role that it
cannot use is quoted in tmobile/jazz-installer pull request 597 (a role without its policy) and aws-cloudformation/rain
issue 163 (a race with the creation of the role). Terraform's AWS provider repeats UpdateAccount after this error
(internal/service/apigateway/account.go).
"""

from __future__ import annotations

import re

from ..model import RoleNotAssumableError, Wire
from .errors import BadRequestError
from .operations import Call, operation
from .patches import Patch, replace_members, set_member

_ROLE = "cloudwatchRoleArn"
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/\S+")

# The example of the API reference, with the default quota of requests.
_DEFAULTS: Wire = {
    "throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0},
    "features": ["UsagePlans"],
    "apiKeyVersion": "4",
}


@operation("GetAccount")
def get_account(call: Call) -> Wire:
    return {**_DEFAULTS, **call.store.account(call.account_id, call.region)}


@operation("UpdateAccount")
async def update_account(call: Call) -> Wire:
    """Set the role, or remove it if the value is empty. Raise `BadRequestError` if API Gateway cannot use the role."""
    settings = dict(call.store.account(call.account_id, call.region))
    replace_members(settings, call.params, {f"/{_ROLE}": _role_arn})
    set_member(settings, _ROLE, settings.get(_ROLE))
    if _ROLE in settings:
        await _check_role(call, settings[_ROLE])
    call.store.save_account(call.account_id, call.region, settings)
    return get_account(call)


def _role_arn(patch: Patch) -> str | None:
    if patch.value and not _ROLE_ARN.fullmatch(patch.value):
        raise BadRequestError("Invalid ARN specified in the request")  # AWS's text is not known.
    return patch.value or None


async def _check_role(call: Call, role_arn: str) -> None:
    try:
        await call.check_log_role(role_arn)
    except RoleNotAssumableError:
        raise BadRequestError(
            "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway "
            "and add the required role policy."
        ) from None


def check_logging(call: Call, before: Wire, after: Wire) -> None:
    """Raise `BadRequestError` if a stage is changed to write logs and the account has no role for them."""
    logs_after = _logs(after)
    if logs_after and logs_after != _logs(before) and _ROLE not in call.store.account(call.account_id, call.region):
        raise BadRequestError("CloudWatch Logs role ARN must be set in account settings to enable logging")


def _logs(stage: Wire) -> Wire:
    """Return the settings of a stage that write logs to CloudWatch, by method; access logs have a key of their own.

    That the data trace alone needs the role is not recorded; it writes to the same logs.
    """
    found = {
        method: [settings.get("loggingLevel", "OFF"), bool(settings.get("dataTraceEnabled"))]
        for method, settings in stage.get("methodSettings", {}).items()
    }
    destination = stage.get("accessLogSettings", {}).get("destinationArn", "")
    access = {"access logs": destination} if ":logs:" in destination else {}
    return {**{method: logs for method, logs in found.items() if logs != ["OFF", False]}, **access}

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings of an account in a Region: GetAccount, UpdateAccount, and the check for logging.

Without the account's role for CloudWatch Logs, a stage cannot enable logging: "CloudWatch Logs role ARN must be set in
account settings to enable logging" (Zappa issue 793 for a log level, aws-samples/serverless-patterns issue 620 for
access logs).
"""

from __future__ import annotations

import re

from ..model import Wire
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
def update_account(call: Call) -> Wire:
    """Set or remove the role; an empty value removes it. Whether API Gateway can assume the role is not checked."""
    settings = dict(call.store.account(call.account_id, call.region))
    replace_members(settings, call.params, {f"/{_ROLE}": _role_arn})
    set_member(settings, _ROLE, settings.get(_ROLE))
    call.store.save_account(call.account_id, call.region, settings)
    return get_account(call)


def _role_arn(patch: Patch) -> str | None:
    if patch.value and not _ROLE_ARN.fullmatch(patch.value):
        raise BadRequestError("Invalid ARN specified in the request")  # AWS's text is not known.
    return patch.value or None


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

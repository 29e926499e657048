# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API Gateway's settings of an account in one Region, which all its APIs share, and the call that sets the log role."""

from __future__ import annotations

import re
from typing import Any, Dict

from .._engine.client import Aws, Wire
from .._engine.plan import Step, messages_by_code, wait_until_shown
from .._engine.resource import Diff

SERVICE = "apigateway"
LOG_ROLE_ARN = re.compile(r"arn:(?:[\w-]+|\$\{AWS::Partition\}):iam::(?:\d{12}|\$\{AWS::AccountId\}):role/\S+")
"""The ARN of a role, whose pseudo parameters need not be replaced yet."""

_ROLE = "cloudwatchRoleArn"


def read_account(aws: Aws) -> Wire:
    """Return the response of GetAccount."""
    return aws.call(SERVICE, "GetAccount")


def log_role(account: Wire) -> str:
    """Return the ARN of the role with which API Gateway writes logs to CloudWatch; empty if there is none."""
    return str(account.get(_ROLE) or "")


def readable(aws: Aws, account: Wire) -> Dict[str, Any]:
    """Return the settings as the modules return them."""
    throttle = account.get("throttleSettings") or {}
    return {
        "region": aws.region(),
        "cloudwatch_role_arn": log_role(account),
        "throttle": {"burst_limit": throttle.get("burstLimit"), "rate_limit": throttle.get("rateLimit")},
        "features": sorted(account.get("features") or []),
        "api_key_version": str(account.get("apiKeyVersion") or ""),
    }


def title(aws: Aws) -> str:
    """Return the name of the settings in errors and diffs."""
    return f"account settings of API Gateway in {aws.region()}"


def account_diff(aws: Aws, before: str, after: str) -> Diff:
    """Return the difference between two roles for logs, each an ARN or empty."""
    return Diff({"cloudwatch_role_arn": before}, {"cloudwatch_role_arn": after}, title(aws))


def set_log_role(role_arn: str) -> Step:
    """Return the step that sets the role for logs, or removes it if `role_arn` is empty.

    UpdateAccount is repeated while API Gateway cannot use the role yet; see `is_retryable`.
    """
    wait = wait_until_shown(
        SERVICE, "GetAccount", {}, lambda account: log_role(account) == role_arn, "the account's role for logs", ""
    )
    not_usable = (
        f"API Gateway cannot write logs with the role {role_arn}. Let apigateway.amazonaws.com assume it (its trust "
        "policy), attach the managed policy AmazonAPIGatewayPushToCloudWatchLogs to it, and run again. {}"
    )
    return Step(
        SERVICE,
        "UpdateAccount",
        {"patchOperations": [{"op": "replace", "path": f"/{_ROLE}", "value": role_arn}]},
        explain=messages_by_code({"BadRequestException": not_usable} if role_arn else {}),
        shown=lambda _response: wait,
    )

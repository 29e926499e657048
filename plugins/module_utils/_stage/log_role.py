# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The account's role for CloudWatch Logs, which a plan that enables the logs of a stage needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Optional, Sequence

from .._account.settings import account_diff, log_role, read_account, set_log_role
from .._engine.client import Aws
from .._engine.errors import AwsError
from .._engine.plan import Action
from .._engine.pseudo_parameters import fill
from .._engine.resource import Diff
from .._rest_api.state import Plain
from .steps import patches_of, stage_steps


@dataclass(frozen=True)
class LogRole:
    """The plan that gives the account its role for logs, or the errors that prevent logs."""

    plan: List[Action] = field(default_factory=list)
    diffs: List[Diff] = field(default_factory=list)
    errors: List[str] = field(default_factory=list)


def plan_log_role(aws: Aws, plan: Sequence[Action], role_arn: Optional[str]) -> LogRole:
    """Return how the account gets the role that the plan of a stage needs. Call GetAccount only if it enables logs.

    `role_arn` is set only if the account has no role: all APIs of the account write their logs with an existing one.
    Without permission to read the account's settings, the validation is left to UpdateStage.
    """
    if not any(map(_is_logging, patches_of(stage_steps(plan)))):
        return LogRole()
    try:
        account = read_account(aws)
    except AwsError as error:
        if error.code == "AccessDeniedException":
            return LogRole()
        raise
    if log_role(account):
        return LogRole()
    if not role_arn:
        return LogRole(errors=[_without_log_role(aws.region())])
    arn = str(fill(role_arn, aws))
    return LogRole([set_log_role(arn)], [account_diff(aws, "", arn)])


def _is_logging(patch: Plain) -> bool:
    """Return whether a patch enables execution logging; the data trace is written to the same log."""
    value = patch.get("value")
    return bool(
        (patch["path"].endswith("/logging/loglevel") and value not in (None, "OFF"))
        or (patch["path"].endswith("/logging/dataTrace") and value == "true")
    )


def _without_log_role(region: str) -> str:
    """Return the error if the account has no role for CloudWatch Logs.

    UpdateStage would return "CloudWatch Logs role ARN must be set in account settings to enable logging" (Zappa issue
    793).
    """
    return (
        f"method_settings enables logging, and API Gateway has no role for CloudWatch Logs in {region}. "
        "Create a role that apigateway.amazonaws.com can assume, with the managed policy "
        "AmazonAPIGatewayPushToCloudWatchLogs, and name it as `service_proxy_log_role_arn` (`log_role_arn` of the "
        "module service_proxy), or set it with the module codeless.apigateway.account. "
        'Or disable logging: `logging_level: "OFF"` and no `data_trace_enabled`.'
    )

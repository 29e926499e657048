# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Limits of AWS that a plan of a stage must keep: the length of the description, and the role for logs."""

from __future__ import annotations

from typing import Iterator, List, Sequence, Union

from .._account.settings import log_role, read_account
from .._engine.client import Aws
from .._engine.errors import AwsError
from .._engine.plan import Action, Ref, Step, steps
from .._rest_api.state import Plain

_DESCRIPTION_LENGTH = 1024
"""The limit of an HTTP API's stage (model of apigatewayv2). AWS documents none for the stage of a REST API."""

_ID = "a1b2c3"
"""A text with the length of a deployment's id."""


def plan_errors(aws: Aws, plan: Sequence[Action]) -> List[str]:
    """Return what AWS would reject. Call GetAccount only if the plan enables logging."""
    stage_steps = [step for step in steps(plan) if step.operation in ("CreateStage", "UpdateStage")]
    found = [
        f"its description would have {length:,} characters with the record of the kept deployments, and AWS allows "
        f"{_DESCRIPTION_LENGTH:,}. Shorten the text of the description (`stage_description`) by "
        f"{length - _DESCRIPTION_LENGTH}, or keep fewer deployments (`keep_deployments`)."
        for length in map(_length, _descriptions(stage_steps))
        if length > _DESCRIPTION_LENGTH
    ]
    if any(_is_logging(patch) for patch in _patches(stage_steps)):
        found += _without_log_role(aws)
    return found


def _descriptions(stage_steps: Sequence[Step]) -> Iterator[Union[str, Ref]]:
    for step in stage_steps:
        if "description" in step.params:
            yield step.params["description"]
    for patch in _patches(stage_steps):
        if patch["path"] == "/description" and "value" in patch:
            yield patch["value"]


def _length(description: Union[str, Ref]) -> int:
    return len(description.text.format(_ID) if isinstance(description, Ref) else description)


def _patches(stage_steps: Sequence[Step]) -> Iterator[Plain]:
    for step in stage_steps:
        yield from step.params.get("patchOperations") or []


def _is_logging(patch: Plain) -> bool:
    """Return whether a patch enables execution logging; the data trace is written to the same log."""
    value = patch.get("value")
    return bool(
        (patch["path"].endswith("/logging/loglevel") and value not in (None, "OFF"))
        or (patch["path"].endswith("/logging/dataTrace") and value == "true")
    )


def _without_log_role(aws: Aws) -> List[str]:
    """Return the error if the account has no role for CloudWatch Logs.

    UpdateStage would return "CloudWatch Logs role ARN must be set in account settings to enable logging" (Zappa issue
    793). Without permission to read the account's settings, the validation is left to UpdateStage.
    """
    try:
        account = read_account(aws)
    except AwsError as error:
        if error.code == "AccessDeniedException":
            return []
        raise
    if log_role(account):
        return []
    return [
        f"method_settings enables logging, and API Gateway has no role for CloudWatch Logs in {aws.region()}. "
        "Create a role that apigateway.amazonaws.com can assume, with the managed policy "
        "AmazonAPIGatewayPushToCloudWatchLogs, and set it once for the account and the Region with the module "
        "codeless.apigateway.account (`cloudwatch_role_arn`). "
        'Or disable logging: `logging_level: "OFF"` and no `data_trace_enabled`.'
    ]

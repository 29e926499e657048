# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role with which API Gateway writes the logs of all stages of an account in a Region, converged.

All APIs of the account in the Region share the role, so a different existing role stays unless the user replaces it.
"""

from __future__ import annotations

from typing import List

from .._engine.client import Aws
from .._engine.errors import raise_errors
from .._engine.pseudo_parameters import fill
from .._engine.resource import Params, Planned
from .settings import LOG_ROLE_ARN, account_diff, log_role, read_account, readable, set_log_role, title


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that sets the role, or removes it if the option is empty."""
    desired = str(fill(params["cloudwatch_role_arn"], aws))
    raise_errors(title(aws), _option_errors(desired))
    account = read_account(aws)
    current = log_role(account)
    raise_errors(title(aws), _replacement_errors(desired, current, params["replace"]))
    return Planned(
        [] if desired == current else [set_log_role(desired)],
        {**readable(aws, account), "cloudwatch_role_arn": desired},
        [account_diff(aws, current, desired)],
    )


def _option_errors(role_arn: str) -> List[str]:
    if not role_arn or LOG_ROLE_ARN.fullmatch(role_arn):
        return []
    return [
        f'cloudwatch_role_arn "{role_arn}" is no ARN of a role; write one like "arn:aws:iam::123456789012:role/logs", '
        "or an empty string to remove the role from the settings"
    ]


def _replacement_errors(desired: str, current: str, replace: bool) -> List[str]:
    if not current or current == desired or replace:
        return []
    change = f"replace it by {desired}" if desired else "remove it, and end the logs of all stages in the Region"
    return [
        f"API Gateway writes the logs of all stages of the account with the role {current}. The run would {change}. "
        "Nothing was changed. To do that, write `replace: true`."
    ]

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The account's role for CloudWatch Logs, created and set for tests whose stages write logs."""

from __future__ import annotations

import json
from typing import Any

MANAGED_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
_STATEMENT = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [_STATEMENT]})


def set_log_role(iam: Any, apigateway: Any) -> None:
    """Create the role `logs` with the policy that AWS has for it, and set it for the account and Region."""
    arn = iam.create_role(RoleName="logs", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="logs", PolicyArn=MANAGED_POLICY)
    patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}
    apigateway.update_account(patchOperations=[patch])

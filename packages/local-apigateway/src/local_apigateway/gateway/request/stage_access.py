# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a stage decides before routing: the deployment (canary or not), and the stage variables."""

from __future__ import annotations

import random
from dataclasses import replace

from ...model import ServedStage, Wire


def choose_deployment(served: ServedStage) -> tuple[ServedStage, bool | None]:
    """Return the stage with the deployment for this request, and whether it is the canary (None without a canary).

    A canary gets `percentTraffic` percent of the requests, and its variables override those of the stage (recorded:
    test_invoking_canary_deployment).
    """
    canary: Wire | None = served.stage.get("canarySettings")
    if not canary or served.canary_content is None:
        return served, None
    if random.random() * 100 >= float(canary.get("percentTraffic") or 0):
        return served, False
    return replace(served, deployment_id=str(canary["deploymentId"]), content=served.canary_content), True


def stage_variables(served: ServedStage, is_canary: bool | None) -> dict[str, str]:
    """Return `$stageVariables` of a request."""
    variables: dict[str, str] = dict(served.stage.get("variables") or {})
    if is_canary:
        variables.update(served.stage["canarySettings"].get("stageVariableOverrides") or {})
    return variables

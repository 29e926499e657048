# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What refers to a stage: usage plans and base path mappings.

A deleted stage leaves its usage plans (hashicorp/terraform-provider-aws issue 14100: a stage that is created again is
in none). A stage or API with base path mappings cannot be deleted (serverless/serverless issue 3638 and
terraform-provider-aws issue 41651, with AWS's texts).
"""

from __future__ import annotations

from ..model import RestApi, Wire
from .account_resources import DOMAIN_NAMES, USAGE_PLANS, resources, save
from .errors import BadRequestError
from .operations import Call


def release_stage(call: Call, api: RestApi, stage_name: str) -> None:
    """Detach a stage that is deleted. Raises `BadRequestError` if a domain name maps to it."""
    domains = _domains(call, api, stage_name)
    if domains:
        raise BadRequestError(
            f"Deleting stage {stage_name} failed. Please remove all base path mappings related to the stage in your "
            f"domains: {domains}."
        )
    _leave_plans(call, api, stage_name)


def release_api(call: Call, api: RestApi) -> None:
    """Detach an API that is deleted. Raises `BadRequestError` if a domain name maps to it.

    That it leaves its usage plans as a deleted stage does is not recorded.
    """
    domains = _domains(call, api, None)
    if domains:
        raise BadRequestError(
            f"Deleting RestApi {api.id} failed. Please remove all base path mappings related to the RestApi in your "
            f"domains: {domains}."
        )
    _leave_plans(call, api, None)


def _domains(call: Call, api: RestApi, stage_name: str | None) -> str:
    """Return the names of the domains that map to a stage, or to any stage."""
    found = [
        domain["domainName"]
        for domain in resources(call, DOMAIN_NAMES).values()
        if any(
            mapping["restApiId"] == api.id and stage_name in (None, mapping.get("stage"))
            for mapping in domain["basePathMappings"].values()
        )
    ]
    return ", ".join(found)


def _leave_plans(call: Call, api: RestApi, stage_name: str | None) -> None:
    def is_released(stage: Wire) -> bool:
        return stage["apiId"] == api.id and stage_name in (None, stage["stage"])

    changed = {
        plan_id: {**plan, "apiStages": [stage for stage in plan["apiStages"] if not is_released(stage)]}
        for plan_id, plan in resources(call, USAGE_PLANS).items()
        if any(map(is_released, plan["apiStages"]))
    }
    if changed:
        save(call, USAGE_PLANS, changed)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The patches of UpdateUsagePlan.

The list of paths that can be removed is AWS's (boto/boto3 issue 2629); those that can be replaced and added are the
ones that Terraform's AWS provider and the recordings use, and AWS's lists of them are not known.
"""

from __future__ import annotations

import copy
import re

from ..model import Wire
from .errors import BadRequestError, NotFoundError
from .patches import Patch, set_member

_STAGE_THROTTLE = "/apiStages/<apidId:stageName>/throttle"
_METHOD_THROTTLE = f"{_STAGE_THROTTLE}/<resourcePath>/<httpMethod>"
_PATHS = {
    "add": ("/apiStages", "/productCode"),
    "remove": ("/apiStages", "/quota", "/throttle", "/productCode", _METHOD_THROTTLE, _STAGE_THROTTLE),
    "replace": (
        "/name",
        "/description",
        "/productCode",
        "/quota/limit",
        "/quota/offset",
        "/quota/period",
        "/throttle/rateLimit",
        "/throttle/burstLimit",
        f"{_METHOD_THROTTLE}/rateLimit",
        f"{_METHOD_THROTTLE}/burstLimit",
    ),
}
_NO_LIMITS: Wire = {"burstLimit": 0, "rateLimit": 0.0}


def apply_patch(plan: Wire, patch: Patch) -> Wire:
    """Return the plan after one patch, without changing the given one. Raises `ApiError` for an invalid patch."""
    patched = copy.deepcopy(plan)
    parts = (patch.path or "").split("/")[1:]  # still escaped: the path of a resource is one or several parts
    if patch.path in _PATHS.get(patch.op, ()) and patch.path != "/apiStages":
        _set_member(patched, patch, parts)
    elif parts == ["apiStages"] and patch.op in ("add", "remove"):
        _patch_stages(patched, patch)
    elif len(parts) >= 3 and (parts[0], parts[2]) == ("apiStages", "throttle") and patch.op in ("remove", "replace"):
        _patch_routes(patched, patch, parts[1], parts[3:])
    else:
        raise _invalid(patch)
    return patched


def _invalid(patch: Patch) -> BadRequestError:
    paths = ", ".join(_PATHS.get(patch.op, ()))
    return BadRequestError(
        f"Invalid patch path  '{patch.path}' specified for op '{patch.op}'. Must be one of: [{paths}]"
    )


def _set_member(plan: Wire, patch: Patch, parts: list[str]) -> None:
    if patch.op == "remove":
        plan.pop(parts[0], None)
    elif len(parts) == 1:
        set_member(plan, parts[0], (patch.value or "") if parts[0] == "name" else patch.value or None)
    elif parts[0] == "quota":
        value = patch.value if parts[1] == "period" else _number(patch, int)
        plan["quota"] = {"offset": 0, **plan.get("quota", {}), parts[1]: value}
    else:
        plan["throttle"] = {**_NO_LIMITS, **plan.get("throttle", {}), parts[1]: _limit(patch, parts[1])}


def _limit(patch: Patch, member: str) -> float:
    return _number(patch, float if member == "rateLimit" else int)


def _number(patch: Patch, kind: type[int] | type[float]) -> float:
    """Return the value as a number. AWS's text for other values is not known."""
    pattern = r"-?\d+" if kind is int else r"-?\d+(\.\d+)?([eE][-+]?\d+)?"
    if not re.fullmatch(pattern, patch.value or "", re.ASCII):
        raise BadRequestError(f"Invalid value '{patch.value}' for path '{patch.path}'. It must be a number")
    return kind(patch.value or "")


def _patch_stages(plan: Wire, patch: Patch) -> None:
    """Add or remove the stage `apiId:stage`. Errors of "remove" are recorded; those of "add" follow from the check."""
    names = (patch.value or "").split(":")
    if len(names) != 2 or not all(names):
        raise BadRequestError("Invalid API Stage specified")
    stage = {"apiId": names[0], "stage": names[1]}
    if patch.op == "add":
        plan["apiStages"].append(stage)
        return
    plan["apiStages"].remove(_stage(plan, *names))


def _stage(plan: Wire, api_id: str, name: str) -> Wire:
    for stage in plan["apiStages"]:
        if (stage["apiId"], stage["stage"]) == (api_id, name):
            found: Wire = stage
            return found
    raise NotFoundError(f"Invalid API Stage {{api: {api_id}, stage: {name}}} specified for usageplan {plan['id']}")


def _patch_routes(plan: Wire, patch: Patch, stage_name: str, parts: list[str]) -> None:
    """Set or remove the limits of a stage's methods: all, or those of `<resourcePath>/<httpMethod>`.

    The resource's path may be escaped (`~1items/GET`) or not (`/items/GET`, as Terraform's AWS provider sends it).
    """
    api_id, _unused, name = stage_name.partition(":")
    stage = _stage(plan, api_id, name)
    routes = stage.setdefault("throttle", {})
    member = parts[-1] if patch.op == "replace" and parts else ""
    route = "/".join(parts[:-1] if member else parts).replace("~1", "/").replace("~0", "~")
    if patch.op == "remove" and not parts:
        routes.clear()
    elif patch.op == "remove":
        if routes.pop(route, None) is None:
            raise NotFoundError(f"Invalid method {route} specified for stage {stage_name}")  # AWS's text is not known.
    elif member in _NO_LIMITS and len(parts) >= 3:
        routes[route] = {**_NO_LIMITS, **routes.get(route, {}), member: _limit(patch, member)}
    else:
        raise _invalid(patch)
    if not routes:
        del stage["throttle"]

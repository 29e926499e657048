# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API keys: a method that requires one, and the limits of the key's usage plan.

AWS: "Usage plans and API keys for REST APIs" and "Gateway response types for API Gateway". That a request without a
valid key of the stage's plans, or with a disabled key, gets 403 is recorded (test_api_key_required_for_methods); the
texts are AWS's defaults of INVALID_API_KEY, THROTTLED and QUOTA_EXCEEDED. A request that is throttled does not count
against the quota; whether it does on AWS is not known.
"""

from __future__ import annotations

from ...model import PlannedKey, UsagePlans, Wire
from ..errors import GatewayError, UnsupportedError
from ..invocation import Invocation
from .throttling import MethodLimits, Throttle


def check_api_key(
    invocation: Invocation, resource: Wire, method: Wire, plans: UsagePlans | None, throttle: Throttle
) -> None:
    """Check and count a request to a method that requires a key, and set the key in `$context.identity`.

    Raises `GatewayError` for a missing or invalid key and beyond a limit, `UnsupportedError` for keys that an
    authorizer returns.
    """
    if not method.get("apiKeyRequired"):
        return
    place = f"{method['httpMethod']} {resource['path']}"
    if plans is None:
        raise UnsupportedError(f"API keys: {place} requires one")
    if invocation.served.content.settings.get("apiKeySource") == "AUTHORIZER":
        raise UnsupportedError(f"API keys of authorizers: {place} requires one")
    value = invocation.client.headers.get("x-api-key")
    key = plans.find(invocation.served, value) if value else None
    if value is None or key is None:
        reason = "has no x-api-key" if value is None else "has a key that is disabled, or in no usage plan of the stage"
        raise GatewayError("INVALID_API_KEY", "Forbidden", f"Invalid API key: the request to {place} {reason}")
    _throttle(key, f"{resource['path']}/{method['httpMethod']}", throttle)
    if not plans.spend(invocation.served, key):
        log = f"Key {key.key_id} has used up its quota in usage plan {key.plan_id}"
        raise GatewayError("QUOTA_EXCEEDED", "Limit Exceeded", log)
    invocation.context["identity"] = {**invocation.context["identity"], "apiKey": value, "apiKeyId": key.key_id}


def _throttle(key: PlannedKey, route: str, throttle: Throttle) -> None:
    """Take a token of the key: by the limits of the method, which override those of the plan (documented)."""
    own = key.route_limits.get(route)
    limits = own or key.limits
    if limits is None:
        return
    bucket = (key.plan_id, key.key_id, route if own else "")
    if not throttle.take(bucket, MethodLimits(float(limits["rateLimit"]), int(limits["burstLimit"]))):
        log = f"Throttled: key {key.key_id} may have {limits['rateLimit']:g} requests a second in plan {key.plan_id}"
        raise GatewayError("THROTTLED", "Too Many Requests", log)

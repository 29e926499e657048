# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The registry of operations. An operation is a function from a `Call` to its result, registered under AWS's name:

    @operation("GetRestApi")
    def get_rest_api(call: Call) -> Wire:
        return rest_api(call.api())

A `Call` has the parameters, and finds the API that they name. An operation never writes an API to the store: the
dispatcher saves each API that the operation obtained by `changed_api`. If the operation raises, the dispatcher restores
these APIs from disk.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from ..model import Content, RestApi, ServedStage, Wire
from ..store import Store
from .errors import ApiError, NotFoundError
from .ids import PART_LENGTH, new_id


@dataclass(frozen=True)
class Conditions:
    """Rehearsed conditions: reads return the state of `stale_reads` seconds ago, and imports have a warning."""

    stale_reads: float = 0.0
    import_warnings: bool = False


class Invoker(Protocol):
    """The part of the gateway that TestInvokeMethod uses."""

    async def test_invoke(self, stage: ServedStage, resource_id: str, http_method: str, test: Wire) -> Wire:
        """Run one method of a draft. The result has the shape TestInvokeMethodResponse."""


CheckLogRole = Callable[[str], Awaitable[None]]
"""Gets the ARN of a role; raises `RoleNotAssumableError` if API Gateway cannot write logs with it."""


async def accept_role(role_arn: str) -> None:
    """Accept every role: a control plane without an IAM."""


@dataclass
class Call:
    """One call of the management API: caller, parameters, and the APIs that it changes."""

    account_id: str
    region: str
    params: Wire
    store: Store
    invoker: Invoker | None = None
    check_log_role: CheckLogRole = accept_role
    changed: list[RestApi] = field(default_factory=list)
    import_warnings: bool = False
    stale_store: Store | None = None
    """The store as it was some seconds ago, if stale reads are rehearsed."""

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def api(self, missing: Callable[[str], ApiError] | None = None) -> RestApi:
        """Return the API that the call names. `missing` returns the error of operations with a text of their own."""
        api_id = str(self.params.get("restApiId"))
        api = self.store.find(self.account_id, self.region, api_id)
        if api is None:
            identifier = f"{self.account_id}:{api_id}"
            raise (missing or _unknown_api)(identifier)
        return api

    def changed_api(self, missing: Callable[[str], ApiError] | None = None) -> RestApi:
        """Return the API that the call names, and save it when the operation returns."""
        api = self.api(missing)
        self.changed.append(api)
        return api

    def draft_seen(self, api: RestApi) -> Content:
        """Return the draft that CreateDeployment takes a snapshot of: an older one if stale reads are rehearsed.

        Whether CreateDeployment can lag behind an import on AWS is not known.
        """
        earlier = self.stale_store.find(self.account_id, self.region, api.id) if self.stale_store else None
        return (earlier or api).draft

    def draft(self, missing: Callable[[str], ApiError] | None = None) -> Content:
        return self.api(missing).draft


def _unknown_api(identifier: str) -> ApiError:
    return NotFoundError(f"Invalid API identifier specified {identifier}")


Result = Wire | None
Operation = Callable[[Call], Result | Awaitable[Result]]
Handler = TypeVar("Handler", bound=Operation)
OPERATIONS: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Handler], Handler]:
    """Register a function as the operation of that name."""

    def register(function: Handler) -> Handler:
        OPERATIONS[name] = function
        return function

    return register


def now() -> int:
    """Return the time as the API has it: whole seconds since 1970."""
    return int(time.time())


def part_id(*taken: dict[str, Any]) -> str:
    """Return a new id for a part of an API."""
    return new_id(PART_LENGTH, lambda candidate: any(candidate in ids for ids in taken))

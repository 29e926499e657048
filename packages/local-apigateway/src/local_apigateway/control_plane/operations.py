# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How an operation of the management API is written: a function from a `Call` to its result, under AWS's name.

    @operation("GetRestApi")
    def get_rest_api(call: Call) -> Wire:
        return rest_api(call.api())

A `Call` gives the parameters and the API that they name. The dispatcher saves each API that a call asked for by
`changed_api`, so no operation writes an API itself; one that raises changes nothing, for the dispatcher takes those
APIs back to what is on disk.
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
    """What is rehearsed: reads return what was there `stale_reads` seconds before, and imports have a warning."""

    stale_reads: float = 0.0
    import_warnings: bool = False


class Invoker(Protocol):
    """The gateway, as TestInvokeMethod uses it."""

    async def test_invoke(self, stage: ServedStage, resource_id: str, http_method: str, test: Wire) -> Wire:
        """Run one method of a draft; the result has the shape TestInvokeMethodResponse."""


@dataclass
class Call:
    """One call of the management API: who called, with what, and what it has asked to change."""

    account_id: str
    region: str
    params: Wire
    store: Store
    invoker: Invoker | None = None
    changed: list[RestApi] = field(default_factory=list)
    import_warnings: bool = False
    past: Store | None = None
    """The store as it was a while ago, where stale reads are rehearsed."""

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def api(self, missing: Callable[[str], ApiError] | None = None) -> RestApi:
        """The API that the call names. `missing` gives the error of an operation that words it its own way."""
        api_id = str(self.params.get("restApiId"))
        api = self.store.find(self.account_id, self.region, api_id)
        if api is None:
            identifier = f"{self.account_id}:{api_id}"
            raise (missing or _unknown_api)(identifier)
        return api

    def changed_api(self, missing: Callable[[str], ApiError] | None = None) -> RestApi:
        """The API that the call names, to be saved when the operation returns."""
        api = self.api(missing)
        self.changed.append(api)
        return api

    def draft_seen(self, api: RestApi) -> Content:
        """Return the draft of an API that a deployment is made of: an old one where stale reads are rehearsed.

        Whether CreateDeployment can be behind an import on AWS is not known.
        """
        earlier = self.past.find(self.account_id, self.region, api.id) if self.past else None
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
    """The time as the API tells it: whole seconds since 1970."""
    return int(time.time())


def part_id(*taken: dict[str, Any]) -> str:
    """A new id for something that lives in an API."""
    return new_id(PART_LENGTH, lambda candidate: any(candidate in ids for ids in taken))

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""REST APIs as they were some seconds ago, to rehearse reads of API Gateway that lag behind its writes.

LocalStack's tests that run on AWS wait 10 seconds between UpdateRestApi and CreateDeployment, and Terraform's AWS
provider reads until two reads are equal (issue 41375).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

from ..model import RestApi
from ..store import Store, StoreAsItWas

_ALWAYS = float("-inf")


class StaleReads:
    """StaleReads versions of APIs, for accounts whose stale reads are rehearsed. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._versions: dict[tuple[str, str], dict[str, list[tuple[float, RestApi | None]]]] = {}

    def forget(self, account_id: str, region: str) -> None:
        """Discard the versions of an account: its reads are not stale any more."""
        self._versions.pop((account_id, region), None)

    def before_change(self, store: Store, account_id: str, region: str) -> None:
        """Record all APIs before a change."""
        versions = self._versions.setdefault((account_id, region), {})
        for api in store.of(account_id, region):
            versions.setdefault(api.id, [(_ALWAYS, _copy(api))])

    def after_change(self, store: Store, account_id: str, region: str, changed: Sequence[RestApi]) -> None:
        """Record changed and deleted APIs."""
        versions, now = self._versions[account_id, region], self._clock()
        for api in changed:
            versions.setdefault(api.id, [(_ALWAYS, None)]).append((now, _copy(api)))
        for api_id, known in versions.items():
            if api_id not in store and known[-1][1]:
                known.append((now, None))

    def store(self, store: Store, account_id: str, region: str, seconds: float) -> Store:
        """Return the store as it was `seconds` ago, for reading."""
        then = self._clock() - seconds
        apis = {api.id: api for api in store.of(account_id, region)}
        for api_id, known in self._versions.get((account_id, region), {}).items():
            seen = max(place for place, (since, _api) in enumerate(known) if since <= then)
            del known[:seen]
            api = known[0][1]
            if api:
                apis[api_id] = api
            else:
                apis.pop(api_id, None)
        return StoreAsItWas(store, apis)


def _copy(api: RestApi) -> RestApi:
    """Return a copy that later changes cannot reach. Deployments are never changed."""
    attributes, stages = json.loads(json.dumps([api.attributes, api.stages]))
    return RestApi(api.account_id, api.region, attributes, api.draft.snapshot(), dict(api.deployments), stages)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the gateway reads of API keys and usage plans, and where it counts requests."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from ..model import PlannedKey, ServedStage, Wire
from ..store import Store
from .account_resources import API_KEYS, USAGE, USAGE_PLANS
from .usage_counts import count, remaining, today


class StoredPlans:
    """The usage plans of a store, as `UsagePlans`. `day` returns the date, in UTC."""

    def __init__(self, store: Store, day: Callable[[], datetime.date] = today) -> None:
        self._store = store
        self._day = day

    def find(self, stage: ServedStage, key_value: str) -> PlannedKey | None:
        place = (stage.account_id, stage.region)
        keys = self._store.resources(*place, API_KEYS).values()
        key = next((key for key in keys if key["value"] == key_value and key["enabled"]), None)
        if key is None:
            return None
        for plan in self._store.resources(*place, USAGE_PLANS).values():
            for served in plan["apiStages"]:
                named = (served["apiId"], served["stage"])
                if key["id"] in plan["keyIds"] and named == (stage.api_id, stage.stage["stageName"]):
                    return PlannedKey(key["id"], plan["id"], plan.get("throttle"), served.get("throttle", {}))
        return None

    def spend(self, stage: ServedStage, key: PlannedKey) -> bool:
        place = (stage.account_id, stage.region)
        plan = self._store.resources(*place, USAGE_PLANS)[key.plan_id]
        if "quota" not in plan:
            return True
        usage = self._store.resources(*place, USAGE)
        of_plan: Wire = usage.get(key.plan_id, {})
        counted: Wire = of_plan.get(key.key_id, {})
        day = self._day()
        if not remaining(plan["quota"], counted, day):
            return False
        counts = {**of_plan, key.key_id: count(counted, day, used=1)}
        self._store.save_resources(*place, USAGE, {**usage, key.plan_id: counts})
        return True

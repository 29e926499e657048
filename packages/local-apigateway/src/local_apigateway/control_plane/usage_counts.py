# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of an API key that a usage plan counts, and how many its quota leaves.

They are stored by plan, key and day (UTC): `used` requests, and requests `granted` beyond the quota by UpdateUsage.
What remains follows from these and the quota, so a changed quota counts at once.
"""

from __future__ import annotations

import datetime

from ..model import Wire

_WEEK_DAYS = 7


def today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


def period_start(quota: Wire, day: datetime.date) -> datetime.date:
    """Return the first day of the period that a day belongs to.

    A period begins `offset` days after Sunday or the first of the month. AWS's API reference describes the offset as a
    number of requests, but accepts only days of the period (usage_plans.py); which day begins a week is not known.
    """
    if quota["period"] == "DAY":
        return day
    if quota["period"] == "WEEK":
        since_sunday = (day.weekday() + 1) % _WEEK_DAYS
        return day - datetime.timedelta(days=(since_sunday - quota["offset"]) % _WEEK_DAYS)
    start = day.replace(day=1 + quota["offset"])
    return start if start <= day else (day.replace(day=1) - datetime.timedelta(days=1)).replace(day=start.day)


def remaining(quota: Wire, counted: Wire, day: datetime.date) -> int:
    """Return the requests that remain at the end of a day. `counted` are the entries of one key by day."""
    start = period_start(quota, day).isoformat()
    entries = [entry for name, entry in counted.items() if start <= name <= day.isoformat()]
    spent: int = sum(entry["used"] - entry["granted"] for entry in entries)
    return max(0, int(quota["limit"]) - spent)


def count(counted: Wire, day: datetime.date, used: int = 0, granted: int = 0) -> Wire:
    """Return the entries of a key with further requests of a day."""
    entry = counted.get(day.isoformat(), {"used": 0, "granted": 0})
    return {**counted, day.isoformat(): {"used": entry["used"] + used, "granted": entry["granted"] + granted}}

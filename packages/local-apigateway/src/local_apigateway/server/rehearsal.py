# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rehearsals: a local AWS as slow, as strict and as unreliable as AWS can be, with quotas, latency and faults.

A rehearsal is started over HTTP, for the calls of all accounts (`/_local_aws/rehearsal`) or for those of one
(`/_local_aws/rehearsal?account=123456789012`). A call is subject to both:

    {"quotas": true,                  AWS's quotas of management calls (quotas.py)
     "latency": 0.05,                 seconds that are added to each call
     "decoded_path_parameters": true, requests to APIs: see gateway/dialect.py
     "null_results": true,            the same
     "stale_reads": {"apigateway": 5, "iam": 5},  reads return the state of some seconds ago
     "role_delay": 20,                API Gateway cannot assume a new role for some seconds
     "policy_delay": 20,              a changed inline policy takes effect after some seconds
     "import_warnings": true,         imports have a harmless warning
     "ttl_interval": 0,               seconds between two changes of a table's time to live (3,600 as on AWS)
     "faults": [
       {"operation": "apigateway:PutRestApi", "call": 2, "fault": "error", "status": 500,
        "code": "InternalFailure", "message": "…"},
       {"operation": "*", "call": 5, "fault": "delay", "seconds": 3},
       {"operation": "dynamodb:CreateTable", "call": 1, "fault": "cut", "after": true},
       {"operation": "apigateway:*", "call": 7, "fault": "halt", "after": true}]}

`call` is the number of the call of that operation since the start of the rehearsal, from 1, in the order of arrival.
`error` returns an error instead of executing the call, and `delay` waits before the call. `cut` closes the connection
without a response, before the call is executed or, with `after`, when it has been. `halt` does the same but leaves the
connection open: no later call of the account is executed or answered until the rehearsal ends, which cuts the
connections that wait.
"""

from __future__ import annotations

import asyncio
import fnmatch
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from ..gateway.dialect import DEFAULT, Dialect
from ..model import Wire
from .quotas import Quotas

KINDS = ("error", "delay", "cut", "halt")
DIALECT = tuple(asdict(DEFAULT))
FLAGS = ("quotas", "import_warnings", *DIALECT)
STALE = ("apigateway", "iam")
SECONDS = ("latency", "role_delay", "policy_delay", "ttl_interval")
TTL_INTERVAL = 3600.0
"""Seconds between two changes of a table's time to live (services/aws_refusals.py)."""


@dataclass
class Fault:
    """One fault. `seen` counts the calls of its operation, `struck` is whether the fault has occurred."""

    operation: str
    call: int
    fault: str
    after: bool = False
    seconds: float = 0.0
    status: int = 500
    code: str = "InternalFailure"
    message: str = "A rehearsed error"
    seen: int = 0
    struck: bool = False

    def applies_to(self, name: str) -> bool:
        """Count a call, and return whether the fault applies to it."""
        if not fnmatch.fnmatchcase(name, self.operation):
            return False
        self.seen += 1
        return self.seen == self.call


@dataclass(frozen=True)
class Slowness:
    """Seconds until changes become visible: in reads of API Gateway and of IAM, for new roles, and for policies."""

    stale_apigateway: float = 0.0
    stale_iam: float = 0.0
    role_delay: float = 0.0
    policy_delay: float = 0.0

    @property
    def is_about_iam(self) -> bool:
        return bool(self.stale_iam or self.role_delay or self.policy_delay)


@dataclass
class Rehearsal:
    """The current rehearsal of all accounts or of one."""

    quotas: Quotas | None = None
    latency: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    dialect: Dialect = DEFAULT
    slowness: Slowness = Slowness()
    import_warnings: bool = False
    ttl_interval: float | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def halted(self) -> bool:
        return any(fault.struck for fault in self.faults if fault.fault == "halt")

    def summary(self) -> Wire:
        return {
            "quotas": self.quotas is not None,
            "latency": self.latency,
            **asdict(self.dialect),
            "stale_reads": {"apigateway": self.slowness.stale_apigateway, "iam": self.slowness.stale_iam},
            "role_delay": self.slowness.role_delay,
            "policy_delay": self.slowness.policy_delay,
            "import_warnings": self.import_warnings,
            "ttl_interval": TTL_INTERVAL if self.ttl_interval is None else self.ttl_interval,
            "faults": [asdict(fault) for fault in self.faults],
            "halted": self.halted,
        }


class Rehearsals:
    """One rehearsal for all accounts (account None), and one for each account."""

    def __init__(self) -> None:
        self._of: defaultdict[str | None, Rehearsal] = defaultdict(Rehearsal)

    def start(self, account_id: str | None, document: Any) -> None:
        """Replace the rehearsal of an account. Raises `ValueError` that lists all errors of the document."""
        problems = list(_problems(document))
        if problems:
            raise ValueError("; ".join(problems))
        self.end(account_id)
        self._of[account_id] = Rehearsal(
            quotas=Quotas() if document.get("quotas") else None,
            latency=float(document.get("latency", 0.0)),
            faults=[Fault(**fault) for fault in document.get("faults", [])],
            dialect=Dialect(**{name: document[name] for name in DIALECT if name in document}),
            slowness=_slowness(document),
            import_warnings=bool(document.get("import_warnings")),
            ttl_interval=document.get("ttl_interval"),
        )

    def end(self, account_id: str | None) -> None:
        """End the rehearsal of an account, and release the calls that a halt holds."""
        rehearsal = self._of.pop(account_id, None)
        if rehearsal:
            rehearsal.ended.set()

    def end_all(self) -> None:
        for account_id in list(self._of):
            self.end(account_id)

    def summary(self, account_id: str | None) -> Wire:
        return self._of.get(account_id, Rehearsal()).summary()

    def admit(self, operation: str, account_id: str, region: str, params: Wire) -> None:
        """Count a management call. Raises `TooManyRequestsError` if a rehearsed quota is exhausted."""
        for rehearsal in self._of_account(account_id):
            if rehearsal.quotas:
                rehearsal.quotas.admit(operation, account_id, region, params)

    async def begin(self, account_id: str, name: str) -> Fault | None:
        """Wait for the rehearsed latency. Return the fault that applies to this call, or None.

        The caller sets `struck` of a fault that occurs after the call.
        """
        rehearsals = self._of_account(account_id)
        # Each fault counts the call, even if another one applies to it.
        applying = [fault for rehearsal in rehearsals for fault in rehearsal.faults if fault.applies_to(name)]
        seconds = sum(rehearsal.latency for rehearsal in rehearsals) + sum(fault.seconds for fault in applying)
        if seconds:
            await asyncio.sleep(seconds)
        for fault in applying:
            fault.struck = not fault.after
        return next((fault for fault in applying if fault.fault != "delay"), None)

    async def held(self, account_id: str) -> bool:
        """Return whether a halt applies to calls of the account. If so, return only when the rehearsal has ended."""
        halted = [rehearsal for rehearsal in self._of_account(account_id) if rehearsal.halted]
        for rehearsal in halted:
            await rehearsal.ended.wait()
        return bool(halted)

    def dialect(self, account_id: str) -> Dialect:
        """Return how API Gateway behaves in requests to the account's APIs."""
        rehearsed = [rehearsal.dialect for rehearsal in self._of_account(account_id)]
        return Dialect(**{name: any(getattr(one, name) for one in rehearsed) for name in DIALECT})

    def slowness(self, account_id: str) -> Slowness:
        """Return how long changes in the account take to become visible."""
        rehearsed = [asdict(rehearsal.slowness) for rehearsal in self._of_account(account_id)]
        return (
            Slowness(**{name: max(one[name] for one in rehearsed) for name in rehearsed[0]})
            if rehearsed
            else Slowness()
        )

    def import_warnings(self, account_id: str) -> bool:
        """Return whether imports have a warning."""
        return any(rehearsal.import_warnings for rehearsal in self._of_account(account_id))

    def ttl_interval(self, account_id: str) -> float:
        """Return the seconds between two changes of a table's time to live. The account's setting has priority."""
        rehearsed = [rehearsal.ttl_interval for rehearsal in self._of_account(account_id)]
        return next((seconds for seconds in reversed(rehearsed) if seconds is not None), TTL_INTERVAL)

    def _of_account(self, account_id: str) -> list[Rehearsal]:
        return [self._of[key] for key in (None, account_id) if key in self._of]


def _slowness(document: Wire) -> Slowness:
    stale = document.get("stale_reads", {})
    return Slowness(
        stale_apigateway=stale.get("apigateway", 0.0),
        stale_iam=stale.get("iam", 0.0),
        role_delay=document.get("role_delay", 0.0),
        policy_delay=document.get("policy_delay", 0.0),
    )


def _problems(document: Any) -> list[str]:
    if not isinstance(document, dict):
        return ["the document must be an object"]
    known = {*FLAGS, *SECONDS, "stale_reads", "faults"}
    problems = [f"unknown field {name!r}" for name in document.keys() - known]
    problems += [f"{name} must be true or false" for name in FLAGS if not isinstance(document.get(name, False), bool)]
    wrong = [name for name in SECONDS if not _is_seconds(document.get(name, 0.0))]
    problems += [f"{name} must be a number of seconds" for name in wrong]
    stale = document.get("stale_reads", {})
    if not isinstance(stale, dict) or stale.keys() - {*STALE} or not all(map(_is_seconds, stale.values())):
        problems.append(f"stale_reads must be an object of seconds, with the fields {' and '.join(STALE)}")
    faults = document.get("faults", [])
    if not isinstance(faults, list):
        return [*problems, "faults must be a list"]
    return [*problems, *(problem for number, fault in enumerate(faults) for problem in _fault_problems(number, fault))]


def _fault_problems(number: int, fault: Any) -> list[str]:
    where = f"faults[{number}]"
    if not isinstance(fault, dict):
        return [f"{where} must be an object"]
    known = {"operation", "call", "fault", "after", "seconds", "status", "code", "message"}
    problems = [f"{where}: unknown field {name!r}" for name in fault.keys() - known]
    if not isinstance(fault.get("operation"), str):
        problems.append(f"{where}: operation must be a name such as apigateway:PutRestApi, or *")
    if not isinstance(fault.get("call"), int) or fault["call"] < 1:
        problems.append(f"{where}: call must be an integer of 1 or more")
    if fault.get("fault") not in KINDS:
        problems.append(f"{where}: fault must be one of {', '.join(KINDS)}")
    if fault.get("after") and fault.get("fault") not in ("cut", "halt"):
        problems.append(f"{where}: after is allowed with cut and halt only")
    if not _is_seconds(fault.get("seconds", 0.0)):
        problems.append(f"{where}: seconds must be a number")
    return problems


def _is_seconds(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0

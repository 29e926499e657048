# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Making the embedded AWS as slow, as strict and as unreliable as the real one: quotas, latency, faults on demand.

All off unless asked for, over HTTP at `/_local_aws/rehearsal` for the calls of all accounts, and at
`/_local_aws/rehearsal?account=123456789012` for those of one. A call meets what is asked for both:

    {"quotas": true,                  AWS's quotas of management calls (quotas.py)
     "latency": 0.05,                 seconds that each call takes longer
     "decoded_path_parameters": true, requests to APIs: see gateway/dialect.py
     "null_results": true,            the same
     "stale_reads": {"apigateway": 5, "iam": 5},  reads return what was there some seconds before
     "role_delay": 20,                API Gateway cannot assume a new role for some seconds
     "policy_delay": 20,              a changed inline policy of a role counts after some seconds
     "import_warnings": true,         imports have a harmless warning
     "ttl_interval": 0,               seconds between two changes of a table's time to live (3,600 as on AWS)
     "faults": [
       {"operation": "apigateway:PutRestApi", "call": 2, "fault": "error", "status": 500,
        "code": "InternalFailure", "message": "…"},
       {"operation": "*", "call": 5, "fault": "delay", "seconds": 3},
       {"operation": "dynamodb:CreateTable", "call": 1, "fault": "cut", "after": true},
       {"operation": "apigateway:*", "call": 7, "fault": "halt", "after": true}]}

`call` counts the calls of that operation from 1, from when the fault was asked for, in the order of their arrival.
`error` answers in the service's stead and `delay` waits before the call. `cut` closes the connection without an answer,
before the call is carried out or, with `after`, when it has been. `halt` does the same and leaves the connection open:
from then on no call of the account is carried out or answered until the rehearsal ends, which cuts what waits.
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
    """One fault; `seen` counts the calls that it has met, `struck` says that it came to pass."""

    operation: str
    call: int
    fault: str
    after: bool = False
    seconds: float = 0.0
    status: int = 500
    code: str = "InternalFailure"
    message: str = "A fault that was asked for"
    seen: int = 0
    struck: bool = False

    def meets(self, name: str) -> bool:
        """Count a call; whether it is the one."""
        if not fnmatch.fnmatchcase(name, self.operation):
            return False
        self.seen += 1
        return self.seen == self.call


@dataclass(frozen=True)
class Slowness:
    """How many seconds changes take to show: in reads of API Gateway and of IAM, of new roles, and of policies."""

    stale_apigateway: float = 0.0
    stale_iam: float = 0.0
    role_delay: float = 0.0
    policy_delay: float = 0.0

    @property
    def is_about_iam(self) -> bool:
        return bool(self.stale_iam or self.role_delay or self.policy_delay)


@dataclass
class Rehearsal:
    """What is asked for now, for all accounts or for one."""

    quotas: Quotas | None = None
    latency: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    dialect: Dialect = DEFAULT
    slowness: Slowness = Slowness()
    import_warnings: bool = False
    ttl_interval: float | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

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

    def ask(self, account_id: str | None, document: Any) -> None:
        """Take over what a document asks for, instead of all before. Raises `ValueError` that lists all mistakes."""
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
        """Ask for nothing more, and let go of the calls that a halt holds."""
        ended = self._of.pop(account_id, None)
        if ended:
            ended.over.set()

    def end_all(self) -> None:
        for account_id in list(self._of):
            self.end(account_id)

    def summary(self, account_id: str | None) -> Wire:
        return self._of.get(account_id, Rehearsal()).summary()

    def admit(self, operation: str, account_id: str, region: str, params: Wire) -> None:
        """Count a management call. Raises `TooManyRequestsError` where a quota that is asked for is used up."""
        for rehearsal in self._met_by(account_id):
            if rehearsal.quotas:
                rehearsal.quotas.admit(operation, account_id, region, params)

    async def begin(self, account_id: str, name: str) -> Fault | None:
        """Wait as long as is asked for; the fault that meets this call, if one does.

        A fault that is to come after the call strikes when the caller sets `struck`.
        """
        rehearsals = self._met_by(account_id)
        # Each fault counts the call, also where another one strikes it.
        met = [fault for rehearsal in rehearsals for fault in rehearsal.faults if fault.meets(name)]
        seconds = sum(rehearsal.latency for rehearsal in rehearsals) + sum(fault.seconds for fault in met)
        if seconds:
            await asyncio.sleep(seconds)
        for fault in met:
            fault.struck = not fault.after
        return next((fault for fault in met if fault.fault != "delay"), None)

    async def held(self, account_id: str) -> bool:
        """Whether a halt has struck the account's calls; returns only when it is over."""
        halted = [rehearsal for rehearsal in self._met_by(account_id) if rehearsal.halted]
        for rehearsal in halted:
            await rehearsal.over.wait()
        return bool(halted)

    def dialect(self, account_id: str) -> Dialect:
        """Return how API Gateway answers requests to the account's APIs."""
        asked = [rehearsal.dialect for rehearsal in self._met_by(account_id)]
        return Dialect(**{name: any(getattr(one, name) for one in asked) for name in DIALECT})

    def slowness(self, account_id: str) -> Slowness:
        """Return how slowly changes in the account show."""
        asked = [asdict(rehearsal.slowness) for rehearsal in self._met_by(account_id)]
        return Slowness(**{name: max(one[name] for one in asked) for name in asked[0]}) if asked else Slowness()

    def import_warnings(self, account_id: str) -> bool:
        """Return whether imports have a warning."""
        return any(rehearsal.import_warnings for rehearsal in self._met_by(account_id))

    def ttl_interval(self, account_id: str) -> float:
        """Return the seconds between two changes of a table's time to live; the account's own setting comes first."""
        asked = [rehearsal.ttl_interval for rehearsal in self._met_by(account_id)]
        return next((seconds for seconds in reversed(asked) if seconds is not None), TTL_INTERVAL)

    def _met_by(self, account_id: str) -> list[Rehearsal]:
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
    problems = [f"unknown member {name!r}" for name in document.keys() - known]
    problems += [f"{name} must be true or false" for name in FLAGS if not isinstance(document.get(name, False), bool)]
    wrong = [name for name in SECONDS if not _is_seconds(document.get(name, 0.0))]
    problems += [f"{name} must be a number of seconds" for name in wrong]
    stale = document.get("stale_reads", {})
    if not isinstance(stale, dict) or stale.keys() - {*STALE} or not all(map(_is_seconds, stale.values())):
        problems.append(f"stale_reads must be an object of seconds, with the members {' and '.join(STALE)}")
    faults = document.get("faults", [])
    if not isinstance(faults, list):
        return [*problems, "faults must be a list"]
    return [*problems, *(problem for number, fault in enumerate(faults) for problem in _fault_problems(number, fault))]


def _fault_problems(number: int, fault: Any) -> list[str]:
    where = f"faults[{number}]"
    if not isinstance(fault, dict):
        return [f"{where} must be an object"]
    known = {"operation", "call", "fault", "after", "seconds", "status", "code", "message"}
    problems = [f"{where}: unknown member {name!r}" for name in fault.keys() - known]
    if not isinstance(fault.get("operation"), str):
        problems.append(f"{where}: operation must name one, such as apigateway:PutRestApi, or be *")
    if not isinstance(fault.get("call"), int) or fault["call"] < 1:
        problems.append(f"{where}: call must be a number from 1")
    if fault.get("fault") not in KINDS:
        problems.append(f"{where}: fault must be one of {', '.join(KINDS)}")
    if fault.get("after") and fault.get("fault") not in ("cut", "halt"):
        problems.append(f"{where}: after is for cut and halt alone")
    if not _is_seconds(fault.get("seconds", 0.0)):
        problems.append(f"{where}: seconds must be a number")
    return problems


def _is_seconds(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0

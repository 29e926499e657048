# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Making the embedded AWS as slow, as strict and as unreliable as the real one: quotas, latency, faults on demand.

All off unless asked for, over HTTP at `/_local_aws/rehearsal`:

    {"quotas": true,                  AWS's quotas of management calls (quotas.py)
     "latency": 0.05,                 seconds that each call takes longer
     "faults": [
       {"operation": "apigateway:PutRestApi", "call": 2, "fault": "error", "status": 500,
        "code": "InternalFailure", "message": "…"},
       {"operation": "*", "call": 5, "fault": "delay", "seconds": 3},
       {"operation": "dynamodb:CreateTable", "call": 1, "fault": "cut", "after": true}]}

`call` counts the calls of that operation from 1, from when the fault was asked for. `error` answers in the service's
stead, `delay` waits before the call, `cut` closes the connection without an answer, before the call is carried out or,
with `after`, when it has been.
"""

from __future__ import annotations

import asyncio
import fnmatch
from dataclasses import dataclass, field
from typing import Any

from .model import Wire

KINDS = ("error", "delay", "cut")


@dataclass
class Fault:
    """One fault; `seen` counts the calls that it has met."""

    operation: str
    call: int
    fault: str
    after: bool = False
    seconds: float = 0.0
    status: int = 500
    code: str = "InternalFailure"
    message: str = "A fault that was asked for"
    seen: int = 0

    def strikes(self, name: str) -> bool:
        """Count a call; whether it is the one."""
        if not fnmatch.fnmatchcase(name, self.operation):
            return False
        self.seen += 1
        return self.seen == self.call


@dataclass
class Rehearsal:
    """What is asked for now."""

    quotas: bool = False
    latency: float = 0.0
    faults: list[Fault] = field(default_factory=list)

    def ask(self, document: Any) -> None:
        """Take over what a document asks for, instead of all before. Raises `ValueError` that lists all mistakes."""
        problems = list(_problems(document))
        if problems:
            raise ValueError("; ".join(problems))
        self.quotas = document.get("quotas", False)
        self.latency = float(document.get("latency", 0.0))
        self.faults = [Fault(**fault) for fault in document.get("faults", [])]

    def summary(self) -> Wire:
        faults = [vars(fault) for fault in self.faults]
        return {"quotas": self.quotas, "latency": self.latency, "faults": faults}

    async def begin(self, name: str) -> Fault | None:
        """Wait as long as is asked for; the fault that strikes this call, if one does."""
        if self.latency:
            await asyncio.sleep(self.latency)
        # Each fault counts the call, also where another one strikes it.
        struck = [fault for fault in self.faults if fault.strikes(name)]
        for fault in struck:
            await asyncio.sleep(fault.seconds)
        return next((fault for fault in struck if fault.fault != "delay"), None)


def _problems(document: Any) -> list[str]:
    if not isinstance(document, dict):
        return ["the document must be an object"]
    problems = [f"unknown member {name!r}" for name in document.keys() - {"quotas", "latency", "faults"}]
    if not isinstance(document.get("quotas", False), bool):
        problems.append("quotas must be true or false")
    if not _is_seconds(document.get("latency", 0.0)):
        problems.append("latency must be a number of seconds")
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
    if not _is_seconds(fault.get("seconds", 0.0)):
        problems.append(f"{where}: seconds must be a number")
    return problems


def _is_seconds(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0

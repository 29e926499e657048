# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a rehearsal does to calls that are under way at the same time."""

from __future__ import annotations

import asyncio

from local_apigateway.server.rehearsal import Rehearsals

ONE, OTHER = "111111111111", "222222222222"
HALT = {"faults": [{"operation": "dynamodb:CreateTable", "call": 1, "fault": "halt", "after": True}]}


def test_a_halt_holds_answers_that_were_on_their_way() -> None:
    async def calls() -> None:
        rehearsals = Rehearsals()
        rehearsals.start(ONE, HALT)
        assert await rehearsals.begin(ONE, "dynamodb:ListTables") is None
        halt = await rehearsals.begin(ONE, "dynamodb:CreateTable")
        assert halt
        assert not rehearsals.summary(ONE)["halted"]
        halt.struck = True
        answer = asyncio.create_task(rehearsals.held(ONE))
        await asyncio.sleep(0)
        assert not answer.done()
        assert not await rehearsals.held(OTHER)
        rehearsals.end(ONE)
        assert await answer
        assert not await rehearsals.held(ONE)

    asyncio.run(calls())


def test_a_rehearsal_that_replaces_a_halt_ends_it() -> None:
    async def calls() -> None:
        rehearsals = Rehearsals()
        rehearsals.start(None, HALT)
        halt = await rehearsals.begin(ONE, "dynamodb:CreateTable")
        assert halt
        halt.struck = True
        answer = asyncio.create_task(rehearsals.held(OTHER))
        await asyncio.sleep(0)
        rehearsals.start(None, {})
        assert await answer

    asyncio.run(calls())

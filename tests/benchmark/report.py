# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The results of a benchmark as Markdown tables, and as ratios that can be compared with other machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deployments import BARE, CHANGE, FIRST, FLOOR_CHANGE, FLOOR_FIRST, NOTHING, Deployment
from fleets import Fleet
from gateway import Compared
from parts import Parts
from timeline import Span

FLOORS = {FIRST: FLOOR_FIRST, CHANGE: FLOOR_CHANGE}
_LEAST_SPAN = 0.005

Ratios = dict[str, float]


@dataclass(frozen=True)
class Found:
    """All figures of one benchmark. Timelines are of runs with nothing to do, by the number of routes."""

    machine: Mapping[str, str]
    deployments: Sequence[Deployment]
    timelines: Mapping[str, Sequence[Span]]
    parts: Parts
    fleets: Sequence[Fleet]
    gateway: Sequence[Compared]
    gateway_memory: Sequence[float]


def ratios(found: Found) -> Ratios:
    """Return the figures that are comparable between machines, by name."""
    gateway = {f"gateway / DynamoDB, {row.connections} connections": _rate(row) for row in found.gateway}
    return {**_of_deployments(found.deployments), **_of_fleets(found.fleets), **gateway}


def _of_deployments(deployments: Sequence[Deployment]) -> Ratios:
    """Return the time of each run as a ratio to the minimum of its size; for the bare playbook also CPU time."""
    cost = {(row.routes, row.what): row.cost for row in deployments}
    rated = [row for row in deployments if row.what in (FIRST, NOTHING, CHANGE)]
    found: Ratios = {}
    for row in rated:
        name, bare = f"{row.what}, {_routes(row.routes)}", cost[row.routes, BARE]
        found[f"{name} / bare"] = row.cost.wall / bare.wall
        found[f"{name} / bare, CPU"] = row.cost.cpu / bare.cpu
        if row.what in FLOORS:
            found[f"{name} / floor"] = row.cost.wall / cost[row.routes, FLOORS[row.what]].wall
    return found


def _of_fleets(fleets: Sequence[Fleet]) -> Ratios:
    """Return the time of a fleet for each target, as a ratio to one target: less than 1 is better."""
    one = {row.what: row.cost.wall for row in fleets if row.targets == 1}
    return {
        f"{_called(row)} / one target, each": row.cost.wall / row.targets / one[row.what]
        for row in fleets
        if row.targets > 1
    }


def _called(row: Fleet) -> str:
    return f"{row.what}, {row.targets} targets in {_places(row)}, {row.forks} forks"


def _places(row: Fleet) -> str:
    return "one Region" if row.crowded else "ten Regions"


def _rate(row: Compared) -> float:
    return row.gateway.rate / row.dynamodb.rate


def as_text(found: Found) -> str:
    """Return all tables, with the ratios at the end."""
    machine = ", ".join(f"{name} {value}" for name, value in found.machine.items())
    parts = [machine, _deployments(found.deployments)]
    parts += [_timeline(size, spans) for size, spans in found.timelines.items()]
    parts += [_parts(found.parts), _fleets(found.fleets), _gateway(found.gateway), _memory(found.gateway_memory)]
    return "\n\n".join([*parts, _table(("ratio", ""), ([name, _x(ratio)] for name, ratio in ratios(found).items()))])


def _deployments(rows: Sequence[Deployment]) -> str:
    heads = ("routes", "run", "calls", "throttled", "wall s", "CPU s", "peak MB")
    return _table(heads, ((str(row.routes), row.what, *_counts(row), *_cost(row)) for row in rows))


def _timeline(size: str, spans: Sequence[Span]) -> str:
    """Return a table of spans in their order, without very short ones."""
    shown = [span for span in spans if span.seconds >= _LEAST_SPAN]
    head = (f"nothing to do, {_routes(int(size))}", "seconds")
    return _table(head, ([span.what, f"{span.seconds:.2f}"] for span in shown))


def _parts(found: Parts) -> str:
    return _table(
        ("in these spans, by itself", "ms"), ([what, f"{milliseconds:.0f}"] for what, milliseconds in found.items())
    )


def _fleets(rows: Sequence[Fleet]) -> str:
    heads = ("targets", "accounts", "in", "forks", "run", "calls", "throttled", "wall s", "CPU s", "peak MB")
    return _table(
        heads,
        (
            (*map(str, (row.targets, row.accounts)), _places(row), str(row.forks), row.what, *_counts(row), *_cost(row))
            for row in rows
        ),
    )


def _gateway(rows: Sequence[Compared]) -> str:
    heads = ("connections", "gateway, requests a second", "p50 ms", "p99 ms", "DynamoDB, requests a second", "p50 ms")
    return _table(
        heads,
        (
            (
                *(str(row.connections), f"{row.gateway.rate:.0f}", f"{row.gateway.p50:.2f}", f"{row.gateway.p99:.2f}"),
                *(f"{row.dynamodb.rate:.0f}", f"{row.dynamodb.p50:.2f}"),
            )
            for row in rows
        ),
    )


def _memory(sizes: Sequence[float]) -> str:
    return f"the gateway's memory under load, MB: {', '.join(f'{size:.1f}' for size in sizes)}"


def _counts(row: Deployment | Fleet) -> list[str]:
    return [str(row.calls.made), str(row.calls.throttled)]


def _cost(row: Deployment | Fleet) -> list[str]:
    return [f"{row.cost.wall:.2f}", f"{row.cost.cpu:.2f}", f"{row.cost.peak:.0f}"]


def compared(then: Mapping[str, float], now: Ratios) -> str:
    """Return a table of these ratios and those of an earlier benchmark, for figures that both have."""
    rows = [
        [name, _x(then[name]), _x(ratio), f"{(ratio / then[name] - 1) * 100:+.0f} %"]
        for name, ratio in now.items()
        if name in then
    ]
    return _table(("ratio", "then", "now", "difference"), rows)


def _routes(count: int) -> str:
    return "1 route" if count == 1 else f"{count} routes"


def _x(ratio: float) -> str:
    return f"{ratio:.2f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table with each column as wide as its widest cell."""
    cells = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)

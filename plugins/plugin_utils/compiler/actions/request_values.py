# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The parameters and the members of the body that values of a request come from."""

from __future__ import annotations

from .model import BodyMember, KeyValue, Parameter, ParsedRoute

JSON_TYPES = {"S": "string", "N": "number", "B": "string", "BOOL": "boolean", "date": "date"}
"""The types of members of the body, by the kind of their attribute."""

EXAMPLE_VALUES = {"S": "text", "N": "12.5", "B": "AP8=", "BOOL": "true", "date": "2026-01-31T12:00:00Z"}
"""Examples of parameters, by the kind of their attribute."""


def parameters_of(values: tuple[KeyValue, ...]) -> tuple[Parameter, ...]:
    """Return the parameters that the values come from."""
    return tuple(
        Parameter(
            value.source.kind,
            value.source.name,
            f"The value of {value.attribute.name}.",
            required=not value.optional,
            example=EXAMPLE_VALUES[value.attribute.kind],
        )
        for value in values
        if value.source.kind in ("path", "query", "header")
    )


def body_of(
    route: ParsedRoute, values: tuple[KeyValue, ...], others: tuple[BodyMember, ...] = ()
) -> tuple[BodyMember, ...]:
    """Return the members of the body that the values come from.

    `others` are further members of the body. Adds an error for a member that would need two types.
    """
    found = tuple(
        BodyMember(tuple(value.source.name.split(".")), JSON_TYPES[value.attribute.kind], required=not value.optional)
        for value in values
        if value.source.kind == "body"
    )
    for member in found:
        for other in (*others, *found):
            _reject_conflict(route, member, other)
    return found


def _reject_conflict(route: ParsedRoute, member: BodyMember, other: BodyMember) -> None:
    """Add an error if no body can have both members: they are one value of two types, or one contains the other."""
    name, within = ".".join(other.path), ".".join(member.path)
    if member.path == other.path and member.json_type != other.json_type and "any" not in (other.type, member.type):
        route.add_error(f"body.{name} would be {other.json_type} and {member.json_type}", "use two members of the body")
    if member.path != other.path and member.path[: len(other.path)] == other.path and other.json_type != "object":
        route.add_error(
            f"body.{name} cannot be both a value and an object with {within}", "use two members of the body"
        )

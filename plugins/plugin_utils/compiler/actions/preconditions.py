# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What writes expect of the stored item: whether it exists, and which version the caller has read."""

from __future__ import annotations

from typing import Any

from ..spec.entry import describe
from ..spec.sources import Source
from .model import Parameter, ParsedRoute

IF_MATCH = Source("header", "If-Match")
IF_NONE_MATCH = Source("header", "If-None-Match")

MISSING = {"404": "There is no such item."}
CONFLICT = {"409": "The item is not as the request expects it."}
NOT_SEEN = {"412": "The item is not in the version that the request names."}
PRECONDITION = {"412": "A condition failed, and the request has the header If-Match or If-None-Match."}
TOO_LARGE = {"413": "The item is too large."}


def parse_exists(route: ParsedRoute, default: str) -> str:
    """Return whether the item has to exist before the write: "must", "must_not" or "any". Option `exists`."""
    raw = route.entry.options.get("exists")
    if raw is None:
        return default
    if isinstance(raw, bool):
        return "must" if raw else "must_not"
    if raw == "any":
        return "any"
    route.add_error(f"exists is {describe(raw)}", "write true, false, or any")
    return default


def precondition_variables(route: ParsedRoute, exists: str) -> dict[str, Any]:
    """Return the template variables about the expected state of the item."""
    return {
        "must_exist": exists == "must",
        "create_only": exists == "must_not",
        "version": route.table.version,
        "if_match": IF_MATCH,
        "if_none_match": IF_NONE_MATCH,
    }


def precondition_parameters(route: ParsedRoute, *, creates: bool = False) -> tuple[Parameter, ...]:
    """Return the headers with a version, if the table has versions."""
    if not route.table.version:
        return ()
    parameters = [Parameter("header", "If-Match", "The ETag of the version to write over.", required=False)]
    if creates:
        text = "`*`: write only if the item is not there yet."
        parameters.append(Parameter("header", "If-None-Match", text, required=False))
    return tuple(parameters)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ImportApiKeys: API keys from a CSV file, and their usage plans.

AWS documents the format ("API Gateway API key file format"): a header with `Name` and `Key`, optionally `Description`,
`Enabled` and `UsagePlanIds`, in any case and order; other columns are ignored. A key whose value exists is overwritten.
The texts of AWS's errors and warnings are not recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Wire
from .account_resources import API_KEYS, USAGE_PLANS, resources, save
from .api_keys import check_description, check_name, check_value, key_by_value, new_key
from .errors import ApiError, BadRequestError
from .operations import Call, now, operation
from .usage_plan_keys import add_key
from .usage_plans import usage_plan_of

_FIELD = re.compile(r"""\s*("(?:[^"]|"")*"|'[^']*'|[^,]*?)\s*(?:,|$)""")


@operation("ImportApiKeys")
def import_api_keys(call: Call) -> Wire:
    """Import each row that is valid; the others are warnings. With `failOnWarnings`, a warning imports nothing."""
    before = _state(call)
    ids: list[str] = []
    warnings: list[str] = []
    for number, row in enumerate(list(_rows(call.params["body"])), 1):
        kept = _state(call)
        try:
            ids.append(_import_row(call, row))
        except ApiError as error:
            _restore(call, kept)
            warnings.append(f"Row {number}: {error.message}")
    if warnings and call.get("failOnWarnings"):
        _restore(call, before)
        raise BadRequestError(f"Warnings found during import: {'; '.join(warnings)}")
    return {"ids": ids, "warnings": warnings or None}


def _state(call: Call) -> dict[str, dict[str, Wire]]:
    return {kind: resources(call, kind) for kind in (API_KEYS, USAGE_PLANS)}


def _restore(call: Call, state: dict[str, dict[str, Wire]]) -> None:
    """Undo the changes since `_state`, which a change replaces and does not alter."""
    for kind, kept in state.items():
        if resources(call, kind) != kept:
            call.store.save_resources(call.account_id, call.region, kind, kept)


def _rows(body: bytes) -> Iterator[dict[str, str]]:
    try:
        lines = [line for line in body.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise BadRequestError("The file with API keys is not UTF-8") from None
    header = [name.lower() for name in _fields(lines[0])] if lines else []
    if not {"name", "key"} <= set(header):
        raise BadRequestError("The file with API keys must contain the columns Name and Key")
    for line in lines[1:]:
        yield dict(zip(header, _fields(line), strict=False))


def _fields(line: str) -> list[str]:
    """Return the fields of a line. They can be enclosed by double or single quotes (documented)."""
    fields = []
    for match in _FIELD.finditer(line):
        text = match[1]
        if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
            text = text[1:-1].replace('""', '"')
        fields.append(text)
        if match.end() == len(line) and not match[0].endswith(","):
            break
    return fields


def _plan_ids(row: dict[str, str]) -> list[str]:
    return [name.strip() for name in row.get("usageplanids", "").split(",") if name.strip()]


def _import_row(call: Call, row: dict[str, str]) -> str:
    """Import a key and add it to its plans. Raises `ApiError`, also when a part is saved already."""
    key: Wire = {
        "name": row.get("name", ""),
        "description": row.get("description", ""),
        "enabled": row.get("enabled", "").lower() in ("", "true"),
        "value": row.get("key", ""),
    }
    check_value(key["value"])
    check_name(key["name"])
    check_description(key["description"])
    known = key_by_value(call, key["value"])
    if known is None:
        key_id = str(new_key(call, key)["id"])
    else:
        key_id = known["id"]
        save(call, API_KEYS, {key_id: {**known, **key, "lastUpdatedDate": now()}})
    for plan_id in _plan_ids(row):
        plan = usage_plan_of(call, plan_id)
        if key_id not in plan["keyIds"]:
            add_key(call, plan, key_id)
    return key_id

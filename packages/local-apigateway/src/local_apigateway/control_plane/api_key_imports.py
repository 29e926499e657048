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
from .usage_plan_keys import add_key, check_addition
from .usage_plans import usage_plan_of

_FIELD = re.compile(r"""\s*("(?:[^"]|"")*"|'[^']*'|[^,]*?)\s*(?:,|$)""")


@operation("ImportApiKeys")
def import_api_keys(call: Call) -> Wire:
    """Import each row that is valid; the others are warnings. With `failOnWarnings`, a warning imports nothing."""
    rows = list(_rows(call.params["body"]))
    warnings = [text for number, row in enumerate(rows, 1) for text in _warnings(call, number, row)]
    if warnings and call.get("failOnWarnings"):
        raise BadRequestError(f"Warnings found during import: {'; '.join(warnings)}")
    kept = [row for number, row in enumerate(rows, 1) if not list(_warnings(call, number, row))]
    return {"ids": [_import_row(call, row) for row in kept], "warnings": warnings or None}


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


def _warnings(call: Call, number: int, row: dict[str, str]) -> Iterator[str]:
    try:
        check_value(row.get("key", ""))
        check_name(row.get("name", ""))
        check_description(row.get("description", ""))
        known = key_by_value(call, row["key"])
        for plan_id in _plan_ids(row):
            plan = usage_plan_of(call, plan_id)
            if known and known["id"] not in plan["keyIds"]:
                check_addition(call, plan, known["id"])
    except ApiError as error:
        yield f"Row {number}: {error.message}"


def _import_row(call: Call, row: dict[str, str]) -> str:
    key: Wire = {
        "name": row["name"],
        "description": row.get("description", ""),
        "enabled": row.get("enabled", "").lower() in ("", "true"),
        "value": row["key"],
    }
    known = key_by_value(call, row["key"])
    if known is None:
        key_id = str(new_key(call, key)["id"])
    else:
        key_id = known["id"]
        save(call, API_KEYS, {key_id: {**known, **key, "lastUpdatedDate": now()}})
    for plan_id in _plan_ids(row):
        plan = resources(call, USAGE_PLANS)[plan_id]
        if key_id not in plan["keyIds"]:
            add_key(call, plan, key_id)
    return key_id

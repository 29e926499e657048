# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The attribute that DynamoDB deletes items by is a date to callers and seconds in the table, exact both ways. What is
meant is computed here with Python's calendar."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api
from hypothesis import example, given
from hypothesis import strategies as st

from unit.compiler.engines import Engine, Request, map_request, map_response
from unit.compiler.specs import TEMPLATES, Json, orders, templates_of
from unit.compiler.test_request_templates import ANY_TEXT, refused
from unit.compiler.test_write_templates import JSON_VALUES, PROPERTY

LAST = 253402300799
"""The last second of the year 9999."""
SESSIONS: Json = {
    "name": "sessions",
    "hash_key": "user",
    "range_key": "id",
    "attributes": {"user": "S", "id": "S", "expires": "N", "data": "M", "uses": "N"},
    "indexes": [{"name": "by_expiry", "hash_key": "user", "range_key": "expires"}],
    "ttl_attribute": "expires",
}
ITEM = "/{user}/{id}"
DEFAULTED = {"defaults": {"expires": "2027-01-31T00:00:00Z"}}
SPEC = orders(
    {"route": f"GET {ITEM}", "action": "GetItem"},
    {"route": f"PUT {ITEM}", "action": "PutItem", **DEFAULTED},
    {"route": f"PATCH {ITEM}", "action": "UpdateItem"},
    {"route": f"DELETE {ITEM}", "action": "DeleteItem", "returns": "old"},
    {"route": "GET /all", "action": "Scan", "filter": {"expires": {"ge": "query.after", "optional": True}}},
    {"route": "GET /{user}", "action": "Query", "index": "by_expiry", "key": {"expires": {"gt": "query.after"}}},
    {
        "route": "GET /{user}/old",
        "action": "Query",
        "index": "by_expiry",
        "key": {"expires": {"lt": {"value": "2026-01-31T12:00:00Z"}}},
    },
    {
        "route": "POST /{user}/touch",
        "action": "PutItem",
        "key": {"id": "body.id"},
        "set": {"expires": "header.X-Until"},
    },
    {"route": "POST /some", "action": "BatchGetItem", "keys": "body.keys"},
    {"route": "POST /same", "action": "TransactGetItems", "keys": "body.keys"},
    {"route": "POST /write", "action": "BatchWriteItem"},
    {"route": "POST /together", "action": "TransactWriteItems"},
    {"route": "GET /sql", "action": "ExecuteStatement", "statement": 'SELECT * FROM "sessions"'},
    tables=[SESSIONS],
)
FILES = templates_of(SPEC)
KEY = {"user": {"S": "ann"}, "id": {"S": "1"}}
PATH = {"user": "ann", "id": "1"}
WRONG = "must be a date and time in UTC, such as 2026-01-31T12:00:00Z"


def date_of(seconds: int) -> str:
    """The seconds as a date; Python writes the year without leading zeros, but there is none below 1970."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)).isoformat() + "Z"


def seconds_of(text: Any) -> int | None:
    """The seconds of a date of the one form, or None."""
    try:
        found = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ") - datetime.datetime(1970, 1, 1)
    except (TypeError, ValueError):
        return None
    seconds = int(found.total_seconds())
    return seconds if seconds >= 0 and date_of(seconds) == text else None


def send(engine: Engine, name: str, body: Any = None, **parts: Any) -> Any:
    return map_request(engine, FILES[f"{name}.request.vtl"], Request(body=json.dumps(body), **parts))


INSTANTS = st.one_of(st.integers(0, LAST), st.integers(0, 4 * 10**9))
DATES = st.one_of(
    st.builds("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format, *[st.integers(0, n) for n in (9999, 13, 32, 25, 61, 61)]),
    st.builds("{}-02-29T00:00:00Z".format, st.integers(1900, 9999)),
    ANY_TEXT,
)


@PROPERTY
@given(seconds=INSTANTS)
@example(seconds=0)
@example(seconds=LAST)
@example(seconds=2**31 - 1)
@example(seconds=2**31)
@example(seconds=951782399)
@example(seconds=951782400)
@example(seconds=951868800)
@example(seconds=4107542400)
def test_a_date_is_its_seconds_both_ways(engine: Engine, seconds: int) -> None:
    sent = send(engine, "put_user_id", {"expires": date_of(seconds)}, path=PATH).json
    assert sent["Item"] == {**KEY, "expires": {"N": str(seconds)}}
    stored = {"Item": {**sent["Item"], "data": {"M": {"expires": {"N": "5"}}}, "uses": {"N": "5"}}}
    answer = map_response(engine, FILES["get_user_id.response.200.vtl"], stored).json
    assert answer == {**PATH, "expires": date_of(seconds), "data": {"expires": 5}, "uses": 5}


@PROPERTY
@given(text=st.one_of(DATES, JSON_VALUES))
@example(text="2026-02-29T00:00:00Z")
@example(text="1969-12-31T23:59:59Z")
@example(text="1900-02-29T00:00:00Z")
@example(text="2100-02-29T00:00:00Z")
@example(text="2000-02-29T23:59:59Z")
@example(text="2026-04-31T00:00:00Z")
@example(text="2026-01-31T24:00:00Z")
@example(text="2026-01-31T23:59:60Z")
@example(text="2026-01-31t00:00:00z")
@example(text="2026-01-31T00:00:00.000Z")
@example(text="2026-01-31T00:00:00+00:00")
@example(text="2026-01-31T00:00:00Z\n")
@example(text="２０２６-01-31T00:00:00Z")
@example(text=1769860800)
def test_what_is_no_date_is_refused_by_name(engine: Engine, text: Any) -> None:
    seconds = seconds_of(text)
    put, patch, write = (
        send(engine, "put_user_id", {"expires": text}, path=PATH),
        send(engine, "patch_user_id", {"expires": text}, path=PATH),
        send(engine, "post_write", {"put": [{**PATH, "expires": text}]}),
    )
    if seconds is None:
        assert refused(put) and refused(write)
        assert {put.override["refusal"], write.override["refusal"]} == {f"The attribute expires {WRONG}"}
        assert text is None or refused(patch)
        return
    typed = {"N": str(seconds)}
    assert put.json["Item"]["expires"] == typed
    assert patch.json["ExpressionAttributeValues"] == {":new_expires": typed}
    assert write.json["RequestItems"]["sessions"] == [{"PutRequest": {"Item": {**KEY, "expires": typed}}}]


@PROPERTY
@given(after=DATES)
@example(after="2026-01-31T12:00:00Z")
@example(after="")
def test_a_condition_takes_a_date_or_refuses(engine: Engine, after: str) -> None:
    query, scan = (
        send(engine, "get_user", path={"user": "ann"}, query={"after": after}),
        send(engine, "get_all", query={"after": after}),
    )
    sourced = send(engine, "post_user_touch", {"id": "1"}, path={"user": "ann"}, headers={"x-until": after})
    seconds = seconds_of(after)
    if seconds is None:
        assert refused(query) and refused(sourced)
        assert query.override["refusal"] == f"The query parameter after {WRONG}"
        assert "FilterExpression" not in scan.json if after == "" else refused(scan)
        return
    typed = {"N": str(seconds)}
    assert query.json["ExpressionAttributeValues"][":range_key"] == typed
    assert scan.json["ExpressionAttributeValues"] == {":filter_0": typed}
    assert sourced.json["Item"]["expires"] == typed


def test_literals_and_defaults_are_dates_in_the_spec(engine: Engine) -> None:
    sent = send(engine, "get_user_old", path={"user": "ann"}).json
    assert sent["ExpressionAttributeValues"][":range_key"] == {"N": "1769860800"}
    assert send(engine, "put_user_id", {}, path=PATH).json["Item"]["expires"] == {"N": "1801353600"}


def test_null_takes_the_date_away(engine: Engine) -> None:
    sent = send(engine, "patch_user_id", {"expires": None}, path=PATH).json
    assert sent["UpdateExpression"] == "REMOVE #new_expires"


@pytest.mark.parametrize("stored", ["1.5", "-1", "253402300800", "99999999999999999999", "0.00001"])
def test_a_number_that_is_no_such_date_comes_out_as_it_is_stored(engine: Engine, stored: str) -> None:
    body = {"Item": {**KEY, "expires": {"N": stored}}}
    assert f'"expires":{stored}' in map_response(engine, FILES["get_user_id.response.200.vtl"], body).text


def test_an_attribute_of_another_type_comes_out_as_it_is_stored(engine: Engine) -> None:
    for typed, plain in (({"S": "1769860800"}, "1769860800"), ({"L": [{"N": "0"}]}, [0]), ({"NS": ["0"]}, [0])):
        body = {"Item": {**KEY, "expires": typed}}
        answer = map_response(engine, FILES["get_user_id.response.200.vtl"], body).json
        assert answer["expires"] == plain


STORED = {**KEY, "expires": {"N": "86400"}, "data": {"M": {"expires": {"N": "86400"}}}}
SHOWN = {**PATH, "expires": "1970-01-02T00:00:00Z", "data": {"expires": 86400}}


@pytest.mark.parametrize(
    ("name", "body", "answer"),
    [
        ("patch_user_id", {"Attributes": STORED}, SHOWN),
        ("delete_user_id", {"Attributes": STORED}, SHOWN),
        ("get_all", {"Items": [STORED], "Count": 1}, {"items": [SHOWN], "count": 1}),
        ("get_user", {"Items": [STORED], "Count": 1}, {"items": [SHOWN], "count": 1}),
        ("get_sql", {"Items": [STORED]}, {"items": [SHOWN], "count": 1}),
        ("post_some", {"Responses": {"sessions": [STORED]}}, {"items": [SHOWN], "count": 1}),
        ("post_same", {"Responses": [{"Item": STORED}, {}]}, {"items": [SHOWN, None], "count": 1}),
        (
            "post_write",
            {"UnprocessedItems": {"sessions": [{"PutRequest": {"Item": STORED}}, {"DeleteRequest": {"Key": KEY}}]}},
            {"unprocessed": {"put": [SHOWN], "delete": [PATH]}},
        ),
    ],
)
def test_every_action_answers_a_date(engine: Engine, name: str, body: Json, answer: Json) -> None:
    assert map_response(engine, FILES[f"{name}.response.200.vtl"], body).json == answer


def test_each_item_of_a_transaction_has_its_own_date(engine: Engine) -> None:
    items = [{**PATH, "expires": date_of(at)} for at in (0, LAST)] + [PATH]
    sent = send(engine, "post_together", {"put": items}).json["TransactItems"]
    assert [one["Put"]["Item"].get("expires") for one in sent] == [{"N": "0"}, {"N": str(LAST)}, None]


def test_a_token_of_an_index_of_dates_keeps_the_seconds(engine: Engine) -> None:
    last = {**KEY, "expires": {"N": "86400"}}
    body = {"Items": [], "Count": 0, "LastEvaluatedKey": last}
    page = map_response(engine, FILES["get_user.response.200.vtl"], body).json
    sent = send(engine, "get_user", path={"user": "ann"}, query={"after": date_of(5), "next": page["next"]}).json
    assert sent["ExclusiveStartKey"] == last


def test_a_key_stays_the_number_that_it_is(engine: Engine) -> None:
    table = {**SESSIONS, "attributes": {**SESSIONS["attributes"], "id": "N"}, "ttl_attribute": "id"}
    files = templates_of(orders({"route": f"GET {ITEM}", "action": "GetItem"}, tables=[table]))
    sent = map_request(engine, files["get_user_id.request.vtl"], Request(path={"user": "ann", "id": "5"})).json
    assert sent["Key"]["id"] == {"N": "5"}
    answer = map_response(engine, files["get_user_id.response.200.vtl"], {"Item": sent["Key"]}).json
    assert answer == {"user": "ann", "id": 5}


def test_the_document_says_that_it_is_a_date() -> None:
    compiled = compile_api(SPEC, [TEMPLATES])
    assert compiled.warnings == ()
    schemas = compiled.definition["components"]["schemas"]
    assert schemas["SessionsItem"]["properties"]["expires"]["type"] == "string"
    put, patch = (schemas[f"{method}ByUserByIdBody"]["properties"]["expires"] for method in ("Put", "Patch"))
    assert put["pattern"] == patch["pattern"] == "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
    assert (put["type"], "type" in patch) == ("string", False)
    operation = compiled.definition["paths"][ITEM]["put"]
    assert operation["requestBody"]["content"]["application/json"]["example"]["expires"] == "2026-01-31T12:00:00Z"


def test_an_empty_ttl_attribute_is_none() -> None:
    schemas = compile_api(
        {**SPEC, "tables": [{**SESSIONS, "ttl_attribute": ""}], "routes": SPEC["routes"][:1]}, [TEMPLATES]
    )
    assert schemas.definition["components"]["schemas"]["SessionsItem"]["properties"]["expires"] == {"type": "number"}


PLACE = f'routes[0] "PUT {ITEM}": '
REMEDY = 'Write a date and time in UTC, in quotes: "2026-01-31T12:00:00Z".'


@pytest.mark.parametrize(
    ("words", "route", "expected"),
    [
        (
            {"ttl_attribute": "data"},
            {},
            "tables[0] \"sessions\": ttl_attribute 'data' has the type M. "
            "Use the type N: DynamoDB stores seconds since 1970.",
        ),
        (
            {"version_attribute": "expires"},
            {},
            "tables[0] \"sessions\": version_attribute and ttl_attribute are both 'expires'. "
            "Use another attribute for the version.",
        ),
        (
            {},
            {"set": {"expires": "context.requestTimeEpoch"}},
            PLACE + "set 'expires' comes from context.requestTimeEpoch, which is not a date. "
            "Read it from body.x, query.x or header.x.",
        ),
        ({}, {"set": {"expires": {"value": 5}}}, PLACE + f"set 'expires' is '5', which is not a date. {REMEDY}"),
        (
            {},
            {"defaults": {"expires": datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC)}},
            PLACE + "the default of 'expires' must be a date and time in UTC, such as 2026-01-31T12:00:00Z. " + REMEDY,
        ),
        (
            {},
            {"action": "UpdateItem", "counters": ["expires"]},
            PLACE + "the counter 'expires' is a date. Use an attribute of type N.",
        ),
    ],
)
def test_an_error_with_dates_is_reported(words: Json, route: Json, expected: str) -> None:
    routes = {"route": f"PUT {ITEM}", "action": "PutItem", **route}
    with pytest.raises(ValidationErrors) as caught:
        compile_api(orders(routes, tables=[{**SESSIONS, **words}]), [TEMPLATES])
    assert expected in map(str, caught.value.errors)


def test_an_unchecked_date_fails_where_the_generated_one_holds(engine: Engine) -> None:
    """The tests have teeth: without the check, what is no date is written as if it were one."""
    template = FILES["put_user_id.request.vtl"]
    start = template.index("!$printed.matches(", template.index('## "expires": N'))
    unchecked = template[:start] + '$printed == ""' + template[template.index('Z")', start) + 3 :]
    request = Request(path=PATH, body='{"expires": "2026-02-31T00:00:00Z"}')
    assert not refused(map_request(engine, unchecked, request))
    assert refused(map_request(engine, template, request))

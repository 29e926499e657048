# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a caller sends that DynamoDB cannot hold is the caller's error, never the API's."""

from __future__ import annotations

import pytest

from integration.compiler.deployed import Api, create_table, deploy
from local_apigateway.testing import LocalAws

TABLE = {
    "name": "hostile-bodies",
    "hash_key": "pk",
    "attributes": {"pk": "S", "text": "S", "map": "M", "list": "L", "tags": "SS", "n": "N"},
}
KEY = {"pk": "CUSTOMER#{path.pk}"}


@pytest.fixture(scope="module")
def api(local_aws: LocalAws) -> Api:
    create_table(local_aws, TABLE)
    routes = [
        {"route": "PUT /items/{pk}", "action": "PutItem", "key": KEY},
        {"route": "PATCH /items/{pk}", "action": "UpdateItem", "key": KEY, "exists": "any"},
        {"route": "GET /items/{pk}", "action": "GetItem", "key": KEY},
        {"route": "POST /items", "action": "BatchWriteItem"},
        {"route": "POST /find", "action": "GetItem", "key": {"pk": "body.pk"}},
    ]
    return deploy(local_aws, {"name": "hostile-bodies", "tables": [TABLE], "routes": routes})


def nested(opening: str, closing: str, levels: int) -> str:
    return opening * levels + "1" + closing * levels


HOSTILE = {
    **{f"{levels} lists": f'{{"list": {nested("[", "]", levels)}}}' for levels in (33, 50, 300, 1000, 20_000)},
    **{
        f"{levels} maps": f'{{"map": {nested("{" + chr(34) + "a" + chr(34) + ":", "}", levels)}}}'
        for levels in (33, 50, 1000)
    },
    "a lone surrogate in a text": '{"text": "\\ud800"}',
    "a lone surrogate in a list": '{"list": ["\\udfff"]}',
    "a lone surrogate in a set": '{"tags": ["\\ud800"]}',
    "a lone surrogate in a name": '{"map": {"\\ud800": 1}}',
    "a lone surrogate in an unknown name": '{"\\ud800": 1}',
    "a text of 4 MB": '{"text": "' + "x" * 4_000_000 + '"}',
    "a text of 4 MB that is escaped": '{"text": "' + "é" * 2_000_000 + '"}',
    "a number of many digits": '{"n": ' + "1" * 5000 + "}",
    "no JSON": '{"text": ',
    "no object": "[]",
    "null": "null",
}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_body_that_cannot_be_stored_is_the_callers_error(api: Api, method: str, name: str) -> None:
    answer = api.request(method, "/items/a", body=HOSTILE[name].encode())
    assert answer.status in (400, 413), answer
    assert list(answer.json) == ["message"]


@pytest.mark.parametrize("name", HOSTILE)
def test_in_a_list_of_items_too(api: Api, name: str) -> None:
    item = '{"pk": "a", ' + HOSTILE[name][1:] if HOSTILE[name].startswith("{") else HOSTILE[name]
    answer = api.request("POST", "/items", body=f'{{"put": [{item}]}}'.encode())
    assert answer.status in (400, 413), answer


@pytest.mark.parametrize("key", ["a%0Ab", "a%0D%0Ab", "%E2%80%A8", "%00", "%7F"])
def test_a_line_break_in_a_prefixed_key_is_a_key_like_others(api: Api, key: str) -> None:
    assert api.get(f"/items/{key}").status == 404
    assert api.request("PUT", f"/items/{key}", body={"text": "x"}).status == 204
    assert api.get(f"/items/{key}").json["text"] == "x"


@pytest.mark.parametrize("body", ['{"pk": "\\ud800"}', '{"pk": "a\\udfffb"}'])
def test_a_lone_surrogate_in_a_key_is_the_callers_error(api: Api, body: str) -> None:
    assert api.request("POST", "/find", body=body.encode()).status == 400

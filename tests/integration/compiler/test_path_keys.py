# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys with any characters, through the path: as API Gateway hands on path parameters encoded, and decoded."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from integration.compiler.deployed import DIALECTS, Answer, Api, create_table, deploy, rehearsed
from local_apigateway.testing import LocalAws

TABLE = {"name": "path-keys", "hash_key": "id", "range_key": "part", "attributes": {"id": "S", "part": "S"}}
KEYS = ["a b", "a:b", "a+b", "a%b", "ä/ö", "100%", "%41", "%2541", "%zz", "%25", "a%20+b", "😀", "%", "x"]


@pytest.fixture(scope="module")
def deployed(local_aws: LocalAws) -> Api:
    create_table(local_aws, TABLE)
    routes = [
        {"route": "PUT /things/{id}/{part}", "action": "PutItem"},
        {"route": "GET /things/{id}/{part}", "action": "GetItem"},
        {"route": "POST /things/{id}", "action": "PutItem", "key": {"part": "body.part"}},
        {"route": "PUT /$all,new/{id}/{part}", "action": "PutItem"},
        {"route": "GET /$all,new/{id}/{part}", "action": "GetItem"},
    ]
    return deploy(local_aws, {"name": "path-keys", "tables": [TABLE], "routes": routes})


@pytest.fixture(params=DIALECTS)
def api(request: pytest.FixtureRequest, local_aws: LocalAws, deployed: Api) -> Iterator[Api]:
    """The API on a local API Gateway that hands on path parameters in one way."""
    with rehearsed(local_aws, DIALECTS[request.param]):
        yield deployed


def _read(api: Api, path: str) -> Answer:
    return api.request("GET", path)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_in_the_path_is_stored_and_read_as_it_is(local_aws: LocalAws, api: Api, key: str) -> None:
    path = f"/things/{quote(key, safe='')}/{quote(key, safe='')}"
    assert api.request("PUT", path, body={}).status == 204
    stored = {"id": {"S": key}, "part": {"S": key}}
    items = local_aws.client("dynamodb")
    assert items.get_item(TableName=TABLE["name"], Key=stored).get("Item") == stored
    assert _read(api, path).json == {"id": key, "part": key}
    items.delete_item(TableName=TABLE["name"], Key=stored)


@pytest.mark.parametrize("key", KEYS)
def test_the_location_of_a_new_item_leads_to_it(local_aws: LocalAws, api: Api, key: str) -> None:
    made = api.request("POST", f"/things/{quote(key, safe='')}", body={"part": key})
    assert (made.status, made.json) == (201, {"id": key, "part": key})
    assert _read(api, api.path_of(made.headers["location"])).json == {"id": key, "part": key}
    stored = {"id": {"S": key}, "part": {"S": key}}
    local_aws.client("dynamodb").delete_item(TableName=TABLE["name"], Key=stored)


def test_a_path_part_has_a_dollar_sign_and_a_comma(deployed: Api) -> None:
    assert deployed.request("PUT", "/$all,new/a/b", body={}).status == 204
    assert deployed.get("/$all,new/a/b").json == {"id": "a", "part": "b"}

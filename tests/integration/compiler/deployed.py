# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deploy a spec on a local AWS with boto3 alone, and speak HTTP to it."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any, Protocol

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api

from unit.compiler.specs import TEMPLATES, Json

REGION = "eu-central-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


class Aws(Protocol):
    """What the fixture `local_aws` has."""

    def client(self, service: str) -> Any: ...

    def invoke_url(self, api_id: str, stage: str) -> str: ...


DEFAULT_ACCOUNT = "000000000000"
DIALECTS = {
    "the local gateway": {},
    "the other answers": {"decoded_path_parameters": True, "null_results": True},
}
"""Where nobody has shown how AWS answers, the templates work with both: as rehearsals, by a name for a test."""


@contextmanager
def rehearsed(local_aws: Any, rehearsal: Mapping[str, Any]) -> Iterator[None]:
    """Have the local API Gateway answer so for a while, for the APIs of the default account."""
    local_aws.rehearse(rehearsal, DEFAULT_ACCOUNT)
    try:
        yield
    finally:
        local_aws.rehearse(None, DEFAULT_ACCOUNT)


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its headers by lower-case name, and its body."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Api:
    """A deployed API and where it answers."""

    url: str

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Send one request. Each segment of the path is given as it is to stand in the URL, a body as data or bytes.

        Header names are sent as they are given. (urllib would write them with capitals.)
        """
        url = urllib.parse.urlsplit(self.url)
        target = url.path + path + (f"?{urllib.parse.urlencode(query)}" if query else "")
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name.lower() if name == "Content-Type" else name: value for name, value in (headers or {}).items()}
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection  # AWS answers HTTPS alone
        connection = kind(url.netloc, timeout=30)
        try:
            connection.request(method, target, data, {"content-type": "application/json", **sent} if data else sent)
            return _answer(connection.getresponse())
        finally:
            connection.close()

    def path_of(self, location: str) -> str:
        """Return the path below the stage of a Location header, which has to lead to this API from its own URL."""
        stage = urllib.parse.urlsplit(self.url).path
        assert location.startswith(stage), f"{location} is not below {stage}"
        return location.removeprefix(stage)

    def get(self, path: str, query: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Send a GET."""
        return self.request("GET", path, query=query, headers=headers)


def _answer(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, response.read().decode())


def deploy(aws: Aws, spec: Json, *, policy: Json | None = None) -> Api:
    """Make the execution role (with the compiled policy, unless another is given), import the document, deploy it.

    `stage_variables` beside the compiler's words are those of the stage.
    """
    variables = spec.get("stage_variables", {})
    spec = {word: value for word, value in spec.items() if word != "stage_variables"}
    compiled = compile_api(spec, [TEMPLATES])
    role = _role(aws, spec["name"], _filled(policy or compiled.policy))
    definition = _filled(compiled.definition)
    for operations in definition["paths"].values():
        for operation in operations.values():
            integration = operation["x-amazon-apigateway-integration"]
            if integration["type"] == "aws":
                integration["credentials"] = role
    client = aws.client("apigateway")
    api_id = client.import_rest_api(failOnWarnings=True, body=json.dumps(definition).encode())["id"]
    client.create_deployment(restApiId=api_id, stageName="test", variables=variables)
    return Api(aws.invoke_url(api_id, "test"))


def _filled(document: Json) -> Json:
    text = json.dumps(document)
    for name, value in {"Partition": "aws", "Region": REGION, "AccountId": "000000000000"}.items():
        text = text.replace(f"${{AWS::{name}}}", value)
    filled: Json = json.loads(text)
    return filled


def _role(aws: Aws, name: str, policy: Json) -> str:
    iam = aws.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
    return str(arn)


def create_table(aws: Aws, table: Json) -> None:
    """Make a table of a spec, with its indexes."""
    owners = (table, *table.get("indexes", ()), *_local_indexes(table))
    names = {key["AttributeName"] for owner in owners for key in _schema(owner)}
    aws.client("dynamodb").create_table(
        TableName=table["name"],
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema(table),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": table["attributes"][name]} for name in sorted(names)
        ],
        **_indexes(table),
    )


def _indexes(table: Json) -> Json:
    kinds = {"GlobalSecondaryIndexes": table.get("indexes", ()), "LocalSecondaryIndexes": _local_indexes(table)}
    return {
        kind: [
            {"IndexName": index["name"], "KeySchema": _schema(index), "Projection": {"ProjectionType": "ALL"}}
            for index in indexes
        ]
        for kind, indexes in kinds.items()
        if indexes
    }


def _local_indexes(table: Json) -> list[Json]:
    return [{**index, "hash_key": table["hash_key"]} for index in table.get("local_indexes", ())]


def _schema(owner: Json) -> list[Json]:
    keys = [{"AttributeName": owner["hash_key"], "KeyType": "HASH"}]
    if "range_key" in owner:
        keys.append({"AttributeName": owner["range_key"], "KeyType": "RANGE"})
    return keys

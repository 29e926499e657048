# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a test does with a running local AWS: deploy APIs, send requests, create clients and roles."""

from __future__ import annotations

import http.client
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partialmethod
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

REGION = "eu-central-1"
TIMEOUT_SECONDS = 60.0
"""Longer than the longest integration timeout of API Gateway, 29 s."""
_PATH_CHARACTERS = "/%:@!$&'()*+,;=~?"


@dataclass(frozen=True)
class Response:
    """The response of an API. `error` is the reason for a status of 400 or more, as the gateway logged it."""

    status: int
    headers: http.client.HTTPMessage = field(repr=False)
    body: bytes
    error: str | None = None

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        """Return the body as JSON. Raises `ValueError` for a body that is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Api:
    """A deployed stage of a REST API."""

    aws: LocalAws
    id: str
    stage: str

    @property
    def url(self) -> str:
        """The URL of the stage, without a slash at the end."""
        return self.aws.invoke_url(self.id, self.stage)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        body: bytes | str | None = None,
    ) -> Response:
        """Send a request. Redirects are not followed, and an error status raises nothing.

        `query` values can be lists. `json` is sent as the body with `Content-Type: application/json`.
        """
        target = f"/restapis/{self.id}/{self.stage}/_user_request_{quote(path, safe=_PATH_CHARACTERS)}"
        if query:
            target += ("&" if "?" in target else "?") + urlencode(query, doseq=True)
        sent_headers = dict(headers or {})
        if json is not None:
            body = _as_json(json)
            sent_headers = {"Content-Type": "application/json", **sent_headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.aws.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, target, body.encode() if isinstance(body, str) else body, sent_headers)
            received = connection.getresponse()
            error = self._error(received.headers["x-amzn-RequestId"]) if received.status >= 400 else None
            return Response(received.status, received.headers, received.read(), error)
        finally:
            connection.close()

    get = partialmethod(request, "GET")
    head = partialmethod(request, "HEAD")
    options = partialmethod(request, "OPTIONS")
    post = partialmethod(request, "POST")
    put = partialmethod(request, "PUT")
    patch = partialmethod(request, "PATCH")
    delete = partialmethod(request, "DELETE")

    def records(self, last: int = 20) -> list[dict[str, Any]]:
        """Return the records of the last requests, oldest first, as `local-apigateway requests` prints them."""
        records: list[dict[str, Any]] = self.aws.own_endpoint(f"requests?last={last}&api={self.id}")["requests"]
        return records

    def _error(self, request_id: str | None) -> str | None:
        return next((each["error"] for each in self.records() if each["requestId"] == request_id), None)


@dataclass(frozen=True)
class LocalAws:
    """A running local AWS at a port of 127.0.0.1."""

    port: int
    state_dir: Path

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def deploy(
        self,
        document: Mapping[str, Any] | str | Path,
        *,
        stage: str = "test",
        stage_variables: Mapping[str, str] | None = None,
    ) -> Api:
        """Import an OpenAPI document with API Gateway's extensions, and deploy it to a stage.

        `document` is a mapping, or the path of a JSON or YAML file. Raises botocore's `ClientError` for a document
        that API Gateway rejects.
        """
        body = _as_json(document) if isinstance(document, Mapping) else Path(document).read_bytes()
        apigateway = self.client("apigateway")
        api_id = apigateway.import_rest_api(body=body)["id"]
        apigateway.create_deployment(restApiId=api_id, stageName=stage, variables=dict(stage_variables or {}))
        return Api(self, api_id, stage)

    def create_execution_role(self, name: str, *statements: Mapping[str, Any]) -> str:
        """Create a role that API Gateway can assume, with the statements of its policy. Return its ARN.

        `statements` have the shape of an IAM policy: `{"Effect": "Allow", "Action": …, "Resource": …}`.
        """
        iam = self.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=_policy(*statements))
        return str(role["Arn"])

    def client(self, service: str, region: str = REGION, access_key: str = "test", **options: Any) -> Any:
        """Return a boto3 client without retries. An `access_key` of 12 digits selects the account with this ID."""
        from botocore.config import Config

        options = {"aws_secret_access_key": "test", "config": Config(retries={"max_attempts": 0}), **options}
        return self._session.client(
            service, region_name=region, endpoint_url=self.endpoint_url, aws_access_key_id=access_key, **options
        )

    @cached_property
    def _session(self) -> Any:
        import boto3

        # One session for all clients, because each session reads the service models again.
        return boto3.Session()

    def rehearse(self, rehearsal: Mapping[str, Any] | None, account_id: str = "") -> None:
        """Start a rehearsal of quotas, delays or faults for one account or for all accounts. None ends it."""
        path = f"rehearsal?account={account_id}" if account_id else "rehearsal"
        if rehearsal is None:
            self.own_endpoint(path, "DELETE")
        else:
            self.own_endpoint(path, "PUT", rehearsal)

    def own_endpoint(self, path: str, method: str = "GET", document: Any = None) -> Any:
        """Send a request below `/_local_aws/`. Return the response as JSON, or None for an empty response."""
        body = None if document is None else _as_json(document)
        request = urllib.request.Request(f"{self.endpoint_url}/_local_aws/{path}", body, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
            text = response.read()
        return json.loads(text) if text else None

    def invoke_url(self, api_id: str, stage: str) -> str:
        """Return the URL of a stage, without a slash at the end."""
        return f"{self.endpoint_url}/restapis/{api_id}/{stage}/_user_request_"


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _as_json(document: Any) -> bytes:
    return json.dumps(document).encode()

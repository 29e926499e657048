# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was acknowledged is there after a stop, and after processes were killed at any moment."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest

from integration.own_server import TRUST, OwnServer, table, wait_for_end

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}
KILLED = ("server", "ministack", "both")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    server = OwnServer(tmp_path / "state")
    server.start()
    yield server
    server.stop()


def _kill(server: OwnServer, which: str) -> None:
    """Kill, and see that the local AWS answers again."""
    server_pid, ministack_pid = server.processes()
    if which == "ministack":
        # The server is there, and starts it again.
        server.kill(ministack_pid)
        return
    server.kill(*{"server": (server_pid,), "both": (ministack_pid, server_pid)}[which])
    wait_for_end(ministack_pid)
    server.start()


def _things(server: OwnServer) -> dict[str, Any]:
    """Something in each service that deployments use, with what AWS made up for it."""
    dynamodb, iam, apigateway = (server.client(name) for name in ("dynamodb", "iam", "apigateway"))
    table(dynamodb, "kept")
    dynamodb.put_item(TableName="kept", Item={"id": {"S": "a"}, "n": {"N": "1"}})
    add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    for _i in range(3):
        dynamodb.update_item(TableName="kept", Key={"id": {"S": "a"}}, **add)
    dynamodb.put_item(TableName="kept", Item={"id": {"S": "gone"}})
    dynamodb.delete_item(TableName="kept", Key={"id": {"S": "gone"}})
    role = iam.create_role(RoleName="kept", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    iam.put_role_policy(RoleName="kept", PolicyName="p", PolicyDocument=json.dumps(POLICY))
    server.client("s3").create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    server.client("s3").put_object(Bucket="kept", Key="a/b", Body=b"\x00\xff" * 1000)
    queue = server.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
    message = server.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    api = apigateway.create_rest_api(name="kept", tags={"a": "b"})
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    apigateway.put_method(**method, authorizationType="NONE")
    apigateway.put_integration(**method, type="MOCK")
    deployment = apigateway.create_deployment(restApiId=api["id"], stageName="dev")
    session = server.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="kept")["Credentials"]
    return {
        "role": role["RoleId"],
        "message": message["MessageId"],
        "api": api["id"],
        "deployment": deployment["id"],
        "session": session,
    }


def _assert_kept(server: OwnServer, made: dict[str, Any]) -> None:
    dynamodb, iam, apigateway, sqs = (server.client(name) for name in ("dynamodb", "iam", "apigateway", "sqs"))
    assert dynamodb.scan(TableName="kept")["Items"] == [{"id": {"S": "a"}, "n": {"N": "4"}}]
    assert iam.get_role(RoleName="kept")["Role"]["RoleId"] == made["role"]
    assert iam.list_role_policies(RoleName="kept")["PolicyNames"] == ["p"]
    assert server.client("s3").get_object(Bucket="kept", Key="a/b")["Body"].read() == b"\x00\xff" * 1000
    queue = sqs.get_queue_url(QueueName="kept")["QueueUrl"]
    received = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)["Messages"]
    assert [message["MessageId"] for message in received] == [made["message"]]
    assert apigateway.get_stage(restApiId=made["api"], stageName="dev")["deploymentId"] == made["deployment"]
    assert apigateway.get_rest_api(restApiId=made["api"])["tags"] == {"a": "b"}
    session = made["session"]
    keys = {"aws_secret_access_key": session["SecretAccessKey"], "aws_session_token": session["SessionToken"]}
    identity = server.client("sts", session["AccessKeyId"], **keys).get_caller_identity()
    assert identity["Arn"].endswith("assumed-role/kept/kept")


@pytest.mark.parametrize("which", KILLED)
def test_kill_at_rest(server: OwnServer, which: str) -> None:
    made = _things(server)
    _kill(server, which)
    _assert_kept(server, made)
    _kill(server, which)
    _assert_kept(server, made)


def test_stop_and_start(server: OwnServer) -> None:
    made = _things(server)
    assert server.stop()
    server.start()
    _assert_kept(server, made)


class Writers:
    """Threads that write until they are cut off, and what they were told was written."""

    def __init__(self, server: OwnServer) -> None:
        self.counts = dict.fromkeys(("a", "b", "c"), 0)
        self.tables: list[str] = []
        self._server = server
        self._threads = [threading.Thread(target=self._until_cut, args=(self._add(key),)) for key in self.counts]
        self._threads.append(threading.Thread(target=self._until_cut, args=(self._make_tables(),)))
        for thread in self._threads:
            thread.start()

    def wait_for_some(self) -> None:
        deadline = time.monotonic() + 60
        while sum(self.counts.values()) < 100 or len(self.tables) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(60)

    def _until_cut(self, writes: Iterator[None]) -> None:
        try:
            for _unused in writes:
                pass
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
            return

    def _add(self, key: str) -> Iterator[None]:
        client = self._server.client("dynamodb")
        one = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        while True:
            client.update_item(TableName="busy", Key={"id": {"S": key}}, **one)
            self.counts[key] += 1
            yield

    def _make_tables(self) -> Iterator[None]:
        client = self._server.client("dynamodb")
        while True:
            table(client, f"table{len(self.tables)}")
            self.tables.append(f"table{len(self.tables)}")
            yield


@pytest.mark.parametrize("which", KILLED)
def test_kill_amid_writes(server: OwnServer, which: str) -> None:
    """Each write that was answered is there, and none is there twice."""
    table(server.client("dynamodb"), "busy")
    writers = Writers(server)
    writers.wait_for_some()
    server_pid, ministack_pid = server.processes()
    # When MiniStack alone dies, writers wait until it is there again: the server's end cuts them off.
    at_once = {"server": (server_pid,), "ministack": (ministack_pid,), "both": (ministack_pid, server_pid)}
    server.kill(*at_once[which])
    if which == "ministack":
        server.kill(server_pid)
    writers.join()
    server.start()
    client = server.client("dynamodb")
    for key, count in writers.counts.items():
        stored = int(client.get_item(TableName="busy", Key={"id": {"S": key}})["Item"]["n"]["N"])
        # One write may have been done whose answer was lost.
        assert count <= stored <= count + 1
    assert set(writers.tables) <= set(client.list_tables()["TableNames"])


def test_a_deletion_is_kept(server: OwnServer) -> None:
    apigateway = server.client("apigateway")
    api_id = apigateway.create_rest_api(name="a")["id"]
    apigateway.delete_rest_api(restApiId=api_id)
    table(server.client("dynamodb"), "gone")
    server.client("dynamodb").delete_table(TableName="gone")
    _kill(server, "both")
    assert server.client("apigateway").get_rest_apis()["items"] == []
    assert server.client("dynamodb").list_tables()["TableNames"] == []


def test_a_large_redo_log_is_folded_in(server: OwnServer) -> None:
    """Past its bound the log becomes part of the table's file, and nothing is lost on the way."""
    client = server.client("dynamodb")
    table(client, "large")
    for number in range(60):
        client.put_item(TableName="large", Item={"id": {"S": str(number)}, "text": {"S": "x" * 100_000}})
    logs = list((server.state_dir / "ministack" / "state").glob("dynamodb.*.log"))
    assert sum(path.stat().st_size for path in logs) < 60 * 100_000
    _kill(server, "both")
    pages = server.client("dynamodb").get_paginator("scan").paginate(TableName="large", Select="COUNT")
    assert sum(page["Count"] for page in pages) == 60

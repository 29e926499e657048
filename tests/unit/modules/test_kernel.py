# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The kernel that the resources share: plans, text for diffs, words for the target, the URL of a stage."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine import plan as engine_plan
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.diff_text import as_text
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.invoke_url import invoke_url
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import (
    Check,
    Ref,
    Step,
    Wait,
    calls,
    execute,
    wait_until_removed,
    wait_until_shown,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.pseudo_parameters import fill
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
)


class Scripted:
    """A client whose calls answer from a list: a fault of AWS cannot be produced otherwise."""

    def __init__(self, *answers: Any, region: str = "eu-central-1", partition: str = "aws", url: str = "") -> None:
        self.answers = list(answers)
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.meta = SimpleNamespace(region_name=region, partition=partition, endpoint_url=url)

    def __getattr__(self, name: str) -> Any:
        def call(**params: Any) -> Any:
            self.seen.append((name, params))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def error(code: str, status: int = 400, message: str = "said AWS", retry_after: str | None = None) -> ClientError:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    answered = {"HTTPStatusCode": status, "HTTPHeaders": headers}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": answered}, "Operation")


def aws(client: Scripted) -> Aws:
    return Aws(lambda service: client, pause=lambda seconds: None)


def pauses(*answers: Any, retry_seconds: float = 300.0) -> list[float]:
    """The seconds that a call waits where it is answered so."""
    waited: list[float] = []
    Aws(lambda service: Scripted(*answers), waited.append, retry_seconds).call("apigateway", "PutRestApi")
    return waited


@pytest.mark.parametrize(
    "passing",
    [
        error("TooManyRequestsException", 429),
        error("ThrottlingException"),
        error(
            "ConflictException", 409, "Unable to complete operation due to concurrent modification. Please try again"
        ),
        error("InternalFailure", 500),
        error("RequestTimeoutException"),
        error("SlowDown", 503),
        EndpointConnectionError(endpoint_url="https://apigateway.eu-central-1.amazonaws.com"),
        ConnectTimeoutError(endpoint_url="https://apigateway.eu-central-1.amazonaws.com"),
        ProxyConnectionError(proxy_url="http://proxy.example"),
        ConnectionClosedError(endpoint_url="https://apigateway.eu-central-1.amazonaws.com"),
        ReadTimeoutError(endpoint_url="https://apigateway.eu-central-1.amazonaws.com"),
    ],
    ids=str,
)
def test_a_call_that_aws_asks_to_repeat_is_repeated(passing: Exception) -> None:
    client = Scripted(passing, passing, {"id": "1"})
    assert aws(client).call("apigateway", "PutRestApi", {"restApiId": "x"}) == {"id": "1"}
    assert len(client.seen) == 3


@pytest.mark.parametrize(
    ("operation", "final"),
    [
        ("PutRestApi", error("BadRequestException")),
        (
            "CreateResource",
            error("ConflictException", 409, "Another resource with the same parent already has this name"),
        ),
        ("ImportRestApi", error("InternalFailure", 500)),
        ("PutRestApi", error("LimitExceededException", 429, "Maximum number of Resources has been reached")),
    ],
)
def test_a_call_that_cannot_succeed_is_made_once_and_named(operation: str, final: ClientError) -> None:
    client = Scripted(final)
    with pytest.raises(AwsError, match=f"apigateway:{operation}: {final.response['Error']['Code']}: ") as raised:
        aws(client).call("apigateway", operation)
    assert raised.value.code == final.response["Error"]["Code"]
    assert len(client.seen) == 1


def test_many_tables_at_once_are_waited_for() -> None:
    """The same code is final for API Gateway, where it stands for a quota."""
    busy = error("LimitExceededException", message="Only 500 tables can be created, updated, or deleted simultaneously")
    client = Scripted(busy, busy, {})
    assert aws(client).call("dynamodb", "CreateTable") == {}
    with pytest.raises(AwsError, match="simultaneously"):
        aws(Scripted(busy)).call("apigateway", "CreateStage")


@pytest.mark.parametrize("operation", ["CreateRestApi", "ImportRestApi", "CreateStage", "UpdateTable", "CreateTable"])
def test_a_call_whose_response_was_lost_is_not_repeated_where_twice_is_not_once(operation: str) -> None:
    client = Scripted(ConnectionClosedError(endpoint_url="https://aws.example"))
    with pytest.raises(AwsError, match=operation):
        aws(client).call("apigateway", operation)
    assert len(client.seen) == 1


def test_a_server_that_cannot_be_reached_is_given_up_soon() -> None:
    client = Scripted(*[EndpointConnectionError(endpoint_url="https://wrong.example")] * 9)
    with pytest.raises(AwsError, match="Could not connect"):
        aws(client).call("apigateway", "GetRestApis")
    assert len(client.seen) == 4


def test_a_step_waits_for_what_the_plan_has_just_created() -> None:
    unseen = error("NoSuchEntity", 404)
    step = Step("iam", "PutRolePolicy", {"RoleName": "r"}, not_yet_if="NoSuchEntity")
    client = Scripted(unseen, unseen, {})
    execute(aws(client), [step])
    assert len(client.seen) == 3
    with pytest.raises(AwsError, match="NoSuchEntity"):
        execute(aws(Scripted(unseen)), [replace(step, not_yet_if="")])


@pytest.mark.parametrize(
    "refusal",
    [
        error("TooManyRequestsException", 429, retry_after="7"),
        error("ServiceUnavailableException", 503, retry_after="7"),
    ],
    ids=["429", "503"],
)
def test_a_refused_call_waits_for_as_long_as_aws_asks_for(refusal: ClientError) -> None:
    """Each time; and runs that are told the same do not come back at the same moment."""
    waited = pauses(*[refusal] * 20, {})
    assert len(waited) == len(set(waited)) == 20
    assert all(7 <= seconds <= 7.5 for seconds in waited)


@pytest.mark.parametrize("said", [None, "", "0", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_where_aws_does_not_say_how_long_the_pauses_grow(said: str | None) -> None:
    refusal = error("TooManyRequestsException", 429, retry_after=said)
    waited = [pauses(*[refusal] * 8, {}) for _run in range(50)]
    bounds = [1, 2, 4, 8, 16, 20, 20, 20]
    for attempt, bound in enumerate(bounds):
        drawn = [run[attempt] for run in waited]
        assert bound / 2 < max(drawn) <= bound


def test_a_wait_ends_with_the_time_that_a_user_gives() -> None:
    refusal = error("TooManyRequestsException", 429, retry_after="30")
    (seconds,) = pauses(refusal, {}, retry_seconds=4)
    assert 0 < seconds <= 4


def test_a_long_wait_is_reported() -> None:
    """With the quota that is behind it, where that is reached in normal use; a short one is not."""
    shown: list[str] = []
    refusal = error("TooManyRequestsException", 429, retry_after="30")
    for operation, answers in (("DeleteRestApi", [refusal, {}]), ("PutRestApi", [error("ThrottlingException"), {}])):
        scripted = Scripted(*answers)
        Aws(lambda service, client=scripted: client, lambda seconds: None, report=shown.append).call(  # type: ignore[misc]
            "apigateway", operation
        )
    (line,) = shown
    assert line.startswith("apigateway:DeleteRestApi: AWS deletes one REST API every 30 seconds")
    assert "Waiting 30 s, for at most 300 s in all." in line


def test_a_plan_hands_ids_on_and_names_its_calls() -> None:
    client = Scripted({"id": "api1"}, {}, {"status": "no"}, {"status": "yes"})
    plan = [
        Step("apigateway", "ImportRestApi", {"body": "{}"}, gives={"api_id": "id"}),
        Step("apigateway", "TagResource", {"resourceArn": Ref("api_id", "arn:{}"), "list": [{"id": Ref("api_id")}]}),
        Wait("dynamodb", "DescribeTable", {"TableName": "t"}, ready=lambda answer: answer["status"] == "yes", what="t"),
    ]
    assert calls(plan) == ["apigateway:ImportRestApi", "apigateway:TagResource"]
    assert execute(aws(client), plan) == {"api_id": "api1"}
    assert client.seen[1] == ("tag_resource", {"resourceArn": "arn:api1", "list": [{"id": "api1"}]})
    assert len(client.seen) == 4


@pytest.mark.parametrize("shows_after", [0, 2, 100], ids=["at-once", "late", "never"])
def test_a_run_waits_until_reads_show_what_it_wrote(monkeypatch: pytest.MonkeyPatch, shows_after: int) -> None:
    """It reports the wait, and does not fail where the wait is in vain: its work is done."""
    now = itertools.count(0.0, 3.0)
    monkeypatch.setattr(engine_plan, "time", SimpleNamespace(monotonic=lambda: next(now)))
    client = Scripted({"stageName": "prod"}, *[{"is": "old"}] * shows_after, {"is": "new"})
    step = Step(
        "apigateway",
        "UpdateStage",
        {"stageName": "prod"},
        shown=lambda written: wait_until_shown(
            "apigateway", "GetStage", written, lambda found: found["is"] == "new", "the stage", absent="NotFound"
        ),
    )
    shown: list[str] = []
    execute(Aws(lambda service: client, lambda seconds: None, report=shown.append), [step])
    assert client.seen[1] == ("get_stage", {"stageName": "prod"})
    begun = "Waiting for reads to show the stage as this run left it, for at most 15 s."
    ended = "Waited 18 seconds for reads to show the stage as this run left it. Wait a while before you run again."
    assert shown == {0: [], 2: [begun], 100: [begun, ended]}[shows_after]


def test_a_run_does_not_fail_where_what_it_wrote_cannot_be_read() -> None:
    step = Step("iam", "DeleteRole", {"RoleName": "r"})
    wait = wait_until_removed("iam", "GetRole", {"RoleName": "r"}, "the role", absent="NoSuchEntity")
    execute(aws(Scripted({}, error("AccessDenied", 403))), [step, wait])
    with pytest.raises(AwsError, match="AccessDenied"):
        execute(aws(Scripted({}, error("AccessDenied", 403))), [step, replace(wait, is_required=True)])


def test_a_wait_that_is_required_fails_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = itertools.count(0.0, 10.0)
    monkeypatch.setattr(engine_plan, "time", SimpleNamespace(monotonic=lambda: next(now)))
    client, shown = Scripted(*[{}] * 100), list[str]()
    wait = Wait("dynamodb", "DescribeTable", {"TableName": "t"}, ready=bool, what="table t", timeout=75)
    with pytest.raises(AwsError, match=r"Waited 75 seconds for table t\. Run again to continue"):
        execute(Aws(lambda service: client, lambda seconds: None, report=shown.append), [wait])
    assert [line.rpartition(" at most ")[2] for line in shown] == ["65 s.", "35 s.", "5 s."]


def test_what_is_done_while_a_question_is_asked_is_undone_where_the_answer_is_bad() -> None:
    make = Step("apigateway", "CreateStage", {"stageName": "prod"}, gives={"made": "stageName"})
    undo = Step("apigateway", "DeleteStage", {"stageName": Ref("made")})
    for wrong, done in (["not mine"], ["create_stage", "delete_stage"]), ([], ["create_stage"]):
        client = Scripted({"stageName": "prod"}, {})
        plan = [Check(lambda _aws, _given, wrong=wrong: wrong, "somebody", "gone again", [make], [undo])]
        assert calls(plan) == ["apigateway:CreateStage"]
        with pytest.raises(AwsError, match="somebody\n- not mine\ngone again") if wrong else nullcontext():
            execute(aws(client), plan)
        assert [name for name, _params in client.seen] == done


def test_what_somebody_else_deleted_first_is_done() -> None:
    step = Step("apigateway", "DeleteStage", {}, done_if=["NotFoundException"])
    assert execute(aws(Scripted(error("NotFoundException", 404))), [step]) == {}
    with pytest.raises(AwsError):
        execute(aws(Scripted(error("BadRequestException"))), [step])


def test_the_words_of_a_document_are_the_targets() -> None:
    client = Scripted({"Account": "123456789012"}, region="cn-north-1", partition="aws-cn")
    document = {"a": ["arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}"], "${AWS::Region}": 1, "b": "$x ${y}"}
    assert fill(document, aws(client)) == {
        "a": ["arn:aws-cn:x:cn-north-1:123456789012"],
        "cn-north-1": 1,
        "b": "$x ${y}",
    }


def test_a_word_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(AwsError, match=r"\$\{AWS::StackName\} is unknown; .*\$\{AWS::Region\}"):
        fill("${AWS::StackName}", aws(Scripted()))


@pytest.mark.parametrize(
    ("endpoint", "region", "url"),
    [
        ("https://apigateway.eu-central-1.amazonaws.com", "eu-central-1", "https://id.execute-api.eu-central-1.amazonaws.com/prod"),
        ("https://apigateway.cn-north-1.amazonaws.com.cn", "cn-north-1", "https://id.execute-api.cn-north-1.amazonaws.com.cn/prod"),
        ("https://apigateway.eu-central-1.api.aws", "eu-central-1", "https://id.execute-api.eu-central-1.amazonaws.com/prod"),
        ("https://apigateway-fips.us-east-1.amazonaws.com", "us-east-1", "https://id.execute-api.us-east-1.amazonaws.com/prod"),
        ("https://vpce-1.apigateway.eu-west-1.vpce.amazonaws.com", "eu-west-1", "https://id.execute-api.eu-west-1.amazonaws.com/prod"),
        ("http://127.0.0.1:4566", "eu-central-1", "http://127.0.0.1:4566/restapis/id/prod/_user_request_"),
    ],
)  # fmt: skip
def test_the_url_of_a_stage(endpoint: str, region: str, url: str) -> None:
    assert invoke_url(aws(Scripted(region=region, url=endpoint)), "id", "prod") == url


def test_text_for_a_diff_shows_templates_as_they_stand() -> None:
    assert as_text({"b": [1, {"x": True}], "a": "one\n  two", "c": {}, "d": None}) == (
        "a: |\n  one\n    two\nb:\n  - 1\n  -\n    x: true\nc: {}\nd: null\n"
    )
    assert as_text(None) == ""

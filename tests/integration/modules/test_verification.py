# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""test_invoke and verify against an API that first returns the expected responses, and is then broken in every way."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations import of_draft as _test_invoke
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations import over_http as _verify
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.expectation import read_expectations
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.send import Patience, send_all
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from convergence import Account
from integration.modules.serving import RED, ROUTES, Api, serve

ONCE = Patience(attempts=1)
OPTIONS = {"attempts": 1, "delay": 0.0, "timeout": 30.0, "validate_certs": True, "ca_path": None}
WRONG = '{"TableName": "things", "Key": {"name": {"S": "a"}}}'
"""A request template, as somebody could have written it in the console."""


@pytest.fixture
def api(account: Account) -> Api:
    return serve(account)


def draft_failures(api: Api, requests: list[dict[str, Any]] | None = None, **how: Any) -> list[str]:
    aws = Aws(api.account.make_client, how.pop("pause", lambda _seconds: None))
    return _test_invoke.failures_of_draft(aws, api.id, requests or api.expectations, **{"patience": ONCE, **how})


def stage_failures(api: Api, requests: list[dict[str, Any]] | None = None) -> list[str]:
    return _verify.failures_of_stage(api.url, requests or api.expectations, ONCE)


def items(api: Api) -> list[dict[str, Any]]:
    return list(api.account.make_client("dynamodb").scan(TableName="things")["Items"])


def test_draft_and_stage_answer_as_expected(api: Api) -> None:
    assert items(api) == []
    assert draft_failures(api) == []
    assert items(api) == [{"id": {"S": "a"}, "colour": {"S": "red"}, "size": {"N": "1"}}]
    assert stage_failures(api) == []


def test_any_text_reaches_the_route_as_it_is(api: Api) -> None:
    odd = 'b/c d+e%2F"ü&?#'
    api.account.make_client("dynamodb").put_item(TableName="things", Item={"id": {"S": odd}})
    route = {**ROUTES[1], "expect": {"path": {"id": odd}, "status": 200, "answer": {"id": odd}}}
    requests = serve(api.account, [route]).expectations
    assert draft_failures(api, requests) == []
    assert stage_failures(api, requests) == []


def test_a_query_reaches_the_route_as_it_is(api: Api) -> None:
    odd = "c&d=e +%"
    api.account.make_client("dynamodb").put_item(TableName="things", Item={"id": {"S": odd}})
    template = """{"TableName": "things", "Key": {"id": {"S": "$input.params('which')"}}}"""
    api.change_by_hand("GET /things/{id}", "/requestTemplates/application~1json", template)
    api.gateway().create_deployment(restApiId=api.id, stageName="live")
    request = {"path": "/things/x", "resource": "/things/{id}", "query": {"which": odd}, "status": 200}
    assert draft_failures(api, [request]) == []
    assert stage_failures(api, [request]) == []


def test_a_template_changed_by_hand_fails_on_the_draft_while_the_stage_answers(api: Api) -> None:
    assert draft_failures(api) == []
    api.change_by_hand("GET /things/{id}", "/requestTemplates/application~1json", WRONG)
    failures = draft_failures(api)
    assert [failure.split("\n")[0] for failure in failures] == [
        "what was put: GET /things/a (route GET /things/{id})",
        "what is not there: GET /things/b%2Fc%20d (route GET /things/{id})",
    ]
    for told in (
        "    status: expected 200, got 400",
        f"    AWS's log: Endpoint request body after transformations: {WRONG}",
        "    AWS's log: Endpoint response body before transformations: {",
        "ValidationException",
    ):
        assert told in failures[0]
    assert "    status: expected 404, got 400" in failures[1]
    assert stage_failures(api) == []


def test_a_template_that_cannot_be_run_is_told_in_api_gateways_words(api: Api) -> None:
    api.change_by_hand("GET /things/{id}", "/requestTemplates/application~1json", "#if($x) never ended")
    failures = draft_failures(api)
    assert len(failures) == 2
    assert "AWS's log: Execution failed due to configuration error: Unable to transform request" in failures[0]


def test_a_role_without_a_permission_is_told_with_the_permission(api: Api) -> None:
    api.forbid("PutItem")
    failures = draft_failures(api)
    assert failures[0].startswith(
        "PUT /things/a answers 204 (route PUT /things/{id})\n    status: expected 204, got 500"
    )
    assert "is not authorized to perform: dynamodb:PutItem" in failures[0]
    assert "what was put: GET /things/a" in failures[1]
    assert len(failures) == 2
    assert [failure.split("\n")[0] for failure in stage_failures(api)] == [
        failure.split("\n")[0] for failure in failures
    ]
    assert items(api) == []


def test_a_role_that_cannot_be_used_yet_is_waited_for(api: Api) -> None:
    iam = api.account.make_client("iam")
    policy = iam.get_role_policy(RoleName="things", PolicyName="dynamodb-proxy")["PolicyDocument"]
    api.forbid("GetItem")
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 2:
            iam.put_role_policy(RoleName="things", PolicyName="dynamodb-proxy", PolicyDocument=json.dumps(policy))

    assert draft_failures(api, patience=Patience(5, 3), pause=pause) == []
    assert paused == [3, 3]


def changed_on_the_draft(api: Api) -> str:
    """Let the draft answer 404 with another text, deploy that, and return the deployment's id."""
    api.change_by_hand("GET /things/{id}", "/requestTemplates/application~1json", WRONG)
    return str(api.gateway().create_deployment(restApiId=api.id)["id"])


def test_a_stage_that_serves_another_deployment_fails(api: Api) -> None:
    served = api.gateway().get_stage(restApiId=api.id, stageName="live")["deploymentId"]
    other = changed_on_the_draft(api)
    move(api, other)
    assert len(stage_failures(api)) == 2
    move(api, served)
    assert stage_failures(api) == []
    assert len(draft_failures(api)) == 2


def move(api: Api, deployment_id: str) -> None:
    patch = [{"op": "replace", "path": "/deploymentId", "value": deployment_id}]
    api.gateway().update_stage(restApiId=api.id, stageName="live", patchOperations=patch)


def test_a_stage_that_has_not_moved_everywhere_yet_is_waited_for(api: Api) -> None:
    """The pause between two attempts updates the stage, like time on AWS."""
    served = api.gateway().get_stage(restApiId=api.id, stageName="live")["deploymentId"]
    move(api, changed_on_the_draft(api))
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        move(api, served)

    assert send_all(read_expectations(api.expectations), _verify.http_sender(api.url), Patience(3, 2), pause) == []
    assert paused == [2]


def test_check_mode_sends_nothing_and_names_the_requests(api: Api) -> None:
    params = {**OPTIONS, "api_name": "things", "requests": api.expectations}
    asked = ["PUT /things/a", "GET /things/a", "GET /things/b%2Fc%20d"]
    api.account.made.clear()
    predicted = api.account.converge(_test_invoke.planned, params, check_mode=True).as_result()
    assert predicted["asked"] == asked
    assert api.account.made == ["apigateway:GetRestApis", "apigateway:GetResources"]
    assert _verify.verify({**params, "invoke_url": api.url}, check_mode=True)["asked"] == asked
    assert items(api) == []

    done = api.account.converge(_test_invoke.planned, params).as_result()
    assert done == predicted
    assert (done["changed"], done["calls"], done["left_out"]) == (False, [], [])
    assert len(items(api)) == 1
    assert _verify.verify({**params, "invoke_url": api.url}, check_mode=False) == {"changed": False, "asked": asked}


def test_ids_and_methods_are_read_in_one_call(api: Api) -> None:
    api.account.made.clear()
    api.account.converge(_test_invoke.planned, {**OPTIONS, "api_id": api.id, "requests": api.expectations})
    assert api.account.made == ["apigateway:GetResources", *["apigateway:TestInvokeMethod"] * 3]


def test_routes_that_ask_who_calls_are_left_to_the_stage(api: Api) -> None:
    patch = [{"op": "replace", "path": "/apiKeyRequired", "value": "true"}]
    resource = {"restApiId": api.id, "resourceId": api.resource_id("/things/{id}")}
    api.gateway().update_method(**resource, httpMethod="GET", patchOperations=patch)
    patch = [{"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}]
    api.gateway().update_method(**resource, httpMethod="PUT", patchOperations=patch)
    params = {**OPTIONS, "api_id": api.id, "requests": api.expectations}
    result = api.account.converge(_test_invoke.planned, params).as_result()
    assert result["asked"] == []
    assert result["left_out"] == ["PUT /things/a", "GET /things/a", "GET /things/b%2Fc%20d"]
    assert items(api) == []


def test_a_route_that_the_draft_lacks_is_told(api: Api) -> None:
    requests = [
        {"method": "DELETE", "path": "/things/a", "resource": "/things/{id}", "status": 200},
        {"path": "/nowhere", "status": 200},
        *api.expectations,
    ]
    assert draft_failures(api, requests) == [
        "DELETE /things/a (route DELETE /things/{id})\n    the draft has no such route: /things/{id} has GET, PUT",
        "GET /nowhere\n    the draft has no such route: /nowhere does not exist",
    ]
    assert len(items(api)) == 1


def test_an_api_that_is_not_there(account: Account) -> None:
    params = {**OPTIONS, "api_name": "nowhere", "requests": [{"path": "/a", "status": 200}]}
    assert account.converge(_test_invoke.planned, params, check_mode=True).values["asked"] == ["GET /a"]
    with pytest.raises(AwsError) as caught:
        account.converge(_test_invoke.planned, params)
    assert caught.value.message.split("\n") == [
        "The draft of REST API nowhere does not respond as expected:",
        "- GET /a",
        "    the draft has no such route: the REST API does not exist",
        "No stage was changed.",
    ]


def test_two_apis_of_one_name_are_told_apart(api: Api) -> None:
    api.gateway().create_rest_api(name="things")
    with pytest.raises(AwsError, match="2 APIs in eu-central-1 have this name"):
        api.account.converge(_test_invoke.planned, {**OPTIONS, "api_name": "things", "requests": api.expectations})


def test_stage_variables_are_those_that_are_given(api: Api) -> None:
    template = '{"TableName": "${stageVariables.table}", "Key": {"id": {"S": "a"}}}'
    api.change_by_hand("GET /things/{id}", "/requestTemplates/application~1json", template)
    requests = [{"path": "/things/a", "resource": "/things/{id}", "status": 404}]
    assert draft_failures(api, requests, stage_variables={"table": "things"}) == []
    assert '"TableName": "elsewhere"' in draft_failures(api, requests, stage_variables={"table": "elsewhere"})[0]


def test_no_secret_that_was_sent_is_told(api: Api) -> None:
    echo = '#set($x = $input.params("Authorization")){"seen": "$x", "key": "$input.params("X-Api-Key")"}'
    api.change_by_hand("GET /things/{id}", "/requestTemplates/application~1json", echo)
    api.gateway().create_deployment(restApiId=api.id, stageName="live")
    headers = {"Authorization": "Bearer not-for-your-eyes", "X-Api-Key": "nor-this-one"}
    request = {"path": "/things/a", "resource": "/things/{id}", "headers": headers, "status": 200, "answer": RED}
    told = draft_failures(api, [request]) + stage_failures(api, [request])
    assert len(told) == 2
    assert 'Endpoint request body after transformations: {"seen": "********"' in told[0]
    for secret in ("not-for-your-eyes", "nor-this-one"):
        assert secret not in "".join(told)


def test_no_server_is_no_answer() -> None:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = listening.server_port
    listening.server_close()
    url, requests = f"http://127.0.0.1:{port}", [{"path": "/a", "status": 200}]
    failures = _verify.failures_of_stage(url, requests, ONCE)
    assert len(failures) == 1
    assert "status: expected 200, got no response: [Errno 111] Connection refused" in failures[0]
    assert _verify.http_sender(url)(read_expectations(requests)[0]).unsent


def test_a_server_that_does_not_answer_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ask = _verify.http_sender(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.05)
        answer = ask(read_expectations([{"path": "/a", "status": 200}])[0])
    assert (answer.status, answer.text, answer.unsent) == (None, "timed out", False)


@pytest.mark.parametrize("url", ["", "a1b2c3", "ftp://example.com/prod", "file:///etc/passwd"])
def test_an_url_that_is_none(url: str) -> None:
    with pytest.raises(AwsError, match="write the URL of the stage"):
        _verify.http_sender(url)


class _Moved(BaseHTTPRequestHandler):
    """Answers with a redirection, with 401 where it is shown credentials, and breaks off an answer to `/cut`."""

    def do_GET(self) -> None:
        if self.path == "/cut":
            self.send_response(500)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            return
        self.send_response(401 if "Authorization" in self.headers else 302)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Log nothing."""


Serve = Callable[[ssl.SSLContext | None], str]


@pytest.fixture
def moved() -> Iterator[Serve]:
    """Starts servers that answer with a redirection, and stops them."""
    servers: list[ThreadingHTTPServer] = []

    def start(tls: ssl.SSLContext | None) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Moved)
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_redirection_is_an_answer(moved: Serve) -> None:
    assert _verify.failures_of_stage(moved(None), [{"path": "/a", "status": 302}], ONCE) == []


def test_an_answer_that_breaks_off_is_none(moved: Serve) -> None:
    requests = [{"path": "/cut", "status": 500}, {"path": "/a", "status": 302}]
    failures = _verify.failures_of_stage(moved(None), requests, ONCE)
    assert len(failures) == 1
    assert "status: expected 500, got no response: IncompleteRead" in failures[0]


def test_no_credentials_are_sent_but_those_that_are_given(
    moved: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    given = {"path": "/a", "headers": {"Authorization": "Bearer x"}, "status": 401}
    assert _verify.failures_of_stage(moved(None), [{"path": "/a", "status": 302}, given], ONCE) == []


def test_a_server_that_nobody_vouches_for_is_not_trusted(moved: Serve, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    url = moved(tls)
    requests = [{"path": "/a", "status": 302}]
    refused = _verify.failures_of_stage(url, requests, ONCE)
    assert "certificate verify failed" in refused[0]
    params = {**OPTIONS, "invoke_url": url, "requests": requests}
    assert _verify.verify({**params, "ca_path": str(certificate)}, check_mode=False)["asked"] == ["GET /a"]
    assert _verify.verify({**params, "validate_certs": False}, check_mode=False)["asked"] == ["GET /a"]
    with pytest.raises(AwsError, match="Cannot read certificates from /nowhere"):
        _verify.verify({**params, "ca_path": "/nowhere"}, check_mode=False)


def self_signed(directory: Path) -> Path:
    """Return a file with a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = directory / "certificate.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    text = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem)
    path.write_bytes(text)
    return path


def test_a_stage_that_cannot_be_reached_is_an_error_or_a_warning(api: Api) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        requests = [{"path": path, "status": 200} for path in ("/things/a", "/things/b")]
        options = {"invoke_url": url, "requests": requests, "attempts": 1, "delay": 0.0, "timeout": 5.0}
        options["validate_certs"] = True
        told = _verify.verify({**options, "unreachable": "warn"}, check_mode=False)
        with pytest.raises(AwsError, match="2 of 2 requests"):
            _verify.verify({**options, "unreachable": "fail"}, check_mode=False)
    (warning,) = told["warnings"]
    assert told["asked"] == [] and f"{url} cannot be reached from here" in warning
    answering = {
        **options,
        "invoke_url": api.url,
        "requests": [{"path": "/none", "status": 200}],
        "unreachable": "warn",
    }
    with pytest.raises(AwsError, match="1 of 1 request"):
        _verify.verify(answering, check_mode=False)

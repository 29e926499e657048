# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which requests go side by side, in which order, and which are sent again."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.expectation import (
    Expectation,
    Response,
    read_expectations,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.send import (
    AT_ONCE,
    Patience,
    declared_patience,
    groups,
    send_all,
)


def expectations(*requests: str) -> list[Expectation]:
    """Requests that expect 200: `GET /a`."""
    return read_expectations(
        [{"method": method, "path": path, "status": 200} for method, path in (text.split(" ") for text in requests)]
    )


class Server:
    """Answers each request with the next status of its list, the last one for ever; 200 where it has none.

    A status None stands for no answer, -1 for a request that nobody got.
    """

    def __init__(self, **statuses: list[int | None]) -> None:
        self.statuses = statuses
        self.log: list[str] = []
        self._lock = threading.Lock()

    def ask(self, expectation: Expectation) -> Response:
        with self._lock:
            self.log.append(expectation.request)
            left = self.statuses.get(expectation.path.strip("/"), [200])
            status = left.pop(0) if len(left) > 1 else left[0]
        return Response(None if status == -1 else status, "", unsent=status == -1)

    def pause(self, seconds: float) -> None:
        self.log.append(f"pause {seconds:g}")


def asked(server: Server, *requests: str, attempts: int = 3) -> list[str]:
    return send_all(expectations(*requests), server.ask, Patience(attempts, 2), server.pause)


def test_reads_go_together_and_writes_alone() -> None:
    listed = expectations(
        "GET /a", "HEAD /b", "PUT /c", "PUT /d", "OPTIONS /e", "DELETE /f", "POST /g", "GET /h", "GET /i"
    )
    assert [[one.path for one in group] for group in groups(listed)] == [
        ["/a", "/b"],
        ["/c"],
        ["/d"],
        ["/e"],
        ["/f"],
        ["/g"],
        ["/h", "/i"],
    ]
    assert list(groups([])) == []


def test_reads_are_under_way_at_one_time() -> None:
    together = threading.Barrier(AT_ONCE, timeout=30)

    def ask(_expectation: Expectation) -> Response:
        together.wait()
        return Response(200, "")

    assert send_all(expectations(*(f"GET /{number}" for number in range(AT_ONCE))), ask, Patience(1)) == []


def test_what_is_written_is_there_for_what_follows() -> None:
    server = Server()
    assert asked(server, "PUT /a", "GET /b", "DELETE /a", "GET /c") == []
    assert server.log == ["PUT /a", "GET /b", "DELETE /a", "GET /c"]


def test_all_is_asked_and_all_mistakes_are_told_in_the_order_of_the_list() -> None:
    server = Server(a=[500], c=[404], d=[500])
    failures = asked(server, "PUT /a", "GET /b", "GET /c", "DELETE /d", "GET /e", attempts=1)
    assert [failure.split("\n")[0] for failure in failures] == ["PUT /a", "GET /c", "DELETE /d"]
    assert sorted(server.log) == ["DELETE /d", "GET /b", "GET /c", "GET /e", "PUT /a"]


def test_an_answer_that_comes_too_early_is_asked_for_again_before_what_follows() -> None:
    server = Server(b=[403, 404, 200])
    assert asked(server, "GET /b", "PUT /c") == []
    assert server.log == ["GET /b", "pause 2", "GET /b", "pause 2", "GET /b", "PUT /c"]


def test_just_what_was_not_as_expected_is_asked_again() -> None:
    server = Server(b=[500, 200])
    assert asked(server, "GET /a", "GET /b", "GET /c") == []
    assert server.log[3:] == ["pause 2", "GET /b"]


def test_the_pauses_are_shared() -> None:
    server = Server(a=[500, 200], b=[500], c=[500])
    assert len(asked(server, "PUT /a", "GET /b", "DELETE /c")) == 2
    assert server.log == ["PUT /a", "pause 2", "PUT /a", "GET /b", "pause 2", "GET /b", "DELETE /c"]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    ("status", "repeated"),
    [(403, True), (429, True), (500, True), (503, True), (-1, True), (201, False), (None, False)],
)
def test_what_cannot_be_repeated_without_harm_is_repeated_only_if_it_was_not_done(
    method: str, status: int | None, repeated: bool
) -> None:
    server = Server(a=[status, 200])
    failures = asked(server, f"{method} /a")
    assert (len(server.log) == 3, failures == []) == (repeated, repeated)


def test_what_goes_wrong_in_asking_ends_it() -> None:
    def ask(_expectation: Expectation) -> Response:
        raise AwsError("no permission")

    with pytest.raises(AwsError, match="no permission"):
        send_all(expectations("GET /a", "GET /b"), ask, Patience(1))


@pytest.mark.parametrize("given", [{"attempts": 0, "delay": -1.0}])
def test_a_patience_that_cannot_be_meant(given: dict[str, float]) -> None:
    with pytest.raises(AwsError) as caught:
        declared_patience(given)
    assert "attempts is 0; write 1" in caught.value.message
    assert "delay is -1.0; write the seconds" in caught.value.message


def _asked_for_long(server: Server, *requests: str) -> tuple[list[str], list[str]]:
    """Ask with 3 attempts, and 10 while AWS is not ready; return the failures and what the user was shown."""
    shown: list[str] = []
    patience = Patience(3, 2, not_yet_attempts=10)
    return send_all(expectations(*requests), server.ask, patience, server.pause, shown.append), shown


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_what_is_not_ready_yet_is_waited_for_longer_and_shown(status: int) -> None:
    server = Server(a=[status] * 8 + [200])
    failures, shown = _asked_for_long(server, "POST /a", "GET /b")
    assert failures == []
    assert server.log.count("pause 2") == 8
    assert [line.rpartition(" for at ")[2] for line in shown] == ["most 18 s.", "most 8 s."]
    assert shown[0].startswith(f"Not ready yet: {status} in 1 response. ")


def test_what_stays_not_ready_fails_in_the_end() -> None:
    server = Server(a=[500])
    failures, _shown = _asked_for_long(server, "GET /a")
    assert (len(failures), server.log.count("GET /a")) == (1, 10)


def test_a_wrong_response_fails_as_soon_as_ever() -> None:
    server = Server(a=[404], b=[500])
    failures, shown = _asked_for_long(server, "GET /a", "GET /b")
    assert (len(failures), server.log.count("GET /a"), shown) == (2, 3, [])


def test_a_response_that_is_wrong_after_the_wait_has_the_attempts_of_any_other() -> None:
    server = Server(a=[500, 500, 500, 500, 404])
    failures, _shown = _asked_for_long(server, "GET /a")
    assert (len(failures), server.log.count("GET /a")) == (1, 7)


def test_the_log_of_the_draft_says_not_yet() -> None:
    answers = [Response(400, "", [f"Execution failed: API Gateway {_NO_PERMISSION}"])] * 5 + [Response(200, "")]
    patience = Patience(1, 2, not_yet_attempts=10)
    assert send_all(expectations("GET /a"), lambda _one: answers.pop(0), patience, lambda _seconds: None) == []


_NO_PERMISSION = "does not have permission to assume the provided role arn:aws:iam::123456789012:role/a"

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The AWS services of one account and Region: clients, calls with retries, and reads ahead of their use."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import Future
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Set

from .errors import AwsError, error_of_response
from .retries import (
    CONNECTION_ATTEMPTS,
    RETRY_SECONDS,
    backoff,
    is_idempotent,
    is_read,
    is_retryable,
    pause_before_retry,
    reason_for_retry,
    requested_pause,
)
from .threads import BackgroundJobs

try:
    from botocore import xform_name
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionClosedError,
        ConnectTimeoutError,
        EndpointConnectionError,
        ProxyConnectionError,
        ReadTimeoutError,
    )
except ImportError:  # AnsibleAWSModule reports the missing library before any of this is used
    pass

Wire = Dict[str, Any]
"""What botocore sends or returns: its member names, its types."""

_LONG_PAUSE = 3.0
"""Seconds from which on a pause is reported, so that the user knows why nothing happens."""


PROMPT_SECONDS = 2.5
"""Seconds after the response to a write in which a read that shows it is evidence that reads are not behind."""


class Aws:
    """The services of one account and Region, with the credentials of a caller.

    `make_client` returns a boto3 client for a service's name (`apigateway`, `dynamodb`, `iam`, `sts`). A client is made
    when it is first needed, so a task that reads one service does not load the models of four. `retry_seconds` limits
    the repetition of each call. `report` shows the user a line while the run goes on.
    """

    def __init__(
        self,
        make_client: Callable[[str], Any],
        pause: Callable[[float], None] = time.sleep,
        retry_seconds: Optional[float] = None,
        report: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._make_client = make_client
        self.pause = pause
        self.report = report
        self.retry_seconds = RETRY_SECONDS if retry_seconds is None else retry_seconds
        self._clients: Dict[str, Any] = {}
        self._client_lock = threading.Lock()
        self._account_id: Optional[str] = None
        self._ahead: Dict[str, Future[Wire]] = {}
        self._prompt: Set[str] = set()
        self._behind: Set[str] = set()
        self._written: Dict[str, float] = {}

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service. Threads share clients; only one client is made at a time."""
        if service not in self._clients:
            with self._client_lock:
                if service not in self._clients:
                    self._clients[service] = self._make_client(service)
        return self._clients[service]

    def region(self, service: str = "apigateway") -> str:
        """Return the Region of the calls, as botocore resolved it."""
        return str(self.client(service).meta.region_name)

    def partition(self, service: str = "apigateway") -> str:
        """Return the partition of the Region: `aws`, `aws-cn`, `aws-us-gov`, …"""
        return str(self.client(service).meta.partition)

    def account_id(self) -> str:
        """Return the account of the credentials, from one GetCallerIdentity when it is first needed."""
        if self._account_id is None:
            self._account_id = str(self.call("sts", "GetCallerIdentity")["Account"])
        return self._account_id

    def learn_account_id(self, arn: str) -> None:
        """Take the account from the ARN of a resource, which saves GetCallerIdentity."""
        self._account_id = self._account_id or arn.split(":")[4]

    def note_prompt(self, service: str, writes: Sequence[str]) -> None:
        """Remember that the first read of a service after one of these calls showed what it wrote.

        A read that comes seconds after the write is no evidence: reads may be behind by less than that.
        """
        written = max(self._written.get(operation, 0.0) for operation in writes)
        if time.monotonic() - written < PROMPT_SECONDS:
            self._prompt.add(service)

    def note_behind(self, service: str) -> None:
        """Remember that a read of a service did not show a write of this run at once."""
        self._behind.add(service)

    def is_prompt(self, service: str) -> bool:
        """Return whether all reads that were compared with a write of this run have shown it at once, at least one."""
        return service in self._prompt - self._behind

    def read_ahead(self, *reads: Callable[[Aws], Any]) -> None:
        """Run several reads in parallel; the next equal call of each gets the stored response.

        A stored response, or error, is returned once, and all are discarded by a call that changes something. So a
        resource reads in one way whether its responses are stored or not, and no call is made twice.
        """
        self._run_ahead(reads).wait()

    def start_reads(self, reads: Mapping[str, Sequence[Callable[[Aws], Any]]]) -> Callable[[], None]:
        """Start to read ahead and return a function that waits for the responses. Make no call before it returns.

        `reads` are listed by the service that each of them calls first. Its client is made before the read starts,
        because a client made in a thread would compete with the caller's own work. A caller that does not need the
        responses need not wait.
        """
        started = []
        for service, those in reads.items():
            self.client(service)
            started.append(self._run_ahead(those))

        def wait() -> None:
            for jobs in started:
                jobs.wait()

        return wait

    def _run_ahead(self, reads: Sequence[Callable[[Aws], Any]]) -> BackgroundJobs:
        return BackgroundJobs([partial(read, _RecordingAws(self)) for read in reads])

    def call(self, service: str, operation: str, params: Optional[Mapping[str, Any]] = None) -> Wire:
        """Make one API call, repeat it while AWS asks for that, and return the response.

        Raises `AwsError` with AWS's error code and a message that names the operation.
        """
        if not is_read(operation):
            self._ahead.clear()
            response = self._call(service, operation, params)
            self._written[operation] = time.monotonic()
            return response
        stored = self._ahead.pop(_key(service, operation, params), None) if self._ahead else None
        return stored.result() if stored else self._call(service, operation, params)

    def _call(self, service: str, operation: str, params: Optional[Mapping[str, Any]]) -> Wire:
        deadline = time.monotonic() + self.retry_seconds
        attempt = 0
        while True:
            requested = 0
            try:
                return dict(getattr(self.client(service), xform_name(operation))(**(params or {})))
            except ClientError as error:
                if not is_retryable(service, operation, error):
                    raise error_of_response(service, operation, error) from error
                if time.monotonic() >= deadline:
                    raise self._retry_timeout(error_of_response(service, operation, error)) from error
                requested = requested_pause(error)
            except (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError) as error:
                if attempt + 1 >= CONNECTION_ATTEMPTS or time.monotonic() >= deadline:
                    raise AwsError(f"{service}:{operation}: {error}", operation=operation) from error
            except (ConnectionClosedError, ReadTimeoutError) as error:
                if not is_idempotent(operation) or time.monotonic() >= deadline:
                    raise AwsError(f"{service}:{operation}: {error}", operation=operation) from error
            except BotoCoreError as error:
                raise AwsError(f"{service}:{operation}: {error}", operation=operation) from error
            attempt += 1
            left = max(0.0, deadline - time.monotonic())
            self._pause(f"{service}:{operation}", pause_before_retry(attempt, requested), left)

    def _pause(self, call: str, seconds: float, left: float) -> None:
        """Pause before a call is repeated, for at most the seconds that are `left`; report a long pause."""
        seconds = min(seconds, left)
        if seconds >= _LONG_PAUSE:
            self.report(f"{call}: {reason_for_retry(call)} Waiting {seconds:.0f} s, for at most {left:.0f} s in all.")
        self.pause(seconds)

    def _retry_timeout(self, error: AwsError) -> AwsError:
        """Return the error of a call that still fails after `retry_seconds`."""
        repeated = f"The call was repeated for {self.retry_seconds:.0f} seconds (retry_timeout). Run again to continue."
        return AwsError(f"{error.message} {repeated}", error.code, error.operation)

    def find(self, service: str, operation: str, params: Mapping[str, Any], absent: str) -> Optional[Wire]:
        """Return the response of a read, or None if AWS returns the error code `absent`."""
        try:
            return self.call(service, operation, params)
        except AwsError as error:
            if error.code == absent:
                return None
            raise

    def drain(
        self, service: str, operation: str, params: Mapping[str, Any], rest: Callable[[Wire], Mapping[str, Any]]
    ) -> List[Wire]:
        """Make a call, repeat it for what AWS left undone until nothing is left, and return all responses.

        `rest` returns the parameters of the next call from a response; empty ones end the repetition.
        """
        deadline = time.monotonic() + self.retry_seconds
        responses = [self.call(service, operation, params)]
        while rest(responses[-1]):
            if time.monotonic() >= deadline:
                raise AwsError(
                    f"{service}:{operation}: after {self.retry_seconds:.0f} seconds AWS still leaves a part of the "
                    "work undone. Run again to continue.",
                    operation=operation,
                )
            self.pause(backoff(len(responses)))
            responses.append(self.call(service, operation, rest(responses[-1])))
        return responses


class _RecordingAws(Aws):
    """The same AWS for a read that runs ahead: it stores each response for the next equal call."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws.client, aws.pause, aws.retry_seconds, aws.report)
        self._ahead = aws._ahead

    def call(self, service: str, operation: str, params: Optional[Mapping[str, Any]] = None) -> Wire:
        mine: Future[Wire] = Future()
        stored = self._ahead.setdefault(_key(service, operation, params), mine)
        if stored is mine:  # no other read makes the same call
            try:
                mine.set_result(self._call(service, operation, params))
            except Exception as error:
                mine.set_exception(error)
        return stored.result()


def _key(service: str, operation: str, params: Optional[Mapping[str, Any]]) -> str:
    """Return a text that is equal for equal calls."""
    return json.dumps([service, operation, params or {}], sort_keys=True, default=repr)

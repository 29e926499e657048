# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The AWS of one target: clients, calls with retries, and the one exception that all resources raise."""

from __future__ import annotations

import json
import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

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

RETRY_SECONDS = 300.0
"""How long a call that AWS asks to repeat is repeated before it counts as failed, unless a user says otherwise."""

_LONGEST_PAUSE = 20.0
_SPREAD = 0.5
"""The most seconds that come at random on top of a wait that AWS asks for.

Of the runs that are told to come back at one moment, one gets through and the others are told anew: each turn costs
what the first of them drew. So it is short, and they come one by one all the same.
"""

_CONNECTION_ATTEMPTS = 4
"""How often a call is made that reaches no server. A wrong endpoint never will, and its user should not wait long."""

_LONG_WAIT = 3.0
"""Seconds of a pause from which on it is reported: a user who sees nothing happen wants to know why."""

_QUOTAS = {"apigateway:DeleteRestApi": "AWS deletes one REST API every 30 seconds in an account and Region."}
"""What a user should know of a quota that is reached in normal use."""

_ASKS_TO_REPEAT = frozenset(
    {
        "ConcurrentModification",
        "ContinuousBackupsUnavailableException",  # returned for a while for a new table
        # What botocore's standard mode repeats:
        # https://docs.aws.amazon.com/boto3/latest/guide/retries.html
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)


class AwsError(Exception):
    """A call or a demand that could not be met: what was attempted, on which resource, and AWS's own code."""

    def __init__(self, message: str, code: Optional[str] = None, operation: Optional[str] = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.operation = operation
        self.subject = ""
        """The resource that the call was about, such as `table "orders"`."""
        self.done: Sequence[Any] = ()
        """The steps of the plan that were carried out before."""
        self.is_explained = False
        """Whether the message says how things stand and what to do."""

    @property
    def text(self) -> str:
        """The message, headed by the resource that it is about."""
        return f"{self.subject}: {self.message}" if self.subject else self.message


def refuse(resource: str, mistakes: Sequence[str]) -> None:
    """Raise one `AwsError` that tells all mistakes, a line each; nothing where there are none."""
    if len(mistakes) == 1:
        raise AwsError(f"{resource}: {mistakes[0]}")
    if mistakes:
        raise AwsError(f"{resource}: {len(mistakes)} mistakes:\n" + "\n".join(f"- {mistake}" for mistake in mistakes))


class Aws:
    """The services of one account and Region, as a caller's credentials reach them.

    `make_client` gives a boto3 client for a service's name (`apigateway`, `dynamodb`, `iam`, `sts`). A client is made
    when it is first needed: a task that reads one service does not load the models of four. `retry_seconds` bounds the
    repetition of each call. `report` shows the user a line while the run goes on.
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
        self._making = threading.Lock()
        self._account_id: Optional[str] = None
        self._ahead: Dict[str, Future[Wire]] = {}

    def client(self, service: str) -> Any:
        """The boto3 client of a service. Clients can be shared by threads; making one takes its turn."""
        if service not in self._clients:
            with self._making:
                if service not in self._clients:
                    self._clients[service] = self._make_client(service)
        return self._clients[service]

    def region(self, service: str = "apigateway") -> str:
        """The Region that calls go to, as botocore resolved it."""
        return str(self.client(service).meta.region_name)

    def partition(self, service: str = "apigateway") -> str:
        """The partition of the Region: `aws`, `aws-cn`, `aws-us-gov`, …"""
        return str(self.client(service).meta.partition)

    def account_id(self) -> str:
        """The account of the credentials: one GetCallerIdentity, made once and only when somebody needs it."""
        if self._account_id is None:
            self._account_id = str(self.call("sts", "GetCallerIdentity")["Account"])
        return self._account_id

    def learn_account_id(self, arn: str) -> None:
        """Take the account from the ARN of a resource that was read anyway, which spares GetCallerIdentity."""
        self._account_id = self._account_id or arn.split(":")[4]

    def read_ahead(self, *reads: Callable[[Aws], Any]) -> None:
        """Do several reads side by side; the next call that asks the same as one of theirs gets that answer.

        Each answer is handed out once, a refusal like any other answer, and none is left when something was changed. So
        a resource reads by one code, whether its answers are there already or not, and no call is made twice.
        """
        _Begun(self, reads).wait()

    def begin(self, reads: Mapping[str, Sequence[Callable[[Aws], Any]]]) -> Callable[[], None]:
        """Begin to read ahead, and return what waits for the answers; no call is to be made before it was called.

        `reads` are listed by the service that each of them asks first. Its client is made before the read begins: made
        by a thread, it would take turns with whatever the caller does in the meantime. Who has no use for the answers
        any more need not wait: the threads do not keep the process alive.
        """
        begun = []
        for service, those in reads.items():
            self.client(service)
            begun.append(_Begun(self, those))

        def wait() -> None:
            for one in begun:
                one.wait()

        return wait

    def call(self, service: str, operation: str, params: Optional[Mapping[str, Any]] = None) -> Wire:
        """Make one API call, repeated while AWS asks for that, and return its answer.

        Raises `AwsError` with AWS's error code and a message that names the operation.
        """
        if not _reads(operation):
            self._ahead.clear()
        answer = self._ahead.pop(_question(service, operation, params), None) if self._ahead else None
        return answer.result() if answer else self._call(service, operation, params)

    def _call(self, service: str, operation: str, params: Optional[Mapping[str, Any]]) -> Wire:
        deadline = time.monotonic() + self.retry_seconds
        attempt = 0
        while True:
            asked = 0
            try:
                return dict(getattr(self.client(service), xform_name(operation))(**(params or {})))
            except ClientError as error:
                if not _repeatable(service, operation, error):
                    raise _described(service, operation, error) from error
                if time.monotonic() >= deadline:
                    raise _given_up(_described(service, operation, error), self.retry_seconds) from error
                asked = _retry_after(error)
            except (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError) as error:
                if attempt + 1 >= _CONNECTION_ATTEMPTS or time.monotonic() >= deadline:
                    raise AwsError(f"{service}:{operation}: {error}", operation=operation) from error
            except (ConnectionClosedError, ReadTimeoutError) as error:
                if not _is_idempotent(operation) or time.monotonic() >= deadline:
                    raise AwsError(f"{service}:{operation}: {error}", operation=operation) from error
            except BotoCoreError as error:
                raise AwsError(f"{service}:{operation}: {error}", operation=operation) from error
            attempt += 1
            self._wait(f"{service}:{operation}", _wait(attempt, asked), max(0.0, deadline - time.monotonic()))

    def _wait(self, call: str, seconds: float, left: float) -> None:
        """Pause before a call is repeated, for at most the seconds that are `left`; report a long pause."""
        seconds = min(seconds, left)
        if seconds >= _LONG_WAIT:
            why = _QUOTAS.get(call, "AWS asks to repeat the call.")
            self.report(f"{call}: {why} Waiting {seconds:.0f} s, for at most {left:.0f} s in all.")
        self.pause(seconds)

    def find(self, service: str, operation: str, params: Mapping[str, Any], absent: str) -> Optional[Wire]:
        """The answer of a read, or None where AWS answers with the error code `absent`."""
        try:
            return self.call(service, operation, params)
        except AwsError as error:
            if error.code == absent:
                return None
            raise

    def drain(
        self, service: str, operation: str, params: Mapping[str, Any], rest: Callable[[Wire], Mapping[str, Any]]
    ) -> List[Wire]:
        """Make a call, and repeat it for what AWS left undone, until nothing is left; return all answers.

        `rest` gives from an answer the parameters of the next call, empty ones when all is done.
        """
        deadline = time.monotonic() + self.retry_seconds
        answers = [self.call(service, operation, params)]
        while rest(answers[-1]):
            if time.monotonic() >= deadline:
                raise AwsError(
                    f"{service}:{operation}: after {self.retry_seconds:.0f} seconds AWS still leaves a part of the "
                    "work undone; run again to go on from there.",
                    operation=operation,
                )
            self.pause(_backoff(len(answers)))
            answers.append(self.call(service, operation, rest(answers[-1])))
        return answers


class _Ahead(Aws):
    """The same AWS for one of several reads that are done side by side: it keeps what it was answered."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws.client, aws.pause, aws.retry_seconds, aws.report)
        self._ahead = aws._ahead

    def call(self, service: str, operation: str, params: Optional[Mapping[str, Any]] = None) -> Wire:
        mine: Future[Wire] = Future()
        answer = self._ahead.setdefault(_question(service, operation, params), mine)  # another read may be asking it
        if answer is mine:
            try:
                mine.set_result(self._call(service, operation, params))
            except Exception as error:
                mine.set_exception(error)
        return answer.result()


class _Begun:
    """Reads that go on in threads of their own, one each."""

    def __init__(self, aws: Aws, reads: Sequence[Callable[[Aws], Any]]) -> None:
        self._bugs: List[Exception] = []
        self._threads = [threading.Thread(target=self._run, args=(read, _Ahead(aws)), daemon=True) for read in reads]
        for thread in self._threads:
            thread.start()

    def _run(self, read: Callable[[Aws], Any], ahead: Aws) -> None:
        try:
            read(ahead)
        except AwsError:
            pass  # told to whoever asks the same
        except Exception as bug:
            self._bugs.append(bug)

    def wait(self) -> None:
        """Return when all have been answered; raise what is no answer."""
        for thread in self._threads:
            thread.join()
        if self._bugs:
            raise self._bugs[0]


def side_by_side(jobs: Sequence[Callable[[], Any]]) -> List[Any]:
    """What the jobs return, in their order, each done in a thread of its own.

    Raises one `AwsError` for all that the jobs raise, when all of them have ended.
    """
    if not jobs:
        return []
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        found = list(pool.map(_returned, jobs))
    errors = [one for one in found if isinstance(one, AwsError)]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise AwsError("\n".join(_together(errors)))
    return found


def _together(errors: Sequence[AwsError]) -> List[str]:
    """Return a line for each message, headed by all resources that it is about."""
    subjects: Dict[str, List[str]] = {}
    for error in errors:
        subjects.setdefault(error.message, []).extend([error.subject] if error.subject else [])
    return [": ".join([*([", ".join(about)] if about else []), message]) for message, about in subjects.items()]


def _returned(job: Callable[[], Any]) -> Any:
    try:
        return job()
    except AwsError as error:
        return error


def _question(service: str, operation: str, params: Optional[Mapping[str, Any]]) -> str:
    """What a call asks, as a key: equal for equal parameters."""
    return json.dumps([service, operation, params or {}], sort_keys=True, default=repr)


def _wait(attempt: int, asked: int) -> float:
    """Seconds to wait before the next attempt: what AWS asks for and a little at random, or else the backoff."""
    return asked + random.uniform(0, _SPREAD) if asked else _backoff(attempt)


def _backoff(attempt: int) -> float:
    """Seconds to wait before the next attempt: at random, up to a bound that doubles each time."""
    return random.uniform(0, min(_LONGEST_PAUSE, 0.5 * 2**attempt))


def _retry_after(error: ClientError) -> int:
    """The seconds that AWS asks to wait before the call is made again; 0 where it says nothing.

    API Gateway's model has them, as the member `retryAfterSeconds` from the header Retry-After, in
    TooManyRequestsException and ServiceUnavailableException.
    """
    said = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after", "")
    return int(said) if said.isdecimal() else 0


def _reads(operation: str) -> bool:
    return operation.startswith(("Get", "Describe", "List", "BatchGet", "Scan"))


_IDEMPOTENT = ("Put", "Tag", "Untag", "Delete", "BatchWrite")
_IDEMPOTENT_UPDATES = ("UpdateAssumeRolePolicy", "UpdateRestApi", "UpdateRoleDescription", "UpdateStage")


def _is_idempotent(operation: str) -> bool:
    """Return whether a call whose response was lost can be made again: twice has the effect of once.

    UpdateTable is not among them: made again, it fails for what it has begun.
    """
    return _reads(operation) or operation.startswith(_IDEMPOTENT) or operation in _IDEMPOTENT_UPDATES


def _repeatable(service: str, operation: str, error: ClientError) -> bool:
    """Return whether the call can be repeated: AWS asks for it (throttling, another writer), or the fault is transient.

    LimitExceededException is final for API Gateway: AWS's table of its errors marks it as not to be retried, and the
    known case is a quota that is used up ("Maximum number of Resources for this API has been reached"). DynamoDB also
    returns it where too many tables change at once ("can be created, updated, or deleted simultaneously"), which
    passes (Terraform AWS provider issues 1776 and 2146).

    After a fault of AWS's own a call that creates is not repeated: it may have created the resource, and a second REST
    API of the same name would be the harm. A second deployment harms nobody.
    """
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code == "ConflictException":  # also returned for what will never work, such as a name that is taken
        return "try again" in message
    if code == "LimitExceededException":
        return service == "dynamodb" and "simultaneous" in message
    if code in _ASKS_TO_REPEAT:
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    creates = operation.startswith(("Create", "Import")) and operation != "CreateDeployment"
    return status in (500, 502, 503, 504) and not creates


def _given_up(error: AwsError, seconds: float) -> AwsError:
    """The error of a call that AWS asked to repeat for longer than the user wants to."""
    repeated = f"The call was repeated for {seconds:.0f} seconds (retry_timeout); run again to go on from there."
    return AwsError(f"{error.message} {repeated}", error.code, error.operation)


def _described(service: str, operation: str, error: ClientError) -> AwsError:
    code = error.response["Error"].get("Code", "Unknown")
    text = error.response["Error"].get("Message") or "no message"
    return AwsError(f"{service}:{operation}: {code}: {text}", code=code, operation=operation)

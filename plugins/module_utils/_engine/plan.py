# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A plan: the API calls that bring a resource to its desired state.

Check mode shows the plan, a real run executes it. Both read the same list, so check mode predicts exactly what a run
does. The code that makes a plan only reads, and does not know whether the plan will be executed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from .client import Aws, Wire
from .errors import AwsError
from .repeated_reads import LONGEST_WAIT
from .threads import run_in_parallel

UNKNOWN = "(known after the run)"
"""Stands in results of check mode for an id that AWS assigns when the resource is created."""


Given = Dict[str, Any]
"""The values that the executed steps of a plan gave, by the names in their `gives`."""


@dataclass(frozen=True)
class Ref:
    """A value that a step gives, such as the id of a new resource, inserted into `text`."""

    name: str
    text: str = "{}"


@dataclass(frozen=True)
class Step:
    """One API call that changes something.

    `params` are botocore's and may hold `Ref`s at any depth.
    `gives` names values of the response for later steps and for the result; `{"arn": "TableDescription.TableArn"}`
    stores a member of a member.
    `done_if` are error codes that mean that the work is done already, such as a resource that somebody else deleted.
    `explain` returns the message to show for an error of the call, or None to show AWS's own; see `messages_by_code`.
    `rest` is for batches: from a response it returns the parameters of the call that does what AWS left undone.
    `mend` returns, from a response, steps that correct what AWS did differently from what the step requested. They run
    at once; the plan does not list them, because they are not known before.
    `shown` returns, from a response, the wait until reads show what the step wrote.
    `not_yet_if` is an error code that AWS returns for a while after the plan has created the step's resource; the step
    is repeated.
    """

    service: str
    operation: str
    params: Mapping[str, Any]
    gives: Mapping[str, str] = field(default_factory=dict)
    done_if: Sequence[str] = ()
    explain: Optional[Callable[[AwsError], Optional[str]]] = field(default=None, compare=False)
    rest: Optional[Callable[[Wire], Mapping[str, Any]]] = None
    mend: Optional[Callable[[Wire], Sequence[Step]]] = None
    shown: Optional[Callable[[Wire], Wait]] = field(default=None, compare=False)
    not_yet_if: str = ""

    @property
    def call(self) -> str:
        """Return the name by which IAM and CloudTrail know the call: `apigateway:PutRestApi`."""
        return f"{self.service}:{self.operation}"


def messages_by_code(messages: Mapping[str, str]) -> Callable[[AwsError], Optional[str]]:
    """Return the `explain` of a step that has a message for each of these errors.

    A key is AWS's error code, or a code with AWS's message (`BadRequestException: Deployment id does not exist`). `{}`
    in a message stands for AWS's own message.
    """

    def explain(error: AwsError) -> Optional[str]:
        matching = (text for key, text in messages.items() if key == error.code or error.message.endswith(key))
        message = next(matching, None)
        return message.replace("{}", error.message) if message else None

    return explain


@dataclass(frozen=True)
class Wait:
    """A read that is repeated until AWS has finished what the step before requested.

    `ready` judges a response. `every` and `timeout` are seconds. `what` ends the sentence "Waited … seconds for". If
    `gone_if` names an error code, the wait ends with that error: it waits for a resource to disappear. If `not_yet_if`
    names one, the wait goes on: a new resource is not visible yet. After the timeout the run fails if `is_required`,
    or else reports the timeout. A wait that is not required makes no call if reads of the service are known to show
    writes at once.
    """

    service: str
    operation: str
    params: Mapping[str, Any]
    ready: Callable[[Wire], bool]
    what: str
    every: float = 2.0
    timeout: float = 600.0
    gone_if: str = ""
    not_yet_if: str = ""
    is_required: bool = True


def wait_until_shown(
    service: str, operation: str, params: Mapping[str, Any], ready: Callable[[Wire], bool], what: str, absent: str
) -> Wait:
    """Return the wait until reads show what the plan wrote, so that the next run does not read the former state.

    "Changes that you make in IAM ... might not be immediately visible" (IAM User Guide). For API Gateway see
    `wait_until_draft_is_shown` in `_stage/race_guard.py`. A run whose wait times out has done its work, so it does
    not fail.
    """
    seen = f"reads to show {what} as this run left it"
    return Wait(service, operation, params, ready, seen, timeout=LONGEST_WAIT, not_yet_if=absent, is_required=False)


def wait_until_removed(service: str, operation: str, params: Mapping[str, Any], what: str, absent: str) -> Wait:
    """Return the wait until reads no longer show what the plan deleted, for the same reason."""
    return Wait(
        service,
        operation,
        params,
        lambda _response: False,
        f"reads to no longer show {what}",
        timeout=LONGEST_WAIT,
        gone_if=absent,
        is_required=False,
    )


@dataclass(frozen=True)
class Check:
    """A test that must pass before the plan goes on.

    `ask` returns the failures, a line each; none if the test passes.
    `what` heads the message about failures; `then` ends it with the state on AWS after `undo`.
    `explain` returns the whole message for certain failures, or None for the message with `what` and `then`.
    `undo` are steps that revert the plan after a failure.
    `meanwhile` are steps that run in parallel with the test, because `undo` can revert them.
    `mend` returns further actions that follow a passed test at once. The plan does not list them, because they are not
    known before.
    """

    ask: Callable[[Aws, Given], Sequence[str]]
    what: str
    then: str
    meanwhile: Sequence[Step] = ()
    undo: Sequence[Step] = ()
    mend: Optional[Callable[[Given], Sequence[Action]]] = None
    explain: Optional[Callable[[Sequence[str]], Optional[str]]] = field(default=None, compare=False)


@dataclass(frozen=True)
class Parallel:
    """Plans that do not need each other, executed in parallel."""

    plans: Sequence[Sequence[Action]]


@dataclass(frozen=True)
class Attempt:
    """A plan with a rescue: if the plan fails, `rescue` is asked, and its `undo` runs if it returns failures.

    The lines of `rescue` and its `then` are appended to the error of the plan.
    """

    plan: Sequence[Action]
    rescue: Check


Action = Union[Step, Wait, Check, Parallel, Attempt]


def in_parallel(plans: Sequence[Sequence[Action]]) -> List[Action]:
    """Return a plan that executes these plans in parallel; if only one of them has actions, that plan itself."""
    busy = [plan for plan in plans if plan]
    return [Parallel(busy)] if len(busy) > 1 else [action for plan in busy for action in plan]


def steps(plan: Sequence[Action]) -> List[Step]:
    """Return the steps of a plan in order, those of parallel plans one plan after the other, without any `undo`."""
    found: List[Step] = []
    for action in plan:
        if isinstance(action, Step):
            found.append(action)
        elif isinstance(action, Check):
            found += action.meanwhile
        elif isinstance(action, Parallel):
            found += [step for one in action.plans for step in steps(one)]
        elif isinstance(action, Attempt):
            found += steps(action.plan)
    return found


def calls(plan: Sequence[Action]) -> List[str]:
    """Return the names of the changing calls of a plan, in the order of its steps."""
    return [step.call for step in steps(plan)]


class _Run(Dict[str, Any]):
    """The values that the steps of a plan gave, and the steps that were carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.done: List[Step] = []


def execute(aws: Aws, plan: Sequence[Action]) -> Given:
    """Carry out a plan in order and return the values that its steps gave, by name.

    Raises `AwsError`, whose `done` are the steps that were carried out.
    """
    given = _Run()
    try:
        _execute(aws, plan, given)
    except AwsError as error:
        error.done = given.done
        raise
    return given


def _execute(aws: Aws, plan: Sequence[Action], given: Given) -> None:
    for action in plan:
        if isinstance(action, Parallel):
            run_in_parallel([partial(_execute, aws, one, given) for one in action.plans])
        elif isinstance(action, Wait):
            _wait(aws, action, given)
        elif isinstance(action, Check):
            _check(aws, action, given)
        elif isinstance(action, Attempt):
            _attempt(aws, action, given)
        else:
            _run_step(aws, action, given)


def _check(aws: Aws, check: Check, given: Given) -> None:
    failures, _done = run_in_parallel([partial(check.ask, aws, given), partial(_execute, aws, check.meanwhile, given)])
    if failures:
        _execute(aws, check.undo, given)
        message = check.explain(failures) if check.explain else None
        error = AwsError(message or "\n".join([check.what, *(f"- {line}" for line in failures), check.then]))
        error.is_explained = True
        raise error
    if check.mend:
        _execute(aws, check.mend(given), given)


def _attempt(aws: Aws, attempt: Attempt, given: Given) -> None:
    try:
        _execute(aws, attempt.plan, given)
    except AwsError as error:
        lines = [error.text]
        try:
            causes = attempt.rescue.ask(aws, given)
            if causes:
                _execute(aws, attempt.rescue.undo, given)
                lines += [*(f"- {line}" for line in causes), attempt.rescue.then]
        except AwsError as further:
            lines.append(further.text)
        whole = AwsError("\n".join(lines), error.code, error.operation)
        whole.is_explained = error.is_explained
        raise whole from error


def _run_step(aws: Aws, step: Step, given: Given) -> None:
    try:
        response = _send(aws, step, resolved(step.params, given))
    except AwsError as error:
        if error.code in step.done_if:
            return
        message = step.explain(error) if step.explain else None
        if message:
            raise AwsError(message, error.code, error.operation) from error
        error.subject = subject_of(step.params)
        raise
    if isinstance(given, _Run):
        given.done.append(step)
    for name, path in step.gives.items():
        given[name] = reduce(lambda value, member: value[member], path.split("."), response)
    if step.mend:
        _execute(aws, step.mend(response), given)
    if step.shown:
        _wait(aws, step.shown(response), given)


def subject_of(params: Mapping[str, Any]) -> str:
    """Return the resource that a call is about, from its parameters; empty if they name none."""
    if "TableName" in params or "RequestItems" in params:
        return f'table "{params.get("TableName") or next(iter(params["RequestItems"]), "")}"'
    for member, kind in (("RoleName", "role"), ("stageName", "stage")):
        if member in params:
            return f'{kind} "{params[member]}"'
    if set(params) == {"patchOperations"}:
        return "account settings"
    return "REST API" if "restApiId" in params or "body" in params else ""


_NOT_YET_SECONDS = 30.0
"""Seconds for which a step is repeated until AWS finds the resource that the plan has just created."""


def _send(aws: Aws, step: Step, params: Mapping[str, Any]) -> Wire:
    """Make the call of a step and return the response; of a batch, the last one."""
    deadline = time.monotonic() + _NOT_YET_SECONDS
    while True:
        try:
            if step.rest:
                return aws.drain(step.service, step.operation, params, step.rest)[-1]
            return aws.call(step.service, step.operation, params)
        except AwsError as error:
            if not step.not_yet_if or error.code != step.not_yet_if or time.monotonic() >= deadline:
                raise
        aws.pause(2.0)


_REPORT_EVERY = 30.0
"""Seconds between two reports of one wait."""


def _wait(aws: Aws, wait: Wait, given: Given) -> None:
    if not wait.is_required and aws.is_prompt(wait.service):
        return
    start, next_report = time.monotonic(), 0.0
    params = resolved(wait.params, given)
    while not _is_over(aws, wait, params):
        seconds = time.monotonic() - start
        if seconds > wait.timeout:
            waited = f"Waited {wait.timeout:.0f} seconds for {wait.what}"
            if wait.is_required:
                raise AwsError(f"{waited}. Run again to continue.")
            aws.report(f"{waited}. Wait a while before you run again.")
            return
        if seconds >= next_report:
            aws.report(f"Waiting for {wait.what}, for at most {wait.timeout - seconds:.0f} s.")
            next_report = seconds + _REPORT_EVERY
        aws.pause(wait.every)


def _is_over(aws: Aws, wait: Wait, params: Mapping[str, Any]) -> bool:
    """Read once and return whether the wait is over."""
    try:
        response = aws.find(wait.service, wait.operation, params, absent=wait.gone_if or wait.not_yet_if)
        return bool(wait.gone_if) if response is None else wait.ready(response)
    except AwsError as error:
        if not wait.is_required:  # the run has done its work
            return True
        error.subject = subject_of(params)
        raise


def resolved(value: Any, given: Given) -> Any:
    """Return a copy of `value` with each `Ref` replaced by its value, or by `UNKNOWN` if no step gave it yet."""
    if isinstance(value, Ref):
        return value.text.format(given[value.name]) if value.name in given else UNKNOWN
    if isinstance(value, dict):
        return {key: resolved(item, given) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolved(item, given) for item in value]
    return value


def put(text: str, value: Union[str, Ref]) -> Union[str, Ref]:
    """Insert the value for `{}` in `text`: at once, or for a `Ref` when it is known. `UNKNOWN` stays as it is."""
    if isinstance(value, Ref):
        return Ref(value.name, text)
    return value if value == UNKNOWN else text.format(value)


def is_known(value: Union[str, Ref]) -> bool:
    """Return whether an id belongs to a resource that exists on AWS already."""
    return not isinstance(value, Ref) and value != UNKNOWN

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A plan: the API calls that bring a resource to its declared state.

Check mode shows the plan, a real run executes it. There is one list with two readers, so that what is predicted is
what is done: who makes a plan only reads, and cannot know which of the two it is for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from .client import Aws, AwsError, Wire, side_by_side

UNKNOWN = "(known after the run)"
"""Stands in results of check mode for an id that AWS gives when the resource is made."""


Given = Dict[str, Any]
"""What the steps of a plan gave so far, by the names in their `gives`."""


@dataclass(frozen=True)
class Ref:
    """A value that a step gives, such as the id of what it made; `text` is what it is put into."""

    name: str
    text: str = "{}"


@dataclass(frozen=True)
class Step:
    """One call that changes something.

    `params` are botocore's and may hold `Ref`s at any depth. `gives` names values of the answer for later steps and
    for the result: `{"table_arn": "TableDescription.TableArn"}` stores a member of a member. `done_if` are error codes
    that say that the work is done already (somebody else deleted it first); `means` says in the user's terms what an
    error code means here, or a code with its message (`BadRequestException: Deployment id does not exist`); `{}` in
    it stands for AWS's own message. `rest` is for batches: from an answer it gives the parameters that repeat the call
    for what AWS left undone. `mend` returns, from a response, steps that correct what AWS did differently from what
    the step asked for. They run at once; the plan does not list them, because they are not known before. `shown`
    returns, from a response, the wait until reads show what the step wrote. `not_yet_if` is an error code that AWS
    returns for a while after the plan has created the step's resource; the step is repeated. `explain` returns the
    message to show for a failure, or None to show AWS's own.
    """

    service: str
    operation: str
    params: Mapping[str, Any]
    gives: Mapping[str, str] = field(default_factory=dict)
    done_if: Sequence[str] = ()
    means: Mapping[str, str] = field(default_factory=dict, compare=False)
    rest: Optional[Callable[[Wire], Mapping[str, Any]]] = None
    mend: Optional[Callable[[Wire], Sequence[Step]]] = None
    shown: Optional[Callable[[Wire], Wait]] = field(default=None, compare=False)
    not_yet_if: str = ""
    explain: Optional[Callable[[str], Optional[str]]] = None

    @property
    def call(self) -> str:
        """The name by which IAM and CloudTrail know the call: `apigateway:PutRestApi`."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True)
class Wait:
    """Reads that are repeated until AWS has finished what the step before asked for.

    `ready` judges an answer; `every` and `timeout` are seconds; `what` ends the sentence "Waited … seconds for". Where
    `gone_if` names an error code, that error means ready too: the wait is for something to disappear. Where
    `not_yet_if` names one, the wait goes on: what was just made does not show yet. After the timeout the run fails,
    unless `is_required` is false: then it only reports that.
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
    """Return the wait until reads show what the plan wrote, so that the next run does not read what was before.

    "Changes that you make in IAM ... might not be immediately visible" (IAM User Guide). For API Gateway see
    `wait_until_draft_is_seen` in `_rest_api/resource.py`. A run that has waited in vain has done its work, so it does
    not fail.
    """
    seen = f"reads to show {what} as this run left it"
    return Wait(service, operation, params, ready, seen, timeout=_SHOWN_SECONDS, not_yet_if=absent, is_required=False)


def wait_until_removed(service: str, operation: str, params: Mapping[str, Any], what: str, absent: str) -> Wait:
    """Return the wait until reads no longer show what the plan deleted, for the same reason."""
    return Wait(
        service,
        operation,
        params,
        lambda _answer: False,
        f"reads to no longer show {what}",
        timeout=_SHOWN_SECONDS,
        gone_if=absent,
        is_required=False,
    )


_SHOWN_SECONDS = 18.0
"""As long as `wait_until_draft_is_seen` waits."""


@dataclass(frozen=True)
class Check:
    """A question that must be answered well before the plan goes on: `ask` returns what is wrong, a line each.

    `what` heads these lines; `then` says how things stand where something is wrong: after the steps of `undo`, which
    take back what the plan did. `meanwhile` are steps that need not wait for the answer, since `undo` can take them
    back and nobody minds them until then. `mend` returns further actions, from what was given and found, that follow a
    good answer at once; a plan does not list them, since nobody knows them before.
    """

    ask: Callable[[Aws, Given], Sequence[str]]
    what: str
    then: str
    meanwhile: Sequence[Step] = ()
    undo: Sequence[Step] = ()
    mend: Optional[Callable[[Given], Sequence[Action]]] = None


@dataclass(frozen=True)
class SideBySide:
    """Plans of which none needs what another one does or gives: they are carried out at once."""

    plans: Sequence[Sequence[Action]]


@dataclass(frozen=True)
class Attempt:
    """A plan, and what is done where it fails: `rescue` asks then, and its `undo` follows where it finds a cause.

    The lines that `rescue` finds and its `then` are appended to the error of the plan.
    """

    plan: Sequence[Action]
    rescue: Check


Action = Union[Step, Wait, Check, SideBySide, Attempt]


def at_once(plans: Sequence[Sequence[Action]]) -> List[Action]:
    """A plan that carries these out side by side; where there are fewer than two with anything in them, just that."""
    busy = [plan for plan in plans if plan]
    return [SideBySide(busy)] if len(busy) > 1 else [action for plan in busy for action in plan]


def steps(plan: Sequence[Action]) -> List[Step]:
    """The steps of a plan in their order, of plans side by side one plan after the other; not those that undo some."""
    found: List[Step] = []
    for action in plan:
        if isinstance(action, Step):
            found.append(action)
        elif isinstance(action, Check):
            found += action.meanwhile
        elif isinstance(action, SideBySide):
            found += [step for one in action.plans for step in steps(one)]
        elif isinstance(action, Attempt):
            found += steps(action.plan)
    return found


def calls(plan: Sequence[Action]) -> List[str]:
    """The changing calls of a plan, by name, in the order of its steps."""
    return [step.call for step in steps(plan)]


class _Run(Dict[str, Any]):
    """What the steps of a plan gave so far, and the steps that were carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.done: List[Step] = []


def execute(aws: Aws, plan: Sequence[Action]) -> Given:
    """Carry out a plan in order and return what its steps gave, by name.

    Raises `AwsError` that knows the steps which were carried out.
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
        if isinstance(action, SideBySide):
            side_by_side([partial(_execute, aws, one, given) for one in action.plans])
        elif isinstance(action, Wait):
            _wait(aws, action, given)
        elif isinstance(action, Check):
            _check(aws, action, given)
        elif isinstance(action, Attempt):
            _attempt(aws, action, given)
        else:
            _take(aws, action, given)


def _check(aws: Aws, check: Check, given: Given) -> None:
    wrong, _done = side_by_side([partial(check.ask, aws, given), partial(_execute, aws, check.meanwhile, given)])
    if wrong:
        _execute(aws, check.undo, given)
        error = AwsError("\n".join([check.what, *(f"- {line}" for line in wrong), check.then]))
        error.is_explained = True
        raise error
    if check.mend:
        _execute(aws, check.mend(given), given)


def _attempt(aws: Aws, attempt: Attempt, given: Given) -> None:
    try:
        _execute(aws, attempt.plan, given)
    except AwsError as error:
        told = [error.text]
        try:
            found = attempt.rescue.ask(aws, given)
            if found:
                _execute(aws, attempt.rescue.undo, given)
                told += [*(f"- {line}" for line in found), attempt.rescue.then]
        except AwsError as further:
            told.append(further.text)
        whole = AwsError("\n".join(told), error.code, error.operation)
        whole.is_explained = error.is_explained
        raise whole from error


def _take(aws: Aws, step: Step, given: Given) -> None:
    try:
        answer = _answer(aws, step, resolved(step.params, given))
    except AwsError as error:
        if error.code in step.done_if:
            return
        meaning = next(
            (text for what, text in step.means.items() if what == error.code or error.message.endswith(what)), ""
        )
        explained = step.explain(error.message) if step.explain else None
        if explained:
            raise AwsError(explained, error.code, error.operation) from error
        if meaning:
            raise AwsError(meaning.replace("{}", error.message), error.code, error.operation) from error
        error.subject = subject_of(step.params)
        raise
    if isinstance(given, _Run):
        given.done.append(step)
    for name, path in step.gives.items():
        given[name] = reduce(lambda value, member: value[member], path.split("."), answer)
    if step.mend:
        _execute(aws, step.mend(answer), given)
    if step.shown:
        _wait(aws, step.shown(answer), given)


def subject_of(params: Mapping[str, Any]) -> str:
    """Return the resource that a call is about, from its parameters; empty where they name none."""
    if "TableName" in params or "RequestItems" in params:
        return f'table "{params.get("TableName") or next(iter(params["RequestItems"]), "")}"'
    for member, kind in (("RoleName", "role"), ("stageName", "stage")):
        if member in params:
            return f'{kind} "{params[member]}"'
    return "REST API" if "restApiId" in params or "body" in params else ""


_NOT_YET_SECONDS = 30.0
"""How long a step waits for what the plan has just created to be seen by AWS."""


def _answer(aws: Aws, step: Step, params: Mapping[str, Any]) -> Wire:
    """Make the call of a step, and return the response; of a batch, the last one."""
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
    start, next_report = time.monotonic(), 0.0
    params = resolved(wait.params, given)
    while not _is_over(aws, wait, params):
        seconds = time.monotonic() - start
        if seconds > wait.timeout:
            waited = f"Waited {wait.timeout:.0f} seconds for {wait.what}"
            if wait.is_required:
                raise AwsError(f"{waited}; run again to go on from there.")
            aws.report(f"{waited}. Wait a while before you run again.")
            return
        if seconds >= next_report:
            aws.report(f"Waiting for {wait.what}, for at most {wait.timeout - seconds:.0f} s.")
            next_report = seconds + _REPORT_EVERY
        aws.pause(wait.every)


def _is_over(aws: Aws, wait: Wait, params: Mapping[str, Any]) -> bool:
    """Return whether a read shows what a wait is for."""
    try:
        answer = aws.find(wait.service, wait.operation, params, absent=wait.gone_if or wait.not_yet_if)
    except AwsError as error:
        if not wait.is_required:  # what the run had to do is done
            return True
        error.subject = subject_of(params)
        raise
    return bool(wait.gone_if) if answer is None else wait.ready(answer)


def resolved(value: Any, given: Given) -> Any:
    """A copy of `value` in which each `Ref` is the value that it names, or `UNKNOWN` where nothing gave one yet."""
    if isinstance(value, Ref):
        return value.text.format(given[value.name]) if value.name in given else UNKNOWN
    if isinstance(value, dict):
        return {key: resolved(item, given) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolved(item, given) for item in value]
    return value


def put(text: str, value: Union[str, Ref]) -> Union[str, Ref]:
    """`text` with the value in the place of `{}`, now or, for a `Ref`, when it is known; `UNKNOWN` stays unknown."""
    if isinstance(value, Ref):
        return Ref(value.name, text)
    return value if value == UNKNOWN else text.format(value)


def is_known(value: Union[str, Ref]) -> bool:
    """Whether an id stands for something that is on AWS already."""
    return not isinstance(value, Ref) and value != UNKNOWN

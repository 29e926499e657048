# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The code between an Ansible module and a resource, which all modules of the collection share.

A resource is a function `planned(aws, params) -> Planned`. It reads, compares and plans, and changes nothing; it knows
neither a module nor check mode. This file calls it with an `Aws`, executes the plan unless in check mode, and converts
the outcome or an error to a result of Ansible.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Set

from .client import Aws
from .diff_text import as_text, without_long_text
from .errors import AwsError
from .ownership import Adoption, describe_change, require_adoption
from .plan import Action, Step, calls, execute, resolved, subject_of
from .plan_lines import CHANGE, SIGNS, Entry, entry, lines

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
except ImportError:  # reported by AnsibleAWSModule
    pass

Params = Mapping[str, Any]

RETRIES = {"retry_timeout": {"type": "int", "default": 300}}
"""The option of all modules that call AWS, in seconds; the doc fragment `retries` documents it."""


@dataclass(frozen=True)
class Diff:
    """A state before and after, as plain data or text. `title` heads both sides (`GET /{id}`)."""

    before: Any
    after: Any
    title: str = ""

    def as_ansible(self) -> Dict[str, str]:
        """Return the form that `--diff` prints. A new resource shows only the length of a text of several lines."""
        is_new = not self.before
        before, after = as_text(self.before), as_text(without_long_text(self.after) if is_new else self.after)
        if before == after:  # states with the same text: None and an empty one, 1 and "1"
            before, after = (
                "" if state is None else json.dumps(state, indent=2, sort_keys=True, default=str) + "\n"
                for state in (self.before, self.after)
            )
        shown = {"before": before, "after": after}
        if self.title:
            shown.update(before_header=self.title, after_header=self.title)
        return shown


@dataclass(frozen=True)
class Planned:
    """The plan that brings a resource to its desired state, and the state after it.

    `values` are the module's return values, with a `Ref` for each value that a step of the plan gives.
    `adoptions` are the resources of others that the plan changes, for which the user has to write `adopt: true`.
    """

    plan: Sequence[Action]
    values: Mapping[str, Any]
    diffs: Sequence[Diff] = field(default_factory=tuple)
    live: Callable[[Sequence[Step]], str] = lambda _done: ""
    """Returns what the stage serves if the plan failed after these steps."""
    adoptions: Sequence[Adoption] = field(default_factory=tuple)


def build_adoption(resource: str, diffs: Sequence[Diff]) -> Adoption:
    """Return the adoption of a resource of somebody else by a plan with these differences."""
    lines = [describe_change(diff.title, diff.before, diff.after) for diff in diffs]
    return Adoption(resource, [line for line in lines if line])


@dataclass(frozen=True)
class Outcome:
    """A plan that was executed, or in check mode would be. `changed` depends only on the plan."""

    plan: Sequence[Action]
    values: Mapping[str, Any]
    diffs: Sequence[Diff]

    def as_result(self, with_diff: bool = True) -> Dict[str, Any]:
        """Return the module's result, with the long `diff` only if Ansible shows it."""
        made = calls(self.plan)
        differing = [diff for diff in self.diffs if diff.before != diff.after]
        entries = [entry(diff.title, diff.before, diff.after) for diff in differing]
        if made and not entries:  # every change is listed
            entries = [Entry(CHANGE, call) for call in made]
        result: Dict[str, Any] = {"changed": bool(made), "calls": made, "summary": summary(entries)}
        result["changes"] = lines(entries)
        result.update(self.values)
        return {**result, "diff": [diff.as_ansible() for diff in differing]} if with_diff else result


def summary(entries: Sequence[Entry]) -> Dict[str, List[str]]:
    """Return `{"add": […], "change": […], "remove": […]}`: the names of what changes, each with its changes."""
    return {kind: [str(one) for one in entries if one.kind == kind] for kind in SIGNS}


Resource = Callable[[Aws, Params], Planned]


def converge(aws: Aws, resource: Resource, params: Params, check_mode: bool) -> Outcome:
    """Plan, and execute the plan unless in check mode, where the values that steps give stay unknown.

    Raises `AwsError` before the first change if the plan changes what others created and `adopt` is not set.
    """
    planned = resource(aws, params)
    require_adoption(planned.adoptions, bool(params.get("adopt")))
    try:
        given = {} if check_mode else execute(aws, planned.plan)
    except AwsError as error:
        raise _with_state(error, planned) from error
    return Outcome(planned.plan, resolved(planned.values, given), planned.diffs)


def _with_state(error: AwsError, planned: Planned) -> AwsError:
    """Return the error of a plan with what the plan has changed, what is live, and what to do next."""
    lines = [error.text]
    if error.done and not error.is_explained:
        changed = dict.fromkeys(f"{subject_of(step.params)} ({step.operation})".strip() for step in error.done)
        lines += [f"Changed before that: {', '.join(changed)}.", f"{planned.live(error.done)} {_AGAIN}".strip()]
    whole = AwsError("\n".join(lines), error.code, error.operation)
    whole.done = error.done
    return whole


_AGAIN = "Run again: the run goes on from there."


def aws_secrets(values: Iterable[str]) -> Set[str]:
    """Return those values of `secret_key` and `session_token` that can be AWS secrets.

    Ansible replaces each secret wherever it occurs in a result. Local AWSs accept any secret key, and most people write
    `test`: the stage `test` and its URL would be replaced in outputs.json and in the facts that later tasks read.
    """
    return {value for value in values if len(value) >= _SHORTEST_AWS_SECRET}


_SHORTEST_AWS_SECRET = 40
"""The length of a secret access key. Session tokens are longer.

AWS itself searches for secret keys with `[A-Za-z0-9/+=]{40}`:
https://aws.amazon.com/blogs/security/a-safer-way-to-distribute-aws-credentials-to-ec2/
"""


def run_module(module: Any, resource: Resource, secrets: Iterable[str] = ()) -> None:
    """Run a resource under an `AnsibleAWSModule` and exit. `secrets` are texts to hide beside the AWS credentials."""
    hidden = {*aws_secrets(module.no_log_values), *secrets}
    module.no_log_values.intersection_update(hidden)  # in place: the wrapper hands out the set of its AnsibleModule
    module.no_log_values.update(hidden)
    try:
        outcome = converge(open_aws(module), resource, module.params, module.check_mode)
    except AwsError as error:
        module.fail_json(**failure(error))
    result = outcome.as_result(module._diff)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(**result)


def failure(error: AwsError) -> Dict[str, Any]:
    """Return the result of a failed task: the message, and AWS's error code if there is one."""
    details = {"code": error.code, "operation": error.operation}
    known = {key: value for key, value in details.items() if value}
    changed = {"changed": True, "calls": [step.call for step in error.done]} if error.done else {}
    return {"msg": error.message, **({"error": known} if known else {}), **changed}


def open_aws(module: Any, report: Callable[[str], None] = lambda text: None) -> Aws:
    """Return the AWS of the module's connection options; `report` shows the user a line while the run goes on.

    Raises `AwsError` before any call if the Region or the credentials are missing, with both errors at once.
    """
    credentials = _two_credentials(module.params) or _without_credentials(module.params)
    errors = [text for text in (_without_region(module), credentials) if text]
    if errors:
        raise AwsError("Cannot reach AWS. " + " ".join(errors))
    seconds = module.params["retry_timeout"]
    if seconds < 0:
        raise AwsError(f"retry_timeout is {seconds}; write the seconds for which calls are repeated, 0 for never.")
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"})  # Aws.call repeats calls, conflicts too
    return Aws(lambda service: module.client(service, config=config), retry_seconds=seconds, report=report)


def _without_region(module: Any) -> Optional[str]:
    if module.region:
        return None
    return "No Region is set: give the option `region`, or set AWS_REGION, or a region in the AWS profile."


def _two_credentials(params: Params) -> Optional[str]:
    keys = [word for word in ("access_key", "secret_key", "session_token") if params.get(word)]
    if not (params.get("profile") and keys):
        return None
    return (
        f'The profile "{params["profile"]}" (option `profile`, or AWS_PROFILE) and keys ({", ".join(keys)}: options, '
        "or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN) are given at once, maybe of two accounts. "
        "Unset one of the two: `env -u AWS_PROFILE ansible-playbook …`, or "
        "`env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN ansible-playbook …`."
    )


def _without_credentials(params: Params) -> Optional[str]:
    if params.get("access_key") and params.get("secret_key"):
        return None
    try:
        found = boto3.session.Session(profile_name=params.get("profile") or None).get_credentials()
    except BotoCoreError as error:
        return f"{error}."
    if found:
        return None
    return (
        "No credentials were found: give the option `profile`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY, or run where an instance or container role provides them."
    )

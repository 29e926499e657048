# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The removal of one stage of an API, and with the last stage of everything that no other stage needs, as one plan.

Everything is read before the first deletion, and everything that prevents the removal is reported at once. The REST API
is deleted first and alone: if AWS rejects that (base path mappings of custom domains), the run stops before anything is
deleted. And no request reaches an API whose role or table no longer exists.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Optional, Sequence

from .._dynamodb.table_changes import paced, removal
from .._dynamodb.table_model import readable
from .._engine.client import Aws
from .._engine.errors import AwsError, raise_errors
from .._engine.invoke_url import invoke_url
from .._engine.ownership import owner, reason_to_keep
from .._engine.plan import Action, Step, Wait, in_parallel, messages_by_code, steps
from .._engine.resource import Diff, Params, Planned
from .._execution_role.changes import removal as role_removal
from .._rest_api.resource import is_ours, wait_until_api_is_removed
from .._rest_api.state import Plain
from .._stage.steps import delete_stage, wait_until_stage_is_removed
from .existing import POLICY_NAME, Existing, ExistingRole, ExistingTable, read_existing


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that deletes the stage, and with the last one the REST API, the role, and the named tables.

    Raises `AwsError` with everything that prevents the removal.
    """
    _check_options(params)
    existing = read_existing(aws, params)
    _check_target(aws, params, existing)
    target = _Removal(aws, params, existing)
    first, last = [*target.stage(), *target.api()], [*target.role(), *target.tables()]
    deleted = [part for part in [*first, *last] if not part.stays]
    _check_blockers(target, deleted)
    # Reads may show the API for a while; the other deletions need not wait for that.
    waits = [part.wait for part in first if part.plan and part.wait]
    plan = [*(action for part in first for action in part.plan), *in_parallel([*(part.plan for part in last), waits])]
    values = _values(target, [*first, *last], plan)
    if params.get("expected_plan") not in (None, values["plan"]):
        now = ", ".join(values["deletes"]) or "nothing"
        raise AwsError(
            f'The resources of "{params["name"]}" have changed since the removal was planned. Nothing was deleted. A '
            f"new plan deletes: {now}. Run again and confirm that plan."
        )
    return Planned(plan, values, [Diff(part.state, None, part.title) for part in deleted])


def _check_options(params: Params) -> None:
    nameless = [number for number, table in enumerate(params["tables"]) if not table.get("name")]
    errors = [f"tables[{number}] has no name; write `name: TABLE`" for number in nameless]
    if params["delete_items"] and not params["delete_tables"]:
        errors.append("delete_items: true has no effect without delete_tables: true; set both, or neither")
    raise_errors(f'service_proxy "{params["name"]}"', errors)


def _check_target(aws: Aws, params: Params, existing: Existing) -> None:
    """Raise `AwsError` if the API or the stage cannot be the one that the user means."""
    if existing.duplicates:
        raise AwsError(f"{existing.duplicates} Nothing was deleted.")
    if existing.api is None:
        return
    what = f'REST API "{params["name"]}" in {aws.region()}'
    if existing.stages and not existing.stage(params["stage"]):
        names = ", ".join(existing.other_stages(params["stage"]))
        raise AwsError(f'{what} has no stage "{params["stage"]}"; its stages: {names}. Nothing was deleted.')
    if not is_ours(existing.api):
        raise AwsError(
            f"{what} ({existing.api['id']}) was not deployed by this collection. Nothing was deleted. To delete the "
            f"API anyway, use codeless.apigateway.rest_api with `name: {params['name']}` and `state: absent`."
        )


@dataclass(frozen=True)
class _Part:
    """A resource that exists, and what happens to it.

    It is deleted by `deletion` unless `stays` gives a reason to keep it. `blockers` are what a user must do before it
    can be deleted. `wait` lasts until reads no longer show it.
    """

    title: str
    state: Any
    note: str = ""
    deletion: Sequence[Action] = ()
    stays: str = ""
    blockers: Sequence[str] = ()
    wait: Optional[Wait] = None

    @property
    def plan(self) -> Sequence[Action]:
        """Return the plan that deletes the resource; empty if it stays."""
        return () if self.stays else self.deletion

    @property
    def line(self) -> str:
        """Return the resource as text: `table orders (about 12 items)`."""
        notes = ", ".join(note for note in (self.note, self.stays) if note)
        return f"{self.title} ({notes})" if notes else self.title


@dataclass(frozen=True)
class _Removal:
    """The stage to remove, and the resources of its API. Each method returns the parts of one kind."""

    aws: Aws
    params: Params
    existing: Existing

    @property
    def needed(self) -> str:
        """Return why the API, the role and the tables stay: the API has other stages; empty if it has none."""
        others = self.existing.other_stages(self.params["stage"])
        return f"needed by the stage{'s' if len(others) > 1 else ''} {', '.join(others)}" if others else ""

    def stage(self) -> List[_Part]:
        """Return the stage. DeleteRestApi deletes the last stage with its API, so that needs no call."""
        api, name = self.existing.api, self.params["stage"]
        stage = self.existing.stage(name)
        if api is None or stage is None:
            return []
        url = str(invoke_url(self.aws, api["id"], name))
        goes_with_api = not any(part.stays for part in self.api())
        step = _explain_rejection(delete_stage(api["id"], name), f'stage "{name}"')
        state = {"url": url, "deployment": stage["deploymentId"]}
        wait = wait_until_stage_is_removed(api["id"], name)
        return [_Part(f"stage {name}", state, url, [] if goes_with_api else [step], wait=wait)]

    def api(self) -> List[_Part]:
        """Return the REST API."""
        api, name = self.existing.api, self.params["name"]
        if api is None:
            return []
        step = Step("apigateway", "DeleteRestApi", {"restApiId": api["id"]}, done_if=["NotFoundException"])
        return [
            _Part(
                f"REST API {name}",
                {"id": api["id"]},
                api["id"],
                [_explain_rejection(step, f'REST API "{name}"')],
                self.needed or _reason_to_keep_api(api),
                wait=wait_until_api_is_removed(api),
            )
        ]

    def role(self) -> List[_Part]:
        """Return the execution role."""
        role = self.existing.role
        if role is None:
            return []
        title, state = f"role {role.name}", {"policies": [*role.inline, *role.attached]}
        stays = self.needed or self._reason_to_keep_role(role)
        if stays:
            return [_Part(title, state, stays=stays)]
        blocker = (
            f"{title} has policies of others: {', '.join(role.foreign_policies)}. AWS deletes no role that has "
            "policies. Remove them from the role if nothing else needs it."
        )
        plan = role_removal(role.name, POLICY_NAME, role.inline)
        return [_Part(title, state, deletion=plan, blockers=[blocker] if role.foreign_policies else [])]

    def _reason_to_keep_role(self, role: ExistingRole) -> str:
        reason = reason_to_keep(role.owner, self.params["name"])
        if reason or not role.principals:
            return reason
        return f"assumed by others: {', '.join(role.principals)}"

    def tables(self) -> List[_Part]:
        """Return the tables, each with its number of items."""
        return [self._table(table) for table in self.existing.tables.values()]

    def _table(self, table: ExistingTable) -> _Part:
        title, state = f"table {table.name}", readable(table.found.table)
        stays = self.needed or self._reason_to_keep_table(table)
        if stays:
            return _Part(title, state, table.size, stays=stays)
        plan = paced(removal(table.name, table.found.status), wait=False, timeout=_TABLE_TIMEOUT)
        return _Part(title, state, table.size, plan, blockers=_table_blockers(table))

    def _reason_to_keep_table(self, table: ExistingTable) -> str:
        declarations = [one for one in self.params["tables"] if one["name"] == table.name]
        if any(one.get("managed") is False for one in declarations):
            return "managed elsewhere"
        if table.found.status == "DELETING":
            return "AWS is deleting it already"
        if table.owner is None:
            return "deleted only if asked for"
        return reason_to_keep(table.owner, self.params["name"])


_TABLE_TIMEOUT = 600.0
"""Seconds to wait for a table that AWS still creates or changes, before it can be deleted."""


def _reason_to_keep_api(api: Plain) -> str:
    """Return why a removal keeps the API; empty if the collection created it.

    Most APIs have no mark, because their version shows that the collection created them. The name in a mark does not
    count: an API can be renamed.
    """
    mark = owner(api.get("tags") or {})
    return reason_to_keep(mark) if mark else ""


def _table_blockers(table: ExistingTable) -> List[str]:
    """Return what prevents the deletion of a table, each with its remedy."""
    blockers = []
    if table.found.table.deletion_protection:
        blockers.append(
            f"table {table.name} is protected against deletion. Deploy it with `deletion_protection: false` first, or "
            "leave out `delete_tables`."
        )
    if table.found.holds_items:
        blockers.append(
            f"table {table.name} holds items ({table.size}). To delete them with it, set `delete_items: true` (in the "
            "role and the playbooks: -e service_proxy_destroy_items=true)."
        )
    return blockers


def _explain_rejection(step: Step, what: str) -> Step:
    """Return the deletion with an error message for base path mappings, which prevent it.

    "Deleting RestApi … failed. Please remove all base path mappings related to the RestApi in your domains: …" and
    "Deleting stage … failed. Please remove all base path mappings related to the stage in your domains: …" are
    BadRequestException (zappa/Zappa#264, serverless/serverless#3638). AWS names the domains, so they are not read.
    """
    message = (
        f"{what}: AWS rejected the deletion, and nothing was deleted. {{}} Remove a base path mapping with "
        "`aws apigateway delete-base-path-mapping --domain-name DOMAIN --base-path PATH`, then run again."
    )
    return replace(step, explain=messages_by_code({"BadRequestException": message}))


def _check_blockers(target: _Removal, parts: Sequence[_Part]) -> None:
    """Raise `AwsError` with everything that prevents the deletion of these parts."""
    blockers = [f"- {blocker}" for part in parts for blocker in part.blockers]
    if blockers:
        what = f'Cannot remove the stage "{target.params["stage"]}" of "{target.params["name"]}"'
        where = f"account {target.aws.account_id()}, {target.aws.region()}"
        raise AwsError("\n".join([f"{what} ({where}):", *blockers, "Nothing was deleted."]))


def _values(target: _Removal, parts: Sequence[_Part], plan: Sequence[Action]) -> Dict[str, Any]:
    """Return the module's return values."""
    aws, params, existing = target.aws, target.params, target.existing
    url = str(invoke_url(aws, existing.api["id"], params["stage"])) if existing.api and existing.stages else ""
    where = {
        "name": params["name"],
        "stage": params["stage"],
        "account_id": aws.account_id(),
        "region": aws.region(),
        "invoke_url": url,
    }
    # Changes as soon as a run would delete something else, or the stage was deployed in the meantime.
    content = [
        where,
        [[step.call, step.params] for step in steps(plan)],
        [[part.title, part.state, bool(part.stays)] for part in parts],
    ]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    return {
        **where,
        "deletes": [part.line for part in parts if not part.stays],
        "stays": [part.line for part in parts if part.stays],
        "remaining_stages": existing.other_stages(params["stage"]),
        "plan": digest[:16],
    }

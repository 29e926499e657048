# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The history of a stage: what it served before, its next record, and the deployments that nothing needs any more.

A rollback does not change the record, so `previous` names the same deployment however often a task requests it.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Set, Union

from .._engine.plan import Ref
from .._rest_api.state import Plain
from .deployment_description import digest_of
from .history_record import Record, record_of, written_record
from .releases import Releases, canary_deployment_id

_LONGEST = 50
"""The most earlier deployments in a record: 900 characters. AWS documents no limit of their number."""


def previous(stage: Plain, releases: Releases) -> Optional[str]:
    """Return the deployment that a stage served before it was last deployed to; None if that is unknown.

    It is unknown without a record, if that deployment was deleted, and if the stage now serves a third one.
    """
    record = record_of(stage)
    before = next(iter(record.before), None) if record else None
    if record is None or stage["deploymentId"] not in (record.deployment, before):
        return None
    return before if releases.deployment(before) else None


def is_rolled_back(stage: Optional[Plain]) -> bool:
    """Return whether a stage serves another deployment than the one that it was last deployed to."""
    record = written_record(stage) if stage else None
    return bool(stage and record and record.deployment != stage["deploymentId"])


def next_record(
    target: Union[str, Ref],
    digest: Optional[str],
    keep: int,
    stage: Optional[Plain],
    releases: Releases,
    policy_id: Optional[str] = None,
) -> Record:
    """Return the record of a stage that is deployed to `target`, whose content has this digest.

    `policy_id` is that of the policy which a new deployment needs. The record has the last `keep` (1 or more)
    deployments before, of which the first is the one that the stage serves now.
    """
    history = _history(stage, releases) if stage else {}
    before = dict([(name, is_ours) for name, is_ours in history.items() if name != target][: min(keep, _LONGEST)])
    policy_ids = {name: known for name in before for known in [releases.policy_id(name)] if known}
    return Record(
        target, digest, before, policy_id if isinstance(target, Ref) else releases.policy_id(target), policy_ids
    )


def deployments_to_delete(keep: int, target: Optional[str], stage: Plain, releases: Releases) -> List[str]:
    """Return the deployments to delete when a stage is deployed to `target`: ours beyond the last `keep`.

    What a stage or a canary serves, and what the records of other stages name, is kept: a rollback needs it. If the
    deployments were read, those that no record names count among the oldest, so that what an interrupted run or an
    aborted canary left is deleted too. They are read if the next record names less than there is to delete: if it is
    full, and if it drops what another stage needs, because it may have dropped that before.
    """
    history = _history(stage, releases)
    needed = _needed(releases, stage)
    earlier = [name for name in history if name != target]
    if len(earlier) > _LONGEST or needed.intersection(earlier[keep:]):
        earlier = [name for name in earlier if releases.deployment(name)]
    unnamed = [item["id"] for item in releases.read_so_far or [] if digest_of(item) and item["id"] not in history]
    earlier += [name for name in unnamed if name not in needed and name != target]
    return [name for name in earlier[keep:] if history.get(name, True) and name not in needed]


def _history(stage: Plain, releases: Releases) -> Dict[str, bool]:
    """Return the current deployment of a stage and the earlier ones, the newest first, and whether each is ours.

    If the deployments were read, those that no longer exist are omitted.
    """
    record, served = record_of(stage), stage["deploymentId"]
    named = {record.names[0]: record.digest is not None, **record.before} if record else {}
    if served not in named:
        named[served] = releases.digest(served) is not None
    history = {served: named[served], **named}
    return {name: is_ours for name, is_ours in history.items() if not releases.read_so_far or releases.deployment(name)}


def _needed(releases: Releases, stage: Plain) -> Set[str]:
    """Return what the stages other than this one serve and have in their records, and what any canary serves."""
    others = [other for other in releases.stages if other is not stage]
    named = {name for record in map(written_record, others) if record for name in record.names}
    served = [other["deploymentId"] for other in others] + [canary_deployment_id(one) for one in releases.stages]
    return named | {deployment_id for deployment_id in served if deployment_id}

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The deployments of an API: what they hold, what a stage served before, and which of them go.

Two things on AWS tell it. The record in a stage's description (`_stage_record`) says what that stage was deployed to.
The description of a deployment, `Deployed to prod (sha256:…)`, has the digest of its content. The records come with
the stages; the deployments are read where the records do not tell enough.

Going back to a deployment writes nothing, so "previous" means the same however often it is asked for.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import AbstractSet, Any, Callable, Dict, List, Mapping, Optional, Set, Tuple, Union

from .._engine.plan import UNKNOWN, Ref
from .._rest_api.state import Plain
from .history_record import DIGEST, Record, split

DRAFT_VERSION = re.compile(r"[0-9a-f]{16}")
"""The version of a draft that `_rest_api` has imported: the beginning of its content's digest."""

_LONGEST = 50
"""Deployments before the last that a record names at most: 900 characters. AWS's limit to them is not known."""


class Releases:
    """The stages of an API as GetStages answers, and its deployments, which are read when they are asked for.

    `read` gives the deployments as GetDeployments does, the newest first. It is called once or never.
    """

    def __init__(self, stages: List[Plain], read: Callable[[], List[Plain]]) -> None:
        self.stages = stages
        self._read = read
        self._deployments: Optional[List[Plain]] = None
        records = [record for record in map(record_of, stages) if record]
        self._digests = {record.deployment: record.digest for record in records}
        written = [record for record in map(_written_record, stages) if record]
        self._recorded = [record.digest for record in written]
        self._marks = {name: mark for record in written for name, mark in record.marks.items()}
        self._marks.update({str(record.deployment): record.mark for record in written if record.mark})

    @property
    def deployments(self) -> List[Plain]:
        """All deployments, the newest first."""
        if self._deployments is None:
            self._deployments = self._read()
        return self._deployments

    @property
    def read_so_far(self) -> Optional[List[Plain]]:
        """All deployments, the newest first; None where they were not read yet."""
        return self._deployments

    @property
    def are_told(self) -> bool:
        """Whether the records tell the content of all that stages and canaries serve."""
        return all(deployment_id in self._digests for deployment_id in self.served)

    def stage(self, name: str) -> Optional[Plain]:
        """The stage of this name; None if there is none."""
        return next((stage for stage in self.stages if stage["stageName"] == name), None)

    def deployment(self, deployment_id: Any) -> Optional[Plain]:
        """The deployment with this id; None if there is none."""
        return next((item for item in self.deployments if item["id"] == deployment_id), None)

    def digest(self, deployment_id: Any) -> Optional[str]:
        """The digest of a deployment's content; None where it was made by other means, or is not there."""
        if deployment_id in self._digests:
            return self._digests[deployment_id]
        return digest_of(self.deployment(deployment_id) or {})

    @property
    def named(self) -> Set[str]:
        """What stages and canaries serve, and what the records of stages name."""
        records = [record for record in map(_written_record, self.stages) if record]
        return {*self.served, *(name for record in records for name in record.names)}

    @property
    def served(self) -> Set[str]:
        """The deployments that stages and canaries serve."""
        both = [deployment_id for stage in self.stages for deployment_id in (stage["deploymentId"], canary_of(stage))]
        return {deployment_id for deployment_id in both if deployment_id}

    def leftovers(self, draft_version: str) -> List[str]:
        """Return the deployments that an interrupted run has left: made of the draft, and never served by a stage.

        `draft_version` is the beginning of the digest of the draft's content. Where a record has this digest, the run
        that imported the draft has moved its stage, and the deployments need not be read.
        """
        content = f"sha256:{draft_version}"
        if not DRAFT_VERSION.fullmatch(draft_version) or any((one or "").startswith(content) for one in self._recorded):
            return []
        ours = [item["id"] for item in self.deployments if (digest_of(item) or "").startswith(content)]
        return [deployment_id for deployment_id in ours if deployment_id not in self.named]

    def mark(self, deployment_id: str) -> Optional[str]:
        """Return the mark of the policy that a deployment needs, where a record or the list, if it was read, has it."""
        listed = next((item for item in self.read_so_far or [] if item["id"] == deployment_id), {})
        return self._marks.get(deployment_id) or policy_mark(listed)

    def recorded_marks(self, without: AbstractSet[str]) -> Set[str]:
        """Return the marks of the policies that the deployments in the records need, those in `without` left out.

        Deployments that are gone are left out too, where the list was read.
        """
        gone = {name for name in self._marks if self.read_so_far is not None and not self.deployment(name)}
        return {mark for name, mark in self._marks.items() if name not in without and name not in gone}

    def policy_marks(self, without: AbstractSet[str]) -> Optional[Set[str]]:
        """Return the marks of the policies that the deployments need, those in `without` left out.

        None where that is not known of one of them: of one that was made by an earlier version of this collection, and
        of one that was made by other means, as long as a stage or a canary serves it.
        """
        kept = [item for item in self.deployments if item["id"] not in without]
        unmarked = [item for item in kept if not policy_mark(item)]
        unknown = [item for item in unmarked if digest_of(item) or item["id"] in self.served]
        if unknown or not self.served <= {item["id"] for item in self.deployments}:
            return None
        return {mark for mark in map(policy_mark, kept) if mark}

    def label(self, deployment: Union[str, Ref]) -> str:
        """A deployment as people tell it from others; by its id alone where the deployments were not read."""
        if isinstance(deployment, Ref):
            return UNKNOWN
        return next((label(item) for item in self.read_so_far or [] if item["id"] == deployment), deployment)


def record_of(stage: Mapping[str, Any]) -> Optional[Record]:
    """The record of a stage, where it serves one of the deployments in it.

    Else somebody has moved the stage by other means, and the record is not believed.
    """
    record = _written_record(stage)
    return record if record and stage["deploymentId"] in record.names else None


def _written_record(stage: Mapping[str, Any]) -> Optional[Record]:
    return split(stage.get("description") or "")[1]


def canary_of(stage: Mapping[str, Any]) -> Optional[str]:
    """The deployment that a stage's canary serves; None where the stage has no canary."""
    return (stage.get("canarySettings") or {}).get("deploymentId")


def digest_of(deployment: Mapping[str, Any]) -> Optional[str]:
    """The digest in a deployment's description; None where the deployment was made by other means."""
    found = DIGEST.search(deployment.get("description") or "")
    return found.group(0) if found else None


_POLICY_MARK = re.compile(rf"{DIGEST.pattern} policy (?P<mark>[0-9a-f]+)\)")


def with_policy_mark(digest: str, mark: Optional[str]) -> str:
    """Return what a deployment's description says of its content: the digest, and the mark of its policy if given."""
    return f"{digest} policy {mark}" if mark else digest


def policy_mark(deployment: Mapping[str, Any]) -> Optional[str]:
    """Return the mark of the policy that a deployment needs; None where its description has none."""
    found = _POLICY_MARK.search(deployment.get("description") or "")
    return found["mark"] if found else None


def text_of(deployment: Mapping[str, Any]) -> str:
    """A deployment's description without what is written for programs."""
    description = deployment.get("description") or ""
    return DIGEST.split(description)[0].rstrip(" (") if digest_of(deployment) else description


def created(deployment: Mapping[str, Any]) -> str:
    """When a deployment was made."""
    return utc(deployment["createdDate"])


def utc(moment: datetime) -> str:
    """A time as people compare it with others: `2026-11-22T22:14:05Z`."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: UP017 (modules run on older Pythons)


def label(deployment: Mapping[str, Any]) -> str:
    """A deployment as people tell it from others: its id, when it was made, and its description."""
    return ", ".join(part for part in (deployment["id"], created(deployment), text_of(deployment)) if part)


def listed(releases: Releases) -> str:
    """All deployments for an error message, a line each, with the stages and canaries that serve them."""
    lines = []
    for item in releases.deployments:
        served_by, canary_on = serving(item["id"], releases.stages)
        told = [f"{name} serves it" for name in served_by] + [f"the canary of {name} serves it" for name in canary_on]
        lines.append("\n- " + "; ".join([label(item), *told]))
    return "There are:" + "".join(lines) if lines else "There are none."


def serving(deployment_id: str, stages: List[Plain]) -> Tuple[List[str], List[str]]:
    """The names of the stages that serve a deployment, and of those whose canary does."""
    served_by = [stage["stageName"] for stage in stages if stage["deploymentId"] == deployment_id]
    return sorted(served_by), sorted(stage["stageName"] for stage in stages if canary_of(stage) == deployment_id)


def with_content(content: str, stage: Optional[Plain], releases: Releases, is_new: bool) -> Optional[str]:
    """A deployment with this content; None if there is none.

    It is what the stage or its canary serves, else what another stage serves, else the newest. One that no stage
    serves was gone back from, or is what a run left that was cut short between making and moving. `is_new` says that
    no run was cut short there, so that the deployments need not be read to find it.
    """
    served = [stage["deploymentId"], canary_of(stage)] if stage else []
    served += [other["deploymentId"] for other in releases.stages]
    for deployment_id in served:
        if deployment_id and releases.digest(deployment_id) == content:
            return str(deployment_id)
    known = releases.read_so_far or [] if is_new else releases.deployments
    return next((item["id"] for item in known if digest_of(item) == content), None)


def previous(stage: Plain, releases: Releases) -> Optional[str]:
    """The deployment that a stage served before it was last deployed to; None where that cannot be told.

    It cannot where no record tells, where that deployment is gone, and where the stage has been moved since to a
    third one.
    """
    record = record_of(stage)
    before = next(iter(record.before), None) if record else None
    if record is None or stage["deploymentId"] not in (record.deployment, before):
        return None
    return before if releases.deployment(before) else None


def is_moved_away(stage: Optional[Plain]) -> bool:
    """Whether a stage serves another deployment than the one that it was last deployed to, as after a roll back."""
    record = _written_record(stage) if stage else None
    return bool(stage and record and record.deployment != stage["deploymentId"])


def next_record(
    target: Union[str, Ref],
    digest: Optional[str],
    keep: int,
    stage: Optional[Plain],
    releases: Releases,
    mark: Optional[str] = None,
) -> Record:
    """The record of a stage that is made with the deployment `target`, or moved to it.

    `mark` is that of the policy which a new deployment needs. The record names the `keep` (1 or more) deployments
    before, of which the first is what the stage serves until now.
    """
    history = _history(stage, releases) if stage else {}
    before = dict([(name, is_ours) for name, is_ours in history.items() if name != target][: min(keep, _LONGEST)])
    marks = {name: known for name in before for known in [releases.mark(name)] if known}
    return Record(target, digest, before, mark if isinstance(target, Ref) else releases.mark(target), marks)


def surplus(keep: int, target: Optional[str], stage: Plain, releases: Releases) -> List[str]:
    """The deployments to delete when a stage moves to `target`: ours beyond the `keep` before it, save what is needed.

    Needed are what any stage or canary serves, and what the records of the other stages name: a roll back goes there.
    Where the deployments were read, those that no record names are counted among the oldest; so what was cut short
    or aborted goes, too. They are read where this record comes to name less than there is to delete: where it has no
    room for more, and where it forgets what another stage needs, as that may have been forgotten there before.
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
    """What a stage serves, and was deployed to before, the newest first; and of each whether it is ours.

    What is gone is left out, where the deployments were read.
    """
    record, served = record_of(stage), stage["deploymentId"]
    named = {record.names[0]: record.digest is not None, **record.before} if record else {}
    if served not in named:
        named[served] = releases.digest(served) is not None
    history = {served: named[served], **named}
    return {name: is_ours for name, is_ours in history.items() if not releases.read_so_far or releases.deployment(name)}


def _needed(releases: Releases, moving: Plain) -> Set[str]:
    """What the stages other than the one that moves serve and have in their records, and what any canary serves."""
    others = [stage for stage in releases.stages if stage is not moving]
    named = {name for record in map(_written_record, others) if record for name in record.names}
    served = [stage["deploymentId"] for stage in others] + [canary_of(stage) for stage in releases.stages]
    return named | {deployment_id for deployment_id in served if deployment_id}

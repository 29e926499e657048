# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The stages and deployments of an API.

Two things on AWS hold the history of an API. The record in a stage's description (`history_record`) has the deployments
that the stage served. The description of a deployment (`deployment_description`) has the digest of its content. The
records arrive with the stages; the deployments are read only when the records are not enough.
"""

from __future__ import annotations

from functools import partial
from typing import AbstractSet, Any, Callable, List, Mapping, Optional, Set, Tuple, Union

from .._engine.client import Aws
from .._engine.plan import UNKNOWN, Ref, is_known
from .._rest_api.draft import read_list
from .._rest_api.draft_version import is_draft_version
from .._rest_api.state import Plain
from .deployment_description import digest_of, label, policy_id_of
from .history_record import record_of, written_record


class Releases:
    """The stages of an API as GetStages returns them, and its deployments, which are read on first use.

    `read` returns the deployments as GetDeployments does, the newest first. It is called at most once.
    """

    def __init__(self, stages: List[Plain], read: Callable[[], List[Plain]]) -> None:
        self.stages = stages
        self._read = read
        self._deployments: Optional[List[Plain]] = None
        records = [record for record in map(record_of, stages) if record]
        self._digests = {record.deployment: record.digest for record in records}
        self._written = [record for record in map(written_record, stages) if record]
        self._policy_ids = {
            name: policy_id for record in self._written for name, policy_id in record.policy_ids.items()
        }
        self._policy_ids.update(
            {str(record.deployment): record.policy_id for record in self._written if record.policy_id}
        )

    @property
    def deployments(self) -> List[Plain]:
        """Return all deployments, the newest first, and read them if necessary."""
        if self._deployments is None:
            self._deployments = self._read()
        return self._deployments

    @property
    def read_so_far(self) -> Optional[List[Plain]]:
        """Return all deployments, the newest first; None if they were not read yet."""
        return self._deployments

    @property
    def has_all_digests(self) -> bool:
        """Return whether the records have the digests of everything that stages and canaries serve."""
        return all(deployment_id in self._digests for deployment_id in self.served)

    @property
    def served(self) -> Set[str]:
        """Return the deployments that stages and canaries serve."""
        both = [
            deployment_id
            for stage in self.stages
            for deployment_id in (stage["deploymentId"], canary_deployment_id(stage))
        ]
        return {deployment_id for deployment_id in both if deployment_id}

    @property
    def named(self) -> Set[str]:
        """Return the deployments that stages and canaries serve, and those in the records."""
        return {*self.served, *(name for record in self._written for name in record.names)}

    def stage(self, name: str) -> Optional[Plain]:
        """Return the stage with this name; None if there is none."""
        return next((stage for stage in self.stages if stage["stageName"] == name), None)

    def deployment(self, deployment_id: Any) -> Optional[Plain]:
        """Return the deployment with this id; None if there is none."""
        return next((item for item in self.deployments if item["id"] == deployment_id), None)

    def digest(self, deployment_id: Any) -> Optional[str]:
        """Return the digest of a deployment's content; None if it was created by other means, or does not exist."""
        if deployment_id in self._digests:
            return self._digests[deployment_id]
        return digest_of(self.deployment(deployment_id) or {})

    def leftovers(self, draft_version: str) -> List[str]:
        """Return the deployments that an interrupted run left: created from the draft, and never served by a stage.

        `draft_version` is the version of the draft (`_rest_api.draft_version`). If a record has the digest that begins
        with it, the run that imported the draft has updated its stage, so the deployments need not be read.
        """
        content = f"sha256:{draft_version}"
        is_recorded = any((record.digest or "").startswith(content) for record in self._written)
        if not is_draft_version(draft_version) or is_recorded:
            return []
        of_draft = [item["id"] for item in self.deployments if (digest_of(item) or "").startswith(content)]
        return [deployment_id for deployment_id in of_draft if deployment_id not in self.named]

    def policy_id(self, deployment_id: str) -> Optional[str]:
        """Return the ID of the policy that a deployment needs, if a record or a deployment read so far has it."""
        listed = next((item for item in self.read_so_far or [] if item["id"] == deployment_id), {})
        return self._policy_ids.get(deployment_id) or policy_id_of(listed)

    def recorded_policy_ids(self, without: AbstractSet[str]) -> Set[str]:
        """Return the IDs of the policies that the deployments in the records need, except those in `without`.

        If the deployments were read, those that no longer exist are omitted.
        """
        gone = {name for name in self._policy_ids if self.read_so_far is not None and not self.deployment(name)}
        return {policy_id for name, policy_id in self._policy_ids.items() if name not in without and name not in gone}

    def policy_ids(self, without: AbstractSet[str]) -> Optional[Set[str]]:
        """Return the IDs of the policies that the deployments need, except those in `without`.

        None if one deployment has no policy ID: one of an earlier version of this collection, or one that was created
        by other means and that a stage or a canary serves.
        """
        kept = [item for item in self.deployments if item["id"] not in without]
        without_id = [item for item in kept if not policy_id_of(item)]
        unknown = [item for item in without_id if digest_of(item) or item["id"] in self.served]
        if unknown or not self.served <= {item["id"] for item in self.deployments}:
            return None
        return {policy_id for policy_id in map(policy_id_of, kept) if policy_id}

    def label(self, deployment: Union[str, Ref]) -> str:
        """Return a deployment for a message; only its id if the deployments were not read."""
        if isinstance(deployment, Ref):
            return UNKNOWN
        return next((label(item) for item in self.read_so_far or [] if item["id"] == deployment), deployment)

    def describe_deployments(self) -> str:
        """Return all deployments for an error message, a line each, with the stages and canaries that serve them."""
        lines = []
        for item in self.deployments:
            stages, canaries = serving(item["id"], self.stages)
            uses = [f"served by {name}" for name in stages] + [f"served by the canary of {name}" for name in canaries]
            lines.append("\n- " + "; ".join([label(item), *uses]))
        return "Deployments:" + "".join(lines) if lines else "The API has no deployments."


def canary_deployment_id(stage: Mapping[str, Any]) -> Optional[str]:
    """Return the deployment that a stage's canary serves; None if the stage has no canary."""
    return (stage.get("canarySettings") or {}).get("deploymentId")


def serving(deployment_id: str, stages: List[Plain]) -> Tuple[List[str], List[str]]:
    """Return the names of the stages that serve a deployment, and of the stages whose canary serves it."""
    served_by = [stage["stageName"] for stage in stages if stage["deploymentId"] == deployment_id]
    return sorted(served_by), sorted(
        stage["stageName"] for stage in stages if canary_deployment_id(stage) == deployment_id
    )


def read_releases(aws: Aws, api_id: Union[str, Ref]) -> Releases:
    """Return the stages and deployments of an API; none of a new one."""
    stages = read_stages(aws, api_id)
    return Releases(stages, partial(read_deployments, aws, str(api_id)) if is_known(api_id) else list)


def read_ahead(aws: Aws, api_id: str) -> None:
    """Read the stages of an API and, if their records are not enough, its deployments, for `Aws.read_ahead`."""
    if not read_releases(aws, api_id).has_all_digests:
        read_deployments(aws, api_id)


def read_stages(aws: Aws, api_id: Union[str, Ref]) -> List[Plain]:
    """Return all stages of an API; none if the API does not exist."""
    if not is_known(api_id):
        return []
    response = aws.find("apigateway", "GetStages", {"restApiId": api_id}, absent="NotFoundException")
    return list((response or {}).get("item", []))


def read_deployments(aws: Aws, api_id: str) -> List[Plain]:
    """Return all deployments of an API, the newest first."""
    found = read_list(aws, "GetDeployments", {"restApiId": api_id})
    return sorted(found, key=lambda deployment: deployment["createdDate"])[::-1]

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One stage: what its options declare, and what AWS has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Union

from .._engine.client import Aws
from .._engine.errors import AwsError
from .._engine.plan import Ref, put
from .._engine.resource import Params
from .._engine.tags import tags_after
from .._rest_api.state import Plain
from .properties import Change
from .releases import Releases


@dataclass(frozen=True)
class Stage:
    """A stage of an API whose stages were read: `params` are the options, `releases` what AWS has."""

    aws: Aws
    params: Params
    releases: Releases

    @property
    def name(self) -> str:
        """Return the name of the stage."""
        return str(self.params["name"])

    @property
    def api_id(self) -> Union[str, Ref]:
        """Return the id of the API; a `Ref` if the plan creates the API."""
        found: Union[str, Ref] = self.params["api_id"]
        return found

    @property
    def current(self) -> Optional[Plain]:
        """Return the stage as GetStages returns it; None if it does not exist."""
        return self.releases.stage(self.name)

    @property
    def current_tags(self) -> Mapping[str, str]:
        """Return the tags of the stage on AWS."""
        return (self.current or {}).get("tags") or {}

    @property
    def desired_tags(self) -> Dict[str, str]:
        """Return the tags of the stage after the run."""
        return tags_after(self.params.get("tags"), self.current_tags, self.params["purge_tags"])

    @property
    def canary_state(self) -> Optional[str]:
        """Return the desired state of the canary; None if the options leave the canary alone."""
        canary = self.params.get("canary")
        return str(canary.get("state", "present")) if canary else None

    @property
    def arn(self) -> Union[str, Ref]:
        """Return the ARN of the stage."""
        return stage_arn(self.aws, self.api_id, self.name)

    def error(self, reason: str) -> AwsError:
        """Return the error that names this stage."""
        return AwsError(f'stage "{self.name}": {reason}')


def stage_arn(aws: Aws, api_id: Union[str, Ref], name: str) -> Union[str, Ref]:
    """Return the ARN of a stage."""
    return put(f"arn:{aws.partition()}:apigateway:{aws.region()}::/restapis/{{}}/stages/{name}", api_id)


@dataclass(frozen=True)
class Target:
    """The deployment that the stage, or its canary, serves after the run.

    `id` is None until the run creates the deployment. `digest` is that of its content, if known. `is_recorded` is false
    for a rollback: the record of the stage stays as it is, and no deployment is deleted.
    """

    id: Optional[str]
    digest: Optional[str]
    is_recorded: bool

    @property
    def deployment(self) -> Union[str, Ref]:
        """Return the id of the deployment, or the `Ref` that stands for it."""
        return self.id or Ref("deployment_id")


@dataclass(frozen=True)
class Rollout(Stage):
    """A stage with the deployment that it will serve, and the changes that bring it to the desired state."""

    target: Target
    change: Change

    @property
    def deployment(self) -> Union[str, Ref]:
        """Return the deployment that the stage itself, not its canary, serves after the run."""
        found: Union[str, Ref] = self.change.after["/deploymentId"]
        return found

    @property
    def canary_deployment(self) -> Any:
        """Return the deployment that the canary serves after the run; empty without a canary."""
        return self.change.after.get("/canarySettings/deploymentId", "")

    @property
    def switches_deployment(self) -> bool:
        """Return whether the stage itself, not its canary, will serve another deployment."""
        return self.current is None or self.deployment != self.current["deploymentId"]

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The deployments of an API: what their descriptions tell, what a stage served before, and which of them go.

AWS does not tell which deployment a stage served before the present one, so the description of a deployment does:
`Deployed to prod (sha256:…) [test #4 after a1b2c3] [prod #3 after d4e5f6]`. The digest is that of its content. A note
in brackets is written when a stage is deployed to: how often it was by then, and which deployment it served until then.
Going back to a deployment writes nothing, so "previous" means the same however often it is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple

from ._api_state import Plain

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NOTE = re.compile(r" \[(?P<stage>[A-Za-z0-9_-]{1,128}) #(?P<number>\d+)(?: after (?P<after>[A-Za-z0-9]+))?\]")


@dataclass(frozen=True)
class Note:
    """That a stage was deployed to for the `number`-th time, and what it served until then (None: it was made then)."""

    number: int
    after: Optional[str]


@dataclass(frozen=True)
class Releases:
    """The stages of an API as GetStages answers, and its deployments as GetDeployments does, the newest first."""

    stages: List[Plain]
    deployments: List[Plain]

    def stage(self, name: str) -> Optional[Plain]:
        """The stage of this name; None if there is none."""
        return next((stage for stage in self.stages if stage["stageName"] == name), None)

    def deployment(self, deployment_id: Any) -> Optional[Plain]:
        """The deployment with this id; None if there is none."""
        return next((item for item in self.deployments if item["id"] == deployment_id), None)


def canary_of(stage: Mapping[str, Any]) -> Optional[str]:
    """The deployment that a stage's canary serves; None where the stage has no canary."""
    return (stage.get("canarySettings") or {}).get("deploymentId")


def digest_of(deployment: Mapping[str, Any]) -> Optional[str]:
    """The digest in a deployment's description; None where the deployment was made by other means."""
    found = _DIGEST.search(deployment.get("description") or "")
    return found.group(0) if found else None


def text_of(deployment: Mapping[str, Any]) -> str:
    """A deployment's description without what is written for programs."""
    return _parts(deployment)[0].rstrip(" (") if digest_of(deployment) else deployment.get("description") or ""


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


def with_content(content: str, stage: Optional[Plain], deployments: List[Plain]) -> Optional[str]:
    """A deployment with this content: what the stage or its canary serves, else the newest; None if there is none.

    One that no stage serves was gone back from, or is what a run left that was cut short between making and moving.
    """
    same = [item["id"] for item in deployments if digest_of(item) == content]
    served = [stage["deploymentId"], canary_of(stage)] if stage else []
    return next((deployment_id for deployment_id in served + same if deployment_id in same), None)


def last_deployed(name: str, stage: Optional[Plain], deployments: List[Plain]) -> Optional[Tuple[str, Note]]:
    """The deployment that a stage was last deployed to, with its note; None where no description tells.

    Of two runs at once both may have written the same number; what the stage serves counts, else the newer one.
    """
    served = stage["deploymentId"] if stage else None
    found = [(item["id"], _notes(item)[name]) for item in deployments if name in _notes(item)]
    return max(found, key=lambda one: (one[1].number, one[0] == served), default=None)


def previous(stage: Plain, deployments: List[Plain]) -> Optional[str]:
    """The deployment that a stage served before it was last deployed to; None where that cannot be told.

    It cannot where nothing was noted, where that deployment is gone, and where the stage has been moved since to a
    third one.
    """
    last = last_deployed(stage["stageName"], stage, deployments)
    if last is None or stage["deploymentId"] not in (last[0], last[1].after):
        return None
    return last[1].after if last[1].after in {item["id"] for item in deployments} else None


def is_moved_away(stage: Optional[Plain], deployments: List[Plain]) -> bool:
    """Whether a stage serves another deployment than the one that it was last deployed to, as after a roll back."""
    last = last_deployed(stage["stageName"], stage, deployments) if stage else None
    return bool(stage and last and last[0] != stage["deploymentId"])


def next_note(name: str, stage: Optional[Plain], deployments: List[Plain]) -> str:
    """The note that the stage is deployed to now, as it is written behind a digest."""
    last = last_deployed(name, stage, deployments)
    after = f" after {stage['deploymentId']}" if stage else ""
    return f" [{name} #{last[1].number + 1 if last else 1}{after}]"


def noted(deployment: Plain, name: str, stage: Optional[Plain], deployments: List[Plain]) -> Optional[str]:
    """The description of a deployment once it tells that the stage was deployed to it; None where it does already.

    A deployment without a digest was made by other means, and its description is left alone.
    """
    last = last_deployed(name, stage, deployments)
    served = stage["deploymentId"] if stage else None
    if digest_of(deployment) is None or (last and (last[0], last[1].after) == (deployment["id"], served)):
        return None
    text, digest, notes = _parts(deployment)
    others = _NOTE.sub(lambda found: "" if found["stage"] == name else found[0], notes)
    return text + digest + others + next_note(name, stage, deployments)


def surplus(keep: int, target: Optional[str], stage: Optional[Plain], releases: Releases) -> List[str]:
    """The deployments to delete when a stage moves to `target`: ours beyond the newest `keep`, save what is needed.

    Needed are what a stage or a canary serves, and what each stage served before: a roll back goes there. For the
    stage that moves that is what it serves until now.
    """
    served = stage["deploymentId"] if stage else None
    needed = {served, *_in_use(releases, stage)}
    earlier = [item["id"] for item in releases.deployments if digest_of(item) and item["id"] != target]
    earlier.sort(key=lambda deployment_id: deployment_id != served)
    return [deployment_id for deployment_id in earlier[keep:] if deployment_id not in needed]


def _in_use(releases: Releases, moving: Optional[Plain]) -> Set[Optional[str]]:
    """What the stages other than the one that moves serve and served before, and what any canary serves."""
    others = [stage for stage in releases.stages if stage is not moving]
    used = {stage["deploymentId"] for stage in others} | {previous(stage, releases.deployments) for stage in others}
    return used | {canary_of(stage) for stage in releases.stages}


def _notes(deployment: Mapping[str, Any]) -> Dict[str, Note]:
    """The notes in a deployment's description, by the stage's name."""
    found = _NOTE.finditer(_parts(deployment)[2])
    return {one["stage"]: Note(int(one["number"]), one["after"]) for one in found}


def _parts(deployment: Mapping[str, Any]) -> Tuple[str, str, str]:
    """A deployment's description: what stands before its digest, the digest, and what stands behind."""
    digest = digest_of(deployment)
    return (deployment.get("description") or "").partition(digest) if digest else ("", "", "")

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record in a stage's description: its last deployment and the ones before.

AWS keeps this history nowhere. The record follows the user's text, in the form
`For customers (gffslt sha256:9f86… 1a2b3c4d; before: 1a2b3c:1a2b3c4d 4d5e6f x7y8z9*)`: the deployment with the digest
of its content, then the earlier deployments, the newest first. A star marks deployments that were created by other
means. Eight digits after a digest or a colon are the ID of the policy that the deployment needs (`_execution_role`), if
it is known. The call that creates or updates the stage writes the record, so the two always agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, List, Mapping, Optional, Tuple, Union

from .._engine.plan import Ref, put

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""The digest of an API's content, as `_rest_api.state.digest` returns it."""

_RECORD = re.compile(
    rf"(?P<text>.*?) ?\((?P<deployment>[A-Za-z0-9]+) (?:(?P<digest>{DIGEST.pattern})|of unknown content)"
    r"(?: (?P<policy_id>[0-9a-f]{8}))?(?:; before:(?P<before>(?: [A-Za-z0-9]+\*?(?::[0-9a-f]{8})?)+))?\)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Record:
    """The history of a stage.

    `deployment` is the last one, `digest` that of its content, or None if it was created by other means.
    `before` has the earlier deployments, the newest first, and whether this collection created each of them.
    `policy_id` is that of the policy that `deployment` needs, and `policy_ids` has those of the earlier ones, if known.
    """

    deployment: Union[str, Ref]
    digest: Optional[str]
    before: Mapping[str, bool]
    policy_id: Optional[str] = None
    policy_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> List[str]:
        """Return all deployments in a record that was read, the newest first."""
        return [str(self.deployment), *self.before]


def split(description: str) -> Tuple[str, Optional[Record]]:
    """Split a stage's description into the user's text and the record; None if it has no record."""
    found = _RECORD.fullmatch(description)
    if found is None:
        return description, None
    earlier = [entry.partition(":") for entry in (found["before"] or "").split()]
    before = {name.rstrip("*"): not name.endswith("*") for name, _colon, _policy_id in earlier}
    policy_ids = {name.rstrip("*"): policy_id for name, _colon, policy_id in earlier if policy_id}
    return found["text"], Record(found["deployment"], found["digest"], before, found["policy_id"], policy_ids)


def join_record(text: str, record: Optional[Record]) -> Union[str, Ref]:
    """Return the description with a text and a record, the reverse of `split`; the deployment's id can be a `Ref`."""
    if record is None:
        return text
    before = [
        f" {name}{'' if is_ours else '*'}{_after(':', record.policy_ids.get(name))}"
        for name, is_ours in record.before.items()
    ]
    history = f"; before:{''.join(before)}" if before else ""
    kept = text.replace("{", "{{").replace("}", "}}")
    template = f"{kept} ({{}} {record.digest or 'of unknown content'}{_after(' ', record.policy_id)}{history})"
    return put(template if text else template.lstrip(), record.deployment)


def _after(separator: str, policy_id: Optional[str]) -> str:
    return f"{separator}{policy_id}" if policy_id else ""


def written_record(stage: Mapping[str, Any]) -> Optional[Record]:
    """Return the record in the description of a stage; None if it has none."""
    return split(stage.get("description") or "")[1]


def record_of(stage: Mapping[str, Any]) -> Optional[Record]:
    """Return the record of a stage that serves a deployment in it.

    None for any other stage: it was updated by other means, so its record is out of date.
    """
    record = written_record(stage)
    return record if record and stage["deploymentId"] in record.names else None

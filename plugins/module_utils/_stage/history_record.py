# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record in a stage's description: what the stage was last deployed to, and what before.

AWS tells that nowhere. The record stands behind the text of the user's own, in the form
`For customers (gffslt sha256:9f86… 1a2b3c4d; before: 1a2b3c:1a2b3c4d 4d5e6f x7y8z9*)`: the deployment with the digest
of its content, then the earlier ones, the newest first. Those with a star were made by other means. What follows a
digest or a colon is the mark of the policy that the deployment needs (`_shared_policy`), where it is known. The record
is written by the call that makes or moves the stage, so it is never ahead of the stage or behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import List, Mapping, Optional, Tuple, Union

from .._engine.plan import Ref, put

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""The digest of a content, as `_api_state.digest` makes it."""

_RECORD = re.compile(
    rf"(?P<text>.*?) ?\((?P<deployment>[A-Za-z0-9]+) (?:(?P<digest>{DIGEST.pattern})|of unknown content)"
    r"(?: (?P<mark>[0-9a-f]{8}))?(?:; before:(?P<before>(?: [A-Za-z0-9]+\*?(?::[0-9a-f]{8})?)+))?\)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Record:
    """What a stage was deployed to.

    `digest` is that of the deployment's content; None where it was made by other means. `before` has the earlier
    deployments, the newest first, and of each whether its content has a digest, which is to say that it is ours.
    `mark` is that of the policy that the deployment needs, and `marks` has those of the earlier ones, where known.
    """

    deployment: Union[str, Ref]
    digest: Optional[str]
    before: Mapping[str, bool]
    mark: Optional[str] = None
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> List[str]:
        """All deployments in a record that was read, the newest first."""
        return [str(self.deployment), *self.before]


def split(description: str) -> Tuple[str, Optional[Record]]:
    """A stage's description as the user's text and the record; None where it has no record."""
    found = _RECORD.fullmatch(description)
    if found is None:
        return description, None
    earlier = [entry.partition(":") for entry in (found["before"] or "").split()]
    before = {name.rstrip("*"): not name.endswith("*") for name, _colon, _mark in earlier}
    marks = {name.rstrip("*"): mark for name, _colon, mark in earlier if mark}
    return found["text"], Record(found["deployment"], found["digest"], before, found["mark"], marks)


def joined(text: str, record: Optional[Record]) -> Union[str, Ref]:
    """A stage's description of a text and a record: the reverse of `split`, also where the id is yet to be given."""
    if record is None:
        return text
    before = [
        f" {name}{'' if is_ours else '*'}{_after(':', record.marks.get(name))}"
        for name, is_ours in record.before.items()
    ]
    history = f"; before:{''.join(before)}" if before else ""
    kept = text.replace("{", "{{").replace("}", "}}")
    template = f"{kept} ({{}} {record.digest or 'of unknown content'}{_after(' ', record.mark)}{history})"
    return put(template if text else template.lstrip(), record.deployment)


def _after(separator: str, mark: Optional[str]) -> str:
    return f"{separator}{mark}" if mark else ""

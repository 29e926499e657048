# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record in a stage's description: what the stage was last deployed to, and what before.

AWS tells that nowhere. The record stands behind the text of the user's own, in the form
`For customers (gffslt sha256:9f86…; before: 1a2b3c 4d5e6f x7y8z9*)`: the deployment with the digest of its content,
then the earlier ones, the newest first. Those with a star were made by other means. It is written by the call that
makes or moves the stage, so it is never ahead of the stage or behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Mapping, Optional, Tuple, Union

from ._plan import Ref, put

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""The digest of a content, as `_api_state.digest` makes it."""

_RECORD = re.compile(
    rf"(?P<text>.*?) ?\((?P<deployment>[A-Za-z0-9]+) (?:(?P<digest>{DIGEST.pattern})|of unknown content)"
    r"(?:; before:(?P<before>(?: [A-Za-z0-9]+\*?)+))?\)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Record:
    """What a stage was deployed to.

    `digest` is that of the deployment's content; None where it was made by other means. `before` has the earlier
    deployments, the newest first, and of each whether its content has a digest, which is to say that it is ours.
    """

    deployment: Union[str, Ref]
    digest: Optional[str]
    before: Mapping[str, bool]

    @property
    def names(self) -> List[str]:
        """All deployments in a record that was read, the newest first."""
        return [str(self.deployment), *self.before]


def split(description: str) -> Tuple[str, Optional[Record]]:
    """A stage's description as the user's text and the record; None where it has no record."""
    found = _RECORD.fullmatch(description)
    if found is None:
        return description, None
    before = {name.rstrip("*"): not name.endswith("*") for name in (found["before"] or "").split()}
    return found["text"], Record(found["deployment"], found["digest"], before)


def joined(text: str, record: Optional[Record]) -> Union[str, Ref]:
    """A stage's description of a text and a record: the reverse of `split`, also where the id is yet to be given."""
    if record is None:
        return text
    before = [f" {name}" if is_ours else f" {name}*" for name, is_ours in record.before.items()]
    history = f"; before:{''.join(before)}" if before else ""
    kept = text.replace("{", "{{").replace("}", "}}")
    template = f"{kept} ({{}} {record.digest or 'of unknown content'}{history})"
    return put(template if text else template.lstrip(), record.deployment)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The check that the draft responds as the routes expect, before a stage serves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Union

from .._engine.client import Aws
from .._engine.errors import AwsError
from .._engine.plan import Check, Given, Ref, calls, resolved
from .._expectations.of_draft import failures_of_draft
from .._expectations.send import PATIENCE, UNTIL_IAM_IS_SEEN, Patience
from .._rest_api.draft_version import DRAFT_VERSION
from .._rest_api.state import Plain
from .._stage import race_guard
from .desired import Desired
from .plans import Current, Plans


def draft_check(desired: Desired, current: Current, plans: Plans) -> Check:
    """Return the check that sends the requests of the routes to the draft after its import."""
    changes_permissions = {"iam:CreateRole", "iam:PutRolePolicy"} & set(calls(plans.role.plan))
    requests = _DraftRequests(
        plans.api.values["api_id"],
        current.version,
        desired.expectations,
        desired.stage["variables"],
        UNTIL_IAM_IS_SEEN if changes_permissions else PATIENCE,
    )
    state = "was not changed" if plans.stage.values["previous_deployment_id"] else "was not created; nothing is live"
    what = f'REST API "{desired.name}": the draft does not respond as the routes expect:'
    return Check(requests.failures, what, f'The stage "{desired.stage_name}" {state}.')


@dataclass(frozen=True)
class _DraftRequests:
    """Requests to the draft of an API, which had `version` before the import."""

    api_id: Union[str, Ref]
    version: str
    expectations: List[Plain]
    stage_variables: Optional[Mapping[str, str]]
    patience: Patience

    def failures(self, aws: Aws, given: Given) -> Sequence[str]:
        """Send the requests and return the failures.

        The draft from before the import may have responded. So after a failure the requests are sent once more when
        reads show the import.
        """
        found = self._send(aws, given, self.patience)
        if found is None or (found and DRAFT_VERSION in given):
            seen = dict(given)
            race_guard.wait_until_draft_is_shown(aws, seen, self.api_id, self.version)
            was_behind = found is None or race_guard.DRAFT_WAS_BEHIND in seen
            once_more = Patience(attempts=1, not_yet_attempts=min(self.patience.not_yet_attempts, 16))
            found = self._send(aws, given, self.patience if was_behind else once_more)
        return ["AWS does not find the draft"] if found is None else found

    def _send(self, aws: Aws, given: Given, patience: Patience) -> Optional[List[str]]:
        """Return the failures; None if AWS does not find the API, or a route that it has just listed."""
        api_id = resolved(self.api_id, given)
        try:
            return failures_of_draft(aws, api_id, self.expectations, self.stage_variables, patience)
        except AwsError as error:
            if error.code == "NotFoundException":
                return None
            raise

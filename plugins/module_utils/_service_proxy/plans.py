# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plans of all resources of an API, and the state on AWS that they start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional

from .._engine.resource import Planned
from .._execution_role.role import Role
from .._rest_api.state import Plain


@dataclass(frozen=True)
class Current:
    """The role and the API, as AWS returns it; None for what does not exist or is not read."""

    role: Optional[Role]
    api: Optional[Plain]

    @property
    def version(self) -> str:
        """Return the version of the draft; empty if the API does not exist or has none."""
        return str((self.api or {}).get("version", ""))


@dataclass(frozen=True)
class Plans:
    """The plan of each resource.

    `tables` and `items` have the order of the declarations. `role` runs before the stage switches to the new
    deployment, and `role_after` then: it removes permissions that no deployment needs.
    """

    tables: List[Planned]
    items: List[Planned]
    role: Planned
    api: Planned
    stage: Planned
    role_after: Planned

    @property
    def all(self) -> List[Planned]:
        """Return the plans in the order in which they are shown."""
        return [*self.tables, *self.items, self.role, self.api, self.stage, self.role_after]

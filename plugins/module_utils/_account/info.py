# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API Gateway's settings of an account in a Region, for the module account_info."""

from __future__ import annotations

from .._engine.client import Aws
from .._engine.resource import Params, Planned
from .settings import read_account, readable


def planned(aws: Aws, _params: Params) -> Planned:
    """Return the settings, and an empty plan."""
    return Planned([], readable(aws, read_account(aws)))

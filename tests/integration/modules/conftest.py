# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An empty account of the embedded AWS for each test of a module."""

from __future__ import annotations

from typing import Any

import pytest

from convergence import Account, new_account_id


@pytest.fixture
def account_id() -> str:
    return new_account_id()


@pytest.fixture
def account(local_aws: Any, account_id: str) -> Account:
    return Account(lambda service: local_aws.client(service, access_key=account_id))

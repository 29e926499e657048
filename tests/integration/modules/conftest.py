# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An empty account of the local AWS for each test of a module."""

from __future__ import annotations

from typing import Any

import pytest

from convergence import Account, new_account_id
from integration.modules.released_api import ReleasedApi, document


@pytest.fixture
def account_id() -> str:
    return new_account_id()


@pytest.fixture
def account(local_aws: Any, account_id: str) -> Account:
    return Account(lambda service: local_aws.client(service, access_key=account_id))


@pytest.fixture
def released(local_aws: Any, account: Account) -> ReleasedApi:
    """An API without a stage."""
    api_id = account.make_client("apigateway").import_rest_api(body=document("0"))["id"]
    return ReleasedApi(local_aws, account, api_id)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fixtures for the tests of the collection and of the package: a local AWS for each test process."""

from __future__ import annotations

import pytest
from hypothesis import settings

from local_apigateway.testing import LocalAws

# The same examples in every run, and none fails for being slow: timings belong in the benchmark.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def local_aws(local_aws: LocalAws) -> LocalAws:
    """Return the local AWS without the interval between two changes of a table's time to live.

    Tests change it as often as they need. The package's test_aws_refusals.py tests AWS's interval.
    """
    local_aws.rehearse({"ttl_interval": 0})
    return local_aws

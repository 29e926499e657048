# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The engines that the templates' tests run on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from local_apigateway.gateway.dialect import DEFAULT, Dialect
from unit.compiler.engines import Engine, LocalEngine, Oracle

DIALECTS = {"local": DEFAULT, "other dialect": Dialect(decoded_path_parameters=True, null_results=True)}


@pytest.fixture(scope="session", params=["local", "other dialect", "velocity"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The local AWS's engine in both dialects, and Apache Velocity where VELOCITY_ORACLE names a launcher of it."""
    if request.param != "velocity":
        yield LocalEngine(DIALECTS[request.param])
        return
    launcher = os.environ.get("VELOCITY_ORACLE")
    if not launcher:
        pytest.skip("VELOCITY_ORACLE names no launcher of Apache Velocity")
    oracle = Oracle(launcher)
    yield oracle
    oracle.close()

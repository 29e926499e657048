# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pytest plugin: the fixture `local_aws`.

pytest imports this module in every run, so everything else is imported when a test uses the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .testing import LocalAws


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Run a local AWS on a free port for the tests of this process. Its data are new in each run."""
    from . import daemon
    from .testing import LocalAws

    state_dir = tmp_path_factory.mktemp("local-aws")
    status, _started = daemon.start(state_dir, port=0)
    assert status.port
    yield LocalAws(status.port, state_dir)
    daemon.stop(state_dir)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The AWS CLI as tests run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("aws")


class AwsCli:
    """Runs commands of the AWS CLI at one endpoint, without the configuration of the user."""

    def __init__(self, endpoint_url: str, home: Path) -> None:
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AWS_ENDPOINT_URL": endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_PAGER": "",
        }

    def __call__(self, *arguments: str, **options: Any) -> Any:
        """Run a command, and return its output. `rest_api_id="x"` is `--rest-api-id x`; lists and objects are JSON."""
        named_options = [
            part
            for name, value in options.items()
            for part in (f"--{name.replace('_', '-')}", value if isinstance(value, str) else json.dumps(value))
        ]
        command = [str(PROGRAM), *arguments, *named_options, "--output", "json"]
        run = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=60, check=False)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout) if run.stdout.strip() else None

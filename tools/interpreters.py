# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Find Python interpreters on this machine: `interpreters.py 3.14 3.13` prints the path of the first that is there.

One is there when it runs. The commands that pyenv puts on the PATH for each version it keeps do not, unless the version
is selected; so all of them are.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path


@functools.cache
def _environment() -> dict[str, str]:
    if not shutil.which("pyenv"):
        return dict(os.environ)
    kept = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=False)
    return {**os.environ, "PYENV_VERSION": ":".join(kept.stdout.split())}


def find(version: str) -> Path | None:
    """The interpreter of a version such as 3.12; None where it is not there or does not run."""
    command = [f"python{version}", "-c", "import sys; print(sys.executable)"]
    try:
        told = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return Path(told.stdout.strip()) if told.returncode == 0 else None


def main(versions: list[str]) -> int:
    """Print the first that is there; 1 where none is."""
    for version in versions:
        if path := find(version):
            print(path)
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

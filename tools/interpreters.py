# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Find Python interpreters on this machine: `interpreters.py 3.14 3.13` prints the path of the first that is installed.

An interpreter counts as installed if it runs. The commands of pyenv on the PATH run only if their version is selected,
so all versions are selected here.
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
    versions = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=False)
    return {**os.environ, "PYENV_VERSION": ":".join(versions.stdout.split())}


def find(version: str) -> Path | None:
    """Return the interpreter of a version such as 3.12; None if it is not installed or does not run."""
    command = [f"python{version}", "-c", "import sys; print(sys.executable)"]
    try:
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def main(versions: list[str]) -> int:
    """Print the first installed interpreter. Return 1 if none is installed."""
    for version in versions:
        if path := find(version):
            print(path)
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

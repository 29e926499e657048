# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Import a tarball as Galaxy does, with galaxy-importer: `import_check.py TARBALL`.

Galaxy accepts a collection whose documentation it cannot read, and only logs a warning. Here each warning is an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main(tarball: Path) -> int:
    """Print the errors and warnings of galaxy-importer. Return 1 if there are any."""
    path = os.pathsep.join([str(Path(sys.executable).parent), *os.get_exec_path()])
    with tempfile.TemporaryDirectory() as directory:
        imported = subprocess.run(
            [sys.executable, "-m", "galaxy_importer.main", str(tarball)],
            cwd=directory,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
    lines = (imported.stdout + imported.stderr).splitlines()
    problems = [line for line in lines if line.startswith(("ERROR", "WARNING", "Traceback"))]
    if imported.returncode and not problems:
        problems = lines
    print("\n".join(problems or [f"galaxy-importer accepts {tarball.name}"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Build the program that runs Apache Velocity 1.7 if possible, and print its path.

Its source is beside the checkout (`../shared/vtl/oracle`). It needs a JDK and Debian's packages velocity,
libcommons-collections3-java, libcommons-lang-java, libjackson2-databind-java and libjsonpath-java. If one of them is
missing, nothing is printed, and the tests that compare with Velocity are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT.parent / "shared" / "vtl" / "oracle"
BUILT = ROOT / ".venv" / "velocity-oracle"
JARS = [
    Path("/usr/share/java") / f"{name}.jar" for name in ("velocity", "json-path", "jackson-databind", "commons-lang")
]


def main() -> int:
    """Build the program unless it exists, and print its path. Return 1 if the build fails."""
    if not (SOURCE.is_dir() and shutil.which("javac") and all(jar.exists() for jar in JARS)):
        return 0
    if not (BUILT / "classes").is_dir():
        shutil.copytree(SOURCE, BUILT, dirs_exist_ok=True)
        built = subprocess.run(["sh", "build.sh"], cwd=BUILT, capture_output=True, text=True, check=False)
        if built.returncode:
            shutil.rmtree(BUILT)
            print(built.stderr, file=sys.stderr)
            return 1
    print(BUILT / "oracle")
    return 0


if __name__ == "__main__":
    sys.exit(main())

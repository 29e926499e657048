# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check that the checkout is the tag of a version: `check_tag.py VERSION`.

A registry accepts each version once. So a version is published only from a clean tree at its tag, with files that name
the version.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
GALAXY = ROOT / "galaxy.yml"
PACKAGE = ROOT / "packages" / "local-apigateway" / "pyproject.toml"


def problems(version: str) -> Iterator[str]:
    """Yield the reasons why the checkout cannot be published as this version."""
    if version not in _git("tag", "--points-at", "HEAD").split():
        yield f"HEAD has no tag {version or '(none given)'}. Check out the tag: git checkout 0.1.0"
    if changed := _git("status", "--porcelain"):
        yield f"the tree has changes. Commit or stash them:\n{changed}"
    versions = {
        GALAXY: yaml.safe_load(GALAXY.read_text(encoding="utf-8"))["version"],
        PACKAGE: tomllib.loads(PACKAGE.read_text(encoding="utf-8"))["project"]["version"],
    }
    for path, found in versions.items():
        if found != version:
            where = path.relative_to(ROOT)
            yield f"{where} has the version {found}. Create the tag with: make release VERSION={version}"


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def main(version: str) -> int:
    """Print the problems. Returns 1 if there are any."""
    found = list(problems(version))
    for problem in found:
        print(f"Not published: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))

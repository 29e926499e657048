# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Create a release, and publish nothing: `release.py VERSION`.

Stops before what cannot be undone later: a tree with changes, an existing version, a changelog with nothing new.
Then it runs all checks and tests. In a separate worktree it writes and commits the version and the changelog, builds
the tarball and imports it. The branch gets the commit and the tag only if all of this passes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import import_check

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def git(*arguments: str, cwd: Path = ROOT) -> str:
    """Run git and return its output. Raises `CalledProcessError`."""
    done = subprocess.run(["git", *arguments], cwd=cwd, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def problems(version: str) -> Iterator[str]:
    """Yield the reasons why this version cannot be released now."""
    if not VERSION.fullmatch(version):
        yield f"{version or 'nothing'} is not a version. Write three numbers, such as: make release VERSION=0.1.0"
    if changed := git("status", "--porcelain"):
        yield f"the tree has changes. Commit or stash them:\n{changed}"
    if version in git("tag", "--list").split():
        yield f"the tag {version} already exists"
    if not any((ROOT / "changelogs" / "fragments").glob("*.yml")):
        yield "changelogs/fragments has no fragments. Add one for each change"


def write_version(worktree: Path, version: str) -> None:
    """Write the version to galaxy.yml and the package, and the changes to both changelogs."""
    _replace(worktree / "galaxy.yml", r"(?m)^version: .*$", f"version: {version}")
    package = worktree / "packages" / "local-apigateway"
    _replace(package / "pyproject.toml", r"(?m)^version = .*$", f'version = "{version}"')
    _replace(package / "CHANGELOG.md", r"(?m)^## Unreleased$", f"## {version}", required=False)
    subprocess.run(["antsibull-changelog", "release", "--version", version], cwd=worktree, check=True)


def _replace(path: Path, pattern: str, text: str, *, required: bool = True) -> None:
    """Replace the one match of a pattern in a file. Raises `SystemExit` if there is none or more than one."""
    changed, count = re.subn(pattern, text, path.read_text(encoding="utf-8"))
    if count > 1 or (required and not count):
        raise SystemExit(f"{path.name} has {count} lines like {pattern}, and a release needs one")
    path.write_text(changed, encoding="utf-8")


def build(worktree: Path, version: str) -> Path:
    """Build the tarball and import it as Galaxy does."""
    subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", str(worktree)], cwd=worktree, check=True)
    tarball = worktree / f"codeless-apigateway-{version}.tar.gz"
    if import_check.main(tarball):
        raise SystemExit("Galaxy would reject the tarball. Nothing was released")
    return tarball


def release(version: str, worktree: Path) -> None:
    """Commit and build in the worktree; then move the branch to the commit, tag it, and move the tarball here."""
    write_version(worktree, version)
    git("add", "--all", cwd=worktree)
    git("commit", "--quiet", "--message", f"Release {version}", cwd=worktree)
    tarball = build(worktree, version)
    commit = git("rev-parse", "HEAD", cwd=worktree)
    git("merge", "--quiet", "--ff-only", commit)
    git("tag", "--annotate", "--message", f"Release {version}", version, commit)
    shutil.move(tarball, ROOT / tarball.name)
    print(f"{tarball.name} is built, and the commit tagged. To publish it:")
    print(f"  git push origin HEAD {version}\n  start the workflow Release with the tag {version}")


def main(version: str) -> int:
    """Print the problems and return 1 if there are any. Otherwise check, test and release."""
    if found := list(problems(version)):
        print("\n".join(f"No release: {problem}" for problem in found), file=sys.stderr)
        return 1
    subprocess.run(["make", "check", "test"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as directory:
        worktree = Path(directory) / "apigateway"
        git("worktree", "add", "--quiet", "--detach", str(worktree))
        try:
            release(version, worktree)
        finally:
            git("worktree", "remove", "--force", str(worktree))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))

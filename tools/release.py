# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Make a release, and publish nothing: `release.py VERSION`.

It refuses what cannot be undone later: a tree with changes, a version that is there, a changelog with nothing new. Then
all checks and tests run, and in a worktree beside the checkout the version and the changelog are written and committed,
and the tarball is built and imported. Only if all of that passes does the branch get the commit and its tag.
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
    """What git prints; raises CalledProcessError."""
    done = subprocess.run(["git", *arguments], cwd=cwd, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def problems(version: str) -> Iterator[str]:
    """Why no release of this version can be made now."""
    if not VERSION.fullmatch(version):
        yield f"{version or 'nothing'} is no version. Write three numbers, such as: make release VERSION=0.1.0"
    if changed := git("status", "--porcelain"):
        yield f"the tree has changes. Commit them or put them away:\n{changed}"
    if version in git("tag", "--list").split():
        yield f"the tag {version} is there already"
    if not any((ROOT / "changelogs" / "fragments").glob("*.yml")):
        yield "changelogs/fragments holds nothing that is new"


def write_version(worktree: Path, version: str) -> None:
    """Write the version into galaxy.yml and the package, and what is new into both changelogs."""
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
        raise SystemExit("the tarball is not as Galaxy wants it; nothing was released")
    return tarball


def release(version: str, worktree: Path) -> None:
    """Commit and build in the worktree; then move the branch to the commit, tag it, and put the tarball down."""
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
    """Refuse, or check, test and release."""
    if told := list(problems(version)):
        print("\n".join(f"No release: {problem}" for problem in told), file=sys.stderr)
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

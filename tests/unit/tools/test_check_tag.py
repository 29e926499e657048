# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What keeps a checkout from being published."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from playbooks import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository whose files have the version 0.2.0, at its tag."""
    package = tmp_path / "packages" / "local-apigateway"
    package.mkdir(parents=True)
    (package / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n')
    (tmp_path / "galaxy.yml").write_text("version: 0.2.0\n")
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "check_tag.py", tmp_path / "tools")
    _git(tmp_path, "init", "--quiet")
    _commit_and_tag(tmp_path, "0.2.0")
    return tmp_path


def _git(checkout: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
    subprocess.run(["git", *who, *arguments], cwd=checkout, check=True, capture_output=True)


def _commit_and_tag(checkout: Path, tag: str) -> None:
    _git(checkout, "add", "--all")
    _git(checkout, "commit", "--quiet", "--message", "A commit")
    _git(checkout, "tag", tag)


def _problems(checkout: Path, version: str) -> list[str]:
    command = [sys.executable, str(checkout / "tools" / "check_tag.py"), version]
    checked = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    lines = [line for line in checked.stderr.splitlines() if line.startswith("Not published: ")]
    assert checked.returncode == bool(lines), checked.stderr
    return [line.removeprefix("Not published: ") for line in lines]


def test_a_tag_with_its_version_in_the_files_is_published(checkout: Path) -> None:
    assert _problems(checkout, "0.2.0") == []


@pytest.mark.parametrize("version", ["0.2.1", ""])
def test_a_commit_without_the_tag_is_not_published(checkout: Path, version: str) -> None:
    assert _problems(checkout, version)[0].startswith(f"HEAD has no tag {version or '(none given)'}.")


def test_a_tree_with_changes_is_not_published(checkout: Path) -> None:
    (checkout / "new").write_text("")
    assert _problems(checkout, "0.2.0") == ["the tree has changes. Commit or stash them:"]


@pytest.mark.parametrize("path", ["galaxy.yml", "packages/local-apigateway/pyproject.toml"])
def test_a_file_with_another_version_is_not_published(checkout: Path, path: str) -> None:
    text = (checkout / path).read_text()
    (checkout / path).write_text(text.replace("0.2.0", "0.1.0"))
    _commit_and_tag(checkout, "0.2.0-again")
    _git(checkout, "tag", "--force", "0.2.0")
    advice = "Create the tag with: make release VERSION=0.2.0"
    assert _problems(checkout, "0.2.0") == [f"{path} has the version 0.1.0. {advice}"]

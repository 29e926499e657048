# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What `make release` rejects before it does anything, and where it writes a version."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from playbooks import ROOT

TOOLS = ("release.py", "import_check.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the tool, a changelog fragment and the tag 0.1.0, all committed."""
    (tmp_path / "tools").mkdir()
    for name in TOOLS:
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools")
    fragments = tmp_path / "changelogs" / "fragments"
    fragments.mkdir(parents=True)
    (fragments / "new.yml").write_text("minor_changes: [A thing.]\n")
    (tmp_path / ".gitignore").write_text("__pycache__/\n")
    _git(tmp_path, "init", "--quiet")
    _commit(tmp_path)
    _git(tmp_path, "tag", "0.1.0")
    return tmp_path


def _git(checkout: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
    subprocess.run(["git", *who, *arguments], cwd=checkout, check=True, capture_output=True)


def _commit(checkout: Path) -> None:
    _git(checkout, "add", "--all")
    _git(checkout, "commit", "--quiet", "--message", "A commit")


def _refused(checkout: Path, *arguments: str) -> list[str]:
    """The reasons that are told. A release that is not refused fails otherwise: there is no Makefile."""
    command = [sys.executable, str(checkout / "tools" / "release.py"), *arguments]
    told = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (1, "")
    return [line.removeprefix("No release: ") for line in told.stderr.splitlines() if line.startswith("No release: ")]


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "01.0.0", "1.0.0-rc1", ""])
def test_only_three_numbers_are_a_version(checkout: Path, version: str) -> None:
    (told,) = _refused(checkout, version)
    assert told == f"{version or 'nothing'} is not a version. Write three numbers, such as: make release VERSION=0.1.0"


def test_a_tree_with_changes_is_an_error(checkout: Path) -> None:
    (checkout / "new").write_text("")
    assert _refused(checkout, "0.2.0") == ["the tree has changes. Commit or stash them:"]


def test_a_version_is_released_once(checkout: Path) -> None:
    assert _refused(checkout, "0.1.0") == ["the tag 0.1.0 already exists"]


def test_a_release_has_something_new(checkout: Path) -> None:
    (checkout / "changelogs" / "fragments" / "new.yml").unlink()
    _commit(checkout)
    assert _refused(checkout, "0.2.0") == ["changelogs/fragments has no fragments. Add one for each change"]


def test_all_reasons_are_reported_together(checkout: Path) -> None:
    (checkout / "changelogs" / "fragments" / "new.yml").unlink()
    assert len(_refused(checkout, "one")) == 3


def test_a_release_writes_its_version_into_the_collection_and_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = "packages/local-apigateway"
    (tmp_path / package).mkdir(parents=True)
    for name in ("galaxy.yml", f"{package}/pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / package / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\nA thing.\n")
    program = tmp_path / "bin" / "antsibull-changelog"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.syspath_prepend(ROOT / "tools")

    importlib.import_module("release").write_version(tmp_path, "9.8.7")

    assert yaml.safe_load((tmp_path / "galaxy.yml").read_text())["version"] == "9.8.7"
    assert tomllib.loads((tmp_path / package / "pyproject.toml").read_text())["project"]["version"] == "9.8.7"
    assert "\n## 9.8.7\n" in (tmp_path / package / "CHANGELOG.md").read_text()

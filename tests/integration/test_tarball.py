# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tarball that users install contains what they need, and works without a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from playbooks import EXAMPLE_FILE, ROOT

_BIN = Path(sys.executable).parent


def galaxy(*arguments: str, cwd: Path, home: Path) -> None:
    environment = {"PATH": f"{_BIN}:{os.defpath}", "HOME": str(home), "LANG": "C.UTF-8"}
    command = [str(_BIN / "ansible-galaxy"), "collection", *arguments]
    subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True)


STRAY = (
    "orders.yml",
    "apis/orders.yml",
    "inventory/hosts.yml",
    "hosts",
    "group_vars/all/vault.yml",
    "host_vars/web.yml",
    ".env",
    ".vault_pass",
    "key.pem",
    "terraform.tfstate",
    "deploy.yml.bak",
    "README.md~",
    "d",
    "doc/notes",
    "docs2/notes",
    "role/x",
    "roles/mine/tasks/main.yml",
    "playbooks/mine.yml",
    "playbooks/vars/orders.yml",
    "playbooks/group_vars/all.yml",
    "playbooks/templates/vtl/get_item.vtl.j2",
    "playbooks/examples/mine.yml",
    "extensions/mine/x.yml",
    "build/orders/prod/outputs.json",
    "codeless-apigateway-0.0.1.tar.gz",
)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the tarball of a checkout into which a user has put files."""
    directory = tmp_path_factory.mktemp("tarball")
    checkout = directory / "checkout"
    for name in tracked():
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, path, follow_symlinks=False)
    for name in STRAY:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a secret", encoding="utf-8")
    galaxy("build", "--output-path", str(directory), cwd=checkout, home=directory)
    return next(directory.glob("codeless-apigateway-*.tar.gz"))


def test_it_holds_what_users_need_and_nothing_of_the_checkout(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        top = {name.split("/")[0] for name in archive.getnames()}
    assert {"plugins", "roles", "playbooks", "meta", "docs", "README.md", "LICENSE", "CHANGELOG.md"} <= top
    with tarfile.open(tarball) as archive:
        packed = {one.name for one in archive if one.isfile()} - {"FILES.json", "MANIFEST.json"}
    assert packed - set(tracked()) == set()
    left_out = {name.split("/")[0] for name in set(tracked()) - packed}
    assert not left_out & {"plugins", "roles", "playbooks", "docs", "meta", "extensions", "changelogs", "tests"}
    assert not top & {".venv", ".git", ".ci", ".local-aws", "build", "collections", "ansible.cfg", "tools", "Makefile"}


def test_installed_it_deploys_by_name_from_any_directory(tarball: Path, tmp_path: Path, local_aws: Any) -> None:
    galaxy(
        "install",
        "--offline",
        "--no-deps",
        "-p",
        str(tmp_path / "installed"),
        str(tarball),
        cwd=tmp_path,
        home=tmp_path,
    )
    environment = {
        "PATH": f"{_BIN}:{os.defpath}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "installed"),
        "AWS_ENDPOINT_URL": local_aws.endpoint_url,
        "AWS_ACCESS_KEY_ID": "200000000001",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-central-1",
    }
    example = tmp_path / "installed/ansible_collections/codeless/apigateway" / EXAMPLE_FILE
    for changed in (True, False):
        command = [str(_BIN / "ansible-playbook"), "codeless.apigateway.deploy", "-e", f"stage=dev api={example}"]
        made = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
        assert made.returncode == 0, made.stdout + made.stderr
        assert ("changed=0" not in made.stdout) is changed
    assert (tmp_path / "build/example/dev/outputs.json").exists()

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Directories that other users cannot read, write or replace, and locks that name their holder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_apigateway.private_files import LockedError, UnsafeDirectoryError, held_lock, lock_holder, prepare_directory

_HOLD = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"


def _modes(directory: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in (directory, *directory.rglob("*"))}


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Path]:
    """A lock that a process holds which has written another one's id."""
    lock = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(lock)], stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout
        holder.stdout.readline()
        lock.write_text(f"{os.getppid()}\n", "ascii")
        yield lock
        holder.communicate("\n")


def test_a_new_directory_is_private(tmp_path: Path) -> None:
    prepare_directory(tmp_path / "a" / "b")
    assert _modes(tmp_path / "a" / "b") == {0o700}


def test_an_existing_directory_is_closed_with_all_in_it(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "ministack").mkdir(parents=True)
    (state / "ministack" / "sts.json").write_text("{}", "ascii")
    outside = tmp_path / "outside"
    outside.write_text("", "ascii")
    (state / "link").symlink_to(outside)
    for path in (state, state / "ministack"):
        path.chmod(0o755)
    for path in (outside, state / "ministack" / "sts.json"):
        path.chmod(0o644)
    prepare_directory(state)
    assert {path.name: path.lstat().st_mode & 0o77 for path in state.rglob("*") if not path.is_symlink()} == {
        "ministack": 0,
        "sts.json": 0,
    }
    assert outside.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_directory_that_others_can_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(mode)
    with pytest.raises(UnsafeDirectoryError, match=rf"can write to .*state \(mode {mode:04o}\).*chmod -R go-rwx"):
        prepare_directory(tmp_path / "state")


def test_a_directory_that_others_can_replace_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.raises(UnsafeDirectoryError, match=r"can replace .*/state, because everybody can write to .*/shared"):
        prepare_directory(shared / "state")
    # As /tmp: only the owner of a name can replace it.
    shared.chmod(0o1777)
    prepare_directory(shared / "state")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    os.chown(tmp_path / "state", 12345, -1)
    with pytest.raises(UnsafeDirectoryError, match="belongs to the user with the ID 12345"):
        prepare_directory(tmp_path / "state")


def test_a_file_in_the_place_of_the_directory_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("", "ascii")
    with pytest.raises(UnsafeDirectoryError, match="cannot create the directory"):
        prepare_directory(tmp_path / "state")


def test_a_lock_names_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert lock_holder(lock) is None
    with held_lock(lock):
        assert lock_holder(lock) == os.getpid()
    assert lock_holder(lock) is None


def test_a_lock_that_another_process_has(stranger: Path) -> None:
    with pytest.raises(LockedError), held_lock(stranger):
        pass


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not show a process's files")
def test_an_id_that_is_not_the_holders_names_nobody(stranger: Path) -> None:
    assert lock_holder(stranger) == 0

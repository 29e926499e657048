# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Directories that only their owner can use, and locks with the process ID of their holder."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

OTHERS_READ = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
# `lock_holder` takes a shared lock for an instant, so `held_lock` retries for this long.
TAKE_SECONDS = 1.0
POLL_SECONDS = 0.01


class UnsafeDirectoryError(Exception):
    """A directory that other users could have changed, or that cannot be used. The message has the reason and a fix."""


class LockedError(Exception):
    """Another process holds a lock."""


def prepare_directory(path: Path) -> None:
    """Create a directory that only its owner can use. Remove the permissions of other users from an existing one.

    Raises `UnsafeDirectoryError` for a directory that another user owns or can write to, because its files may come
    from that user.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnsafeDirectoryError(
            f"cannot create the directory {path}: {error.strerror}. Use another directory"
        ) from None
    check_directory(path)
    if path.stat().st_mode & OTHERS_READ:
        _close(path)


def check_directory(path: Path) -> None:
    """Raise `UnsafeDirectoryError` for a directory that another user owns, can write to, or can replace."""
    status = path.stat()
    if status.st_uid != os.geteuid():
        raise UnsafeDirectoryError(
            f"the directory {path} belongs to the user with the ID {status.st_uid}. Use a directory of your own"
        )
    if status.st_mode & OTHERS_WRITE:
        raise UnsafeDirectoryError(
            f"other users can write to the directory {path} (mode {stat.S_IMODE(status.st_mode):04o}). If you trust "
            f"its files, run `chmod -R go-rwx {path}`. Otherwise use another directory"
        )
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise UnsafeDirectoryError(
                f"other users can replace {path}, because everybody can write to {parent} "
                f"(mode {stat.S_IMODE(mode):04o}). Run `chmod o-w {parent}`, or use another directory"
            )


def _close(directory: Path) -> None:
    """Remove the permissions of other users from a directory and from everything in it."""
    for path in (directory, *directory.rglob("*")):
        mode = path.lstat().st_mode
        if mode & OTHERS_READ and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & stat.S_IRWXU)


@contextlib.contextmanager
def held_lock(path: Path) -> Iterator[None]:
    """Hold a lock until the block or the process ends. Raises `LockedError` if another process holds it."""
    descriptor = _open_lock(path)
    try:
        deadline = time.monotonic() + TAKE_SECONDS
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise LockedError(str(path))
            time.sleep(POLL_SECONDS)
        _write_pid(descriptor)
        yield
    finally:
        os.close(descriptor)


def take_lock(path: Path) -> None:
    """Wait for a lock, and hold it until the process ends."""
    descriptor = _open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    _write_pid(descriptor)


def lock_holder(path: Path) -> int | None:
    """Return the ID of the process that holds a lock, or None if no process holds it.

    0 is a holder whose ID is not that of a process of this user. A process that has just taken the lock has not written
    its ID yet, and a process that ends has closed its files already, so 0 is read again for a second.
    """
    deadline = time.monotonic() + TAKE_SECONDS
    while True:
        pid = _read_holder(path)
        if pid != 0 or time.monotonic() > deadline:
            return pid
        time.sleep(POLL_SECONDS)


def _read_holder(path: Path) -> int | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        if _try_lock(descriptor, fcntl.LOCK_SH):
            return None
        text = os.read(descriptor, 32).decode("ascii", "replace").strip()
        pid = int(text) if text.isascii() and text.isdigit() else 0
        return pid if _has_open(pid, descriptor) else 0
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_pid(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _has_open(pid: int, descriptor: int) -> bool:
    """Return whether a process has the file open (Linux), or whether it can be signalled (other systems).

    The ID in a lock can belong to another process if containers with process IDs of their own share a directory.
    """
    file = os.fstat(descriptor)
    try:
        with os.scandir(f"/proc/{pid}/fd") as entries:
            return any(_is_file(entry, file) for entry in entries)
    except OSError:
        return not Path("/proc/self/fd").exists() and _can_signal(pid)


def _is_file(entry: os.DirEntry[str], file: os.stat_result) -> bool:
    try:
        return os.path.samestat(entry.stat(), file)
    except OSError:
        return False


def _can_signal(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return pid > 0

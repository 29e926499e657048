# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of a user's running servers: one small file for each, in a private directory of the user.

The list only helps the command line to find servers. An entry can be stale, so readers check the lock of the state
directory. A server runs without an entry where the list cannot be written.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from .private_files import UnsafeDirectoryError, check_directory, prepare_directory

SUFFIX = ".server"


def list_directory() -> Path:
    """Return the directory of the list: in `$XDG_RUNTIME_DIR`, or else in the user's cache directory."""
    base = os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "local-apigateway"


@contextlib.contextmanager
def listed(state_dir: Path) -> Iterator[None]:
    """List the server over a state directory while the block runs."""
    entry = None
    # RuntimeError: the user has no home directory.
    with contextlib.suppress(OSError, RuntimeError, UnsafeDirectoryError):
        directory = list_directory()
        prepare_directory(directory)
        entry = directory / (hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:16] + SUFFIX)
        entry.write_bytes(os.fsencode(state_dir))
    try:
        yield
    finally:
        if entry:
            with contextlib.suppress(OSError):
                entry.unlink()


def listed_state_directories() -> list[Path]:
    """Return the state directories in the list, sorted. A server that was killed is still in the list."""
    try:
        directory = list_directory()
        check_directory(directory)
        return sorted(Path(os.fsdecode(entry.read_bytes())) for entry in directory.glob(f"*{SUFFIX}"))
    except (OSError, RuntimeError, UnsafeDirectoryError):
        return []

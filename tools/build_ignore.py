# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Write the part of `build_ignore` in galaxy.yml that keeps a user's own files out of the collection's tarball.

    .venv/bin/python tools/build_ignore.py

Users of a checkout put inventories, descriptions and secrets beside our files, under names that we cannot know.
`build_ignore` lists the files to leave out, and has no exceptions. `manifest` lists the files to pack, but needs the
library distlib wherever the collection is installed from its repository. So these patterns match every name except
those under version control, in the directories where users put files.
"""

from __future__ import annotations

import fnmatch
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DIRECTORIES = ("", "playbooks/", "playbooks/examples/", "playbooks/vars/", "roles/", "extensions/")
"""Where users put files: the root (inventories, `group_vars`, descriptions), playbooks, their variables, roles."""

_BEGIN = "  # Written by tools/build_ignore.py: every name but those under version control.\n"


def patterns(names: Iterable[str], directory: str = "") -> Iterator[str]:
    """Yield patterns of fnmatch that match each path in a directory, except the names and what is below them.

    Each prefix of a name gets a pattern for every other character that can follow, and one for the prefix itself.
    """
    allowed = sorted(set(names))
    beginnings = {name[:length] for name in allowed for length in range(len(name) + 1)}
    for beginning in sorted(beginnings):
        following = {name[len(beginning)] for name in allowed if name.startswith(beginning) and name != beginning}
        if beginning in allowed:
            following.add("/")
        elif beginning:
            yield directory + beginning
        ordered = sorted(following, key=lambda character: (character == "-", character))  # a hyphen last is no range
        yield f"{directory}{beginning}[!{''.join(ordered)}]*"


def tracked() -> list[str]:
    """Return the paths under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for path in listed.stdout.split("\0") if path]


def galaxy_file() -> str:
    """Return the text of galaxy.yml with the patterns for the current files."""
    by_hand = (ROOT / "galaxy.yml").read_text(encoding="utf-8").partition(_BEGIN)[0]
    data: dict[str, Any] = yaml.safe_load(by_hand)
    packed = [path for path in tracked() if not any(_matches(path, pattern) for pattern in data["build_ignore"])]
    generated = [pattern for directory in DIRECTORIES for pattern in patterns(_names(packed, directory), directory)]
    return by_hand + _BEGIN + "".join(f'  - "{pattern}"\n' for pattern in generated)


def _names(paths: Iterable[str], directory: str) -> set[str]:
    return {path[len(directory) :].split("/")[0] for path in paths if path.startswith(directory)}


def _matches(path: str, pattern: str) -> bool:
    """Return whether a pattern excludes a path or one of its parent directories."""
    parts = path.split("/")
    return any(fnmatch.fnmatch("/".join(parts[:end]), pattern) for end in range(1, len(parts) + 1))


def main() -> None:
    """Write the file."""
    (ROOT / "galaxy.yml").write_text(galaxy_file(), encoding="utf-8")


if __name__ == "__main__":
    main()

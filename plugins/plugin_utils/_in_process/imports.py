# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports of this collection from bytecode, in the process from which Ansible forks its workers.

docs/design.md lists what this saves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType

from ansible.errors import AnsibleError

_PREFIX = f"{__name__.rpartition('.plugin_utils.')[0]}."


_WITHOUT_AMAZON_AWS = (
    "codeless.apigateway needs the collection amazon.aws, version 10 or 11, and Ansible does not find it. Install it: "
    "ansible-galaxy collection install 'amazon.aws:>=10,<12'"
)


@cache
def _files(directory: str) -> FileFinder:
    """Return Python's own finder for a directory, which lists it once."""
    return FileFinder(directory, (SourceFileLoader, SOURCE_SUFFIXES))


class _Finder:
    """An entry of `sys.meta_path` within `cheaply`."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """Return how Python's importer loads a module of this collection; None for anything but a source file."""
        if not name.startswith(_PREFIX):
            return None
        found = (_files(directory).find_spec(name) for directory in path or ())
        return next((spec for spec in found if spec and spec.loader), None)


@contextmanager
def cheaply() -> Iterator[None]:
    """Import this collection from bytecode within the block.

    Ansible's importer of collections compiles their source in every run. Python's importer keeps the bytecode in
    `__pycache__` beside the source, if it may write there, and follows PYTHONPYCACHEPREFIX and PYTHONDONTWRITEBYTECODE.
    It imports the plugins of this collection only. What it does not find, Ansible's importer finds, which comes next.
    After the block, `sys.meta_path` is as it was.
    """
    sys.meta_path.insert(0, _Finder)
    try:
        yield
    except ModuleNotFoundError as error:
        # Ansible would report a bug, with three screens of text.
        if (error.name or "").startswith("ansible_collections.amazon"):
            raise AnsibleError(_WITHOUT_AMAZON_AWS) from None
        raise
    finally:
        sys.meta_path.remove(_Finder)

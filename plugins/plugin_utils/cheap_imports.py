# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Importing this file makes the imports after it cost less, in the process that Ansible forks its workers from.

The source of this collection is imported from bytecode, as Python imports any package. Ansible's importer of
collections compiles it in every run; Python's own keeps the outcome in `__pycache__` beside the source where it may
write there, and honours PYTHONPYCACHEPREFIX and PYTHONDONTWRITEBYTECODE. It is asked for the plugins of this
collection only; what it does not find is left to Ansible's importer, which comes next.

What Ansible has loaded by now stays for as long as the process lives, so the garbage collector need not look through
it: it would do so in the midst of the imports, since these make so many objects. See docs/benchmark.md for both.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType

_PREFIX = f"{__name__.rpartition('.plugin_utils.')[0]}."


class _Finder:
    """An entry of `sys.meta_path`."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """How Python's own importer loads a module of this collection; None for all that is not a file of source."""
        if not name.startswith(_PREFIX):
            return None
        found = (FileFinder(entry, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(name) for entry in path or ())
        return next((spec for spec in found if spec and spec.loader), None)


sys.meta_path.insert(0, _Finder)
gc.freeze()

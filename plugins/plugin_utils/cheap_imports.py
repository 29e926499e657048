# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Importing what an action plugin needs for less, in the process that Ansible forks its workers from.

Importing this file has the rest of this collection imported from bytecode, as Python imports any package. Ansible's
importer of collections compiles it in every run; Python's own keeps the outcome in `__pycache__` beside the source
where it may write there, and honours PYTHONPYCACHEPREFIX and PYTHONDONTWRITEBYTECODE. It is asked for the plugins of
this collection only; what it does not find is left to Ansible's importer, which comes next.

docs/benchmark.md says what this and `without_collector` save.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def without_collector() -> Iterator[None]:
    """Do what makes many objects that stay, as imports do, without the garbage collector.

    In their midst it would look through all of Ansible, again and again, and find nothing. What there is afterwards is
    taken for what stays, so that it is not looked through later either.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sources of variables for messages: a file of the user, or the command line."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Mapping
from typing import Any

# ansible-core has tagged what it loads with the origin since 2.19, and offers no public way to read the tag up to 2.21.
# Without it, messages name the variable and no file.
try:
    _Origin: Any = importlib.import_module("ansible._internal._datatag._tags").Origin
except (ImportError, AttributeError):
    _Origin = None

COMMAND_LINE = "-e on the command line"


def source_of(value: Any, with_line: bool = False) -> str:
    """Return the file of a variable's value, or another source that Ansible reports; empty if it reports none.

    A path below the working directory is relative to it.
    """
    origin = _Origin.get_tag(value) if _Origin is not None else None
    if origin is None:
        return ""
    if origin.path is None:
        return COMMAND_LINE if "-e" in str(origin.description) else str(origin.description or "")
    path = shortened(str(origin.path))
    return f"{path}:{origin.line_num}" if with_line and origin.line_num else path


def shortened(path: str) -> str:
    """Return a path relative to the working directory if it is below it, otherwise unchanged."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative


def sources_of(variables: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Return the sources of the named variables, each once, in the order of the names."""
    found = (source_of(variables[name]) for name in names if name in variables)
    return list(dict.fromkeys(source for source in found if source))

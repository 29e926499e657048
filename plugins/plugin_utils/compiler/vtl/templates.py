# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Renders the VTL of generated routes from Jinja files."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from ..spec.errors import ErrorCollector


def json_text(value: str) -> str:
    r"""Return a JSON string literal for VTL text, with `\u0024` for `$` and `\u0023` for `#`."""
    return json.dumps(value).replace("$", "\\u0024").replace("#", "\\u0023")


def vtl_text(value: str) -> str:
    """Return a VTL string literal in single quotes, where nothing is interpolated. Quotes inside are doubled."""
    return "'" + value.replace("'", "''") + "'"


class _BytecodeCache(jinja2.FileSystemBytecodeCache):
    """Caches Jinja's compiled templates, which are code, in a directory that only this user can write to.

    Each entry belongs to one text of one file. The prefix of the names changes with the settings of the environment.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), pattern=f"1-{jinja2.__version__}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load an entry; one that cannot be read is compiled again."""
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def set_bucket(self, bucket: Bucket) -> None:
        """Store an entry, if the file system allows it."""
        with contextlib.suppress(OSError):
            super().set_bucket(bucket)


def _bytecode_cache() -> _BytecodeCache | None:
    """Return the cache, or None where no directory belongs to this user alone."""
    try:
        directory = _cache_home() / "codeless.apigateway" / "jinja"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        places = (directory, directory.parent, directory.parent.parent)
        return _BytecodeCache(directory) if all(_is_private(place.lstat()) for place in places) else None
    except (OSError, RuntimeError):
        return None


def _cache_home() -> Path:
    """Return the user's directory for caches (XDG Base Directory Specification, also for macOS).

    A relative XDG_CACHE_HOME counts as unset, as the specification says.
    """
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path("~/.cache").expanduser()


def _is_private(status: os.stat_result) -> bool:
    """Return whether this is a directory of this user that nobody else can write to."""
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


class Templates:
    """The template files in several directories. The first directory with a file is used, so a user can replace ours.

    Jinja comments are `<# #>`, because `{#` starts a VTL directive inside a JSON object. An unknown variable is an
    error. Files are parsed once and not optimized, because optimizing takes longer than it saves.
    """

    def __init__(self, directories: Sequence[str | Path], collector: ErrorCollector) -> None:
        self._collector = collector
        self._replaced = {path.name for directory in directories[:-1] for path in Path(directory).glob("*.vtl.j2")}
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([str(directory) for directory in directories]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            comment_start_string="<#",
            comment_end_string="#>",
            autoescape=False,
            auto_reload=False,
            optimized=False,
            bytecode_cache=_bytecode_cache(),
        )
        self._environment.filters.update(json=json_text, vtl=vtl_text)

    def is_replaced(self, name: str) -> bool:
        """Return whether a file of the user replaces ours, or a file that ours import."""
        return name in self._replaced or any(file.startswith("_") for file in self._replaced)

    def render(self, name: str, variables: Mapping[str, Any]) -> str:
        """Return a file rendered with these variables; empty after an error."""
        try:
            return self._environment.get_template(name).render(variables)
        except jinja2.TemplateNotFound as error:
            self._collector.add(f"template {name}", f"there is no file {error.name}", "put it into templates/vtl")
        except jinja2.TemplateSyntaxError as error:
            self._collector.add(f"template {error.name}", f"line {error.lineno}: {error.message}", "correct its Jinja")
        except jinja2.TemplateError as error:
            self._collector.add(f"template {name}", str(error), "use the variables that docs/routes.md lists")
        return ""

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The VTL of generated routes, rendered from Jinja files."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from .mistakes import Report


def json_text(value: str) -> str:
    r"""A JSON string literal to stand in VTL text: `$` and `#` are `\u0024` and `\u0023`, so that VTL sees neither."""
    return json.dumps(value).replace("$", "\\u0024").replace("#", "\\u0023")


def vtl_text(value: str) -> str:
    """A VTL string literal: single quotes, in which nothing is interpolated; a quote inside is doubled."""
    return "'" + value.replace("'", "''") + "'"


class _Bytecode(jinja2.FileSystemBytecodeCache):
    """What Jinja makes of a template file, kept in a directory of the user's own below the system's temporary one.

    An entry is of one text of one file. Environments with other settings than ours, which the file's name in the cache
    would not tell apart, are kept apart by the name here.
    """

    def __init__(self) -> None:
        super().__init__(pattern=f"codeless-apigateway-1-jinja-{jinja2.__version__}-%s")

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep it where there is room for it."""
        with contextlib.suppress(OSError):
            super().set_bucket(bucket)


def _bytecode() -> _Bytecode | None:
    """None where there is no directory that only this user can write to."""
    try:
        return _Bytecode()
    except (OSError, RuntimeError):
        return None


class Templates:
    """The template files of some directories: the first that has a file wins, so that a user's replace ours.

    Jinja's comments are `<# #>` here, since `{#` is how VTL begins a directive in a JSON object. An unknown variable
    is an error. Each file is parsed once, and not optimized: that takes longer than the renderings would gain by it.
    """

    def __init__(self, directories: Sequence[str | Path], report: Report) -> None:
        self._report = report
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
            bytecode_cache=_bytecode(),
        )
        self._environment.filters.update(json=json_text, vtl=vtl_text)

    def render(self, name: str, variables: Mapping[str, Any]) -> str:
        """The text of one file with these variables; empty where it has a mistake, which is noted."""
        try:
            return self._environment.get_template(name).render(variables)
        except jinja2.TemplateNotFound as error:
            self._report.add(f"template {name}", f"there is no file {error.name}", "put it into templates/vtl")
        except jinja2.TemplateSyntaxError as error:
            self._report.add(f"template {error.name}", f"line {error.lineno}: {error.message}", "mend its Jinja")
        except jinja2.TemplateError as error:
            self._report.add(f"template {name}", str(error), "use the variables that docs/routes.md lists")
        return ""

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The syntax of templates. Imports no library, so that templates can be checked without those of the renderer."""

from __future__ import annotations

from .errors import TemplateSyntaxError
from .java.values import to_utf16
from .nodes import Statement
from .parser import parse_source

MAX_SOURCE = 300 * 1024
"""Maximum length of a source in characters: AWS's quota for a mapping template is 300 KB."""

_BACKSLASHES = "\\" * 1_000


def parse_statements(source: str) -> tuple[Statement, ...]:
    """Return the statements of a template. Raises TemplateSyntaxError with the line and column of the error."""
    _check_size(source)
    try:
        return parse_source(to_utf16(source))
    except RecursionError:
        raise TemplateSyntaxError("the template is nested too deeply") from None


def _check_size(source: str) -> None:
    """Raise TemplateSyntaxError for a source that would take too long to parse."""
    if len(source) > MAX_SOURCE:
        raise TemplateSyntaxError(f"the template is longer than {MAX_SOURCE} characters")
    if _BACKSLASHES in source:
        raise TemplateSyntaxError(f"the template has {len(_BACKSLASHES)} backslashes in a row")

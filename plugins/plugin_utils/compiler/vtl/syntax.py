# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds syntax errors in mapping templates. API Gateway imports any text, and returns 500 to each request.

The parser belongs to the package `local-apigateway`, which runs the templates. Without the package, syntax is not
checked, and callers of `syntax_error` warn with `NOT_CHECKED`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec

NOT_CHECKED = ("its syntax is not checked", "install the Python package local-apigateway on the controller")
"""The problem and the remedy without a parser."""


@cache
def can_parse() -> bool:
    """Return whether the package with the parser is installed."""
    return find_spec("local_apigateway") is not None


@lru_cache(maxsize=1024)
def syntax_error(template: str) -> str | None:
    """Return the first syntax error of a template with its line and column.

    None if the template has none, or if there is no parser.
    """
    if not can_parse():
        return None
    # Imported here, because most runs have no template to check.
    from local_apigateway.velocity.errors import TemplateSyntaxError
    from local_apigateway.velocity.syntax import parse_statements

    try:
        parse_statements(template)
    except TemplateSyntaxError as error:
        return str(error)
    return None

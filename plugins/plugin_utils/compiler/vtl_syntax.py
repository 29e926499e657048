# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a mapping template is one: API Gateway imports any text, and answers each request with a 500."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1024)
def syntax_error(template: str) -> str | None:
    """Return the first syntax error of a template with its line and column; None if the template has none."""
    # Imported here, because most runs have no template to check.
    from ..local_aws.velocity.errors import TemplateSyntaxError
    from ..local_aws.velocity.syntax import parse_statements

    try:
        parse_statements(template)
    except TemplateSyntaxError as error:
        return str(error)
    return None

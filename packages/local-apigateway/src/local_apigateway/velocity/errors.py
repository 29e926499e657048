# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The errors of templates: syntax, rendering, limits."""

from __future__ import annotations


class TemplateError(Exception):
    """An error of a template, with line and column in its source (from 1; 0 if unknown)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(where + message)
        self.message = message
        self.line = line
        self.column = column


class TemplateSyntaxError(TemplateError):
    """The source is not a Velocity template; API Gateway responds with status 500."""


class TemplateRenderError(TemplateError):
    """A method threw an exception, or a limit was reached; API Gateway responds with status 500."""


class TemplateLimitError(TemplateRenderError):
    """A limit was reached, without another error before."""


class JavaError(Exception):
    """A Java exception thrown by a method that a template called. `kind` is the exception's simple class name."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind


class LimitError(Exception):
    """A template used more than its limits allow."""

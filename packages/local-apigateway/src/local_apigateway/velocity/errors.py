# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What can go wrong with a template: it does not parse, or it fails while it renders."""

from __future__ import annotations


class TemplateError(Exception):
    """A fault of a template, at a place in its source where one is known (both 1-based, else 0)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(where + message)
        self.message = message
        self.line = line
        self.column = column


class TemplateSyntaxError(TemplateError):
    """The source is not a Velocity template; API Gateway answers the caller with a 500."""


class TemplateRenderError(TemplateError):
    """A method threw, or a limit was reached; API Gateway answers the caller with a 500."""


class TemplateLimitError(TemplateRenderError):
    """A limit was reached, and nothing else was wrong so far."""


class JavaError(Exception):
    """A Java exception thrown by a method that a template called. `kind` is the exception's simple class name."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind


class LimitError(Exception):
    """A template used more than its limits allow."""

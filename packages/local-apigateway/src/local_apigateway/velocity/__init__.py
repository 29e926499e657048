# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A template engine for API Gateway's mapping-template language: Apache Velocity 1.7, as AWS runs it.

`parse` a source once, `render` it as often as needed, from any thread. It differs from plain Velocity where AWS does:
a reference without a value is "", #macro, #evaluate, #parse and #include do nothing, and #foreach ends after 1,000
passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import JavaError, LimitError, TemplateError, TemplateLimitError, TemplateRenderError, TemplateSyntaxError
from .limits import Limits, Meter, limits_for

if TYPE_CHECKING:
    from .template import Template, parse

__all__ = [
    "JavaError",
    "LimitError",
    "Limits",
    "Meter",
    "Template",
    "TemplateError",
    "TemplateLimitError",
    "TemplateRenderError",
    "TemplateSyntaxError",
    "limits_for",
    "parse",
]


def __getattr__(name: str) -> Any:
    """Import the renderer at its first use: checking the syntax of templates must work without its libraries."""
    if name not in ("Template", "parse"):
        raise AttributeError(name)
    from . import template

    return getattr(template, name)

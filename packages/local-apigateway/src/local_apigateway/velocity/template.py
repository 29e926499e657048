# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Templates, parsed once and rendered often."""

from __future__ import annotations

import contextlib
from collections.abc import MutableMapping

from .errors import JavaError, LimitError, TemplateLimitError, TemplateRenderError, TemplateSyntaxError
from .java import types
from .java.values import from_utf16, to_value
from .limits import Limits, Meter
from .renderer import Block, compile_statements
from .scope import BreakSignal, Frame, StopSignal
from .syntax import parse_statements

types.declare()
types.define_object(Block, "org.apache.velocity.runtime.directive.Block$Reference", {})

_DEFAULT_LIMITS = Limits()


class Template:
    """A parsed template. It is immutable, and can be rendered in several threads at once."""

    def __init__(self, source: str) -> None:
        self.source = source
        try:
            self._write = compile_statements(parse_statements(source))
        except RecursionError:
            raise TemplateSyntaxError("the template is nested too deeply") from None

    def render(
        self, context: MutableMapping[str, object], limits: Limits = _DEFAULT_LIMITS, *, null_results: bool = False
    ) -> str:
        """Render the template with the variables in `context`, and return its text.

        Plain data in `context` (dict, list, str, numbers, bool) is converted to values of the template, and variables
        that the template sets are added to `context`. With `null_results` a method call that returns null has no
        value; otherwise its value is the empty text. Raises TemplateRenderError; its subclass TemplateLimitError
        beyond a limit.
        """
        for name, value in context.items():
            context[name] = to_value(value)
        frame = Frame(context, Meter(limits), null_results=null_results)
        try:
            return from_utf16(self._run(frame))
        except JavaError as error:
            raise TemplateRenderError(str(error)) from error
        except LimitError as error:
            raise TemplateLimitError(str(error)) from error
        except ArithmeticError as error:
            raise TemplateRenderError("the template computes with numbers that are too large") from error
        except (RecursionError, MemoryError):
            raise TemplateRenderError("the template's values are nested too deeply or are too large") from None

    def _run(self, frame: Frame) -> str:
        with contextlib.suppress(StopSignal, BreakSignal):
            self._write(frame)
        return frame.output()


def parse(source: str) -> Template:
    """Parse a template. Raises TemplateSyntaxError with the line and column of the error."""
    return Template(source)

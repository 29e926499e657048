# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The state of a rendering: variables, output, loops, and the signals that end it early."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from .errors import LimitError
from .java.values import JavaObject
from .limits import Meter

_WRITE_COST = 8
"""The cost of a piece of text in addition to its characters, so that empty pieces are not free."""


class Frame:
    """One rendering. `out` collects the text; a string literal with references has its own frame.

    `null_results`: a method call that returns null has no value, instead of the empty text.
    """

    __slots__ = ("meter", "null_results", "out", "variables")

    def __init__(self, variables: MutableMapping[str, Any], meter: Meter, *, null_results: bool = False) -> None:
        self.variables = variables
        self.meter = meter
        self.null_results = null_results
        self.out: list[str] = []

    def write(self, text: str) -> None:
        self.meter.text(len(text) + _WRITE_COST)
        self.out.append(text)

    def output(self) -> str:
        """Return the text so far. Raises LimitError if it is longer than the limit of the output."""
        text = "".join(self.out)
        if len(text) > self.meter.limits.output:
            raise LimitError(f"the template prints more than {self.meter.limits.output} characters")
        return text


class NullVariable(MutableMapping[str, Any]):
    """The variables in a pass of #foreach over null: the loop's variable has no value, even after an assignment."""

    def __init__(self, name: str, variables: MutableMapping[str, Any]) -> None:
        self._name = name
        self._variables = variables
        self._active = True

    def get(self, key: str, default: Any = None) -> Any:
        return default if self._active and key == self._name else self._variables.get(key, default)

    def __getitem__(self, name: str) -> Any:
        return self._variables[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name == self._name and value is None:
            self._active = True
        self._variables[name] = value

    def __delitem__(self, name: str) -> None:
        if name == self._name:
            self._active = False
        del self._variables[name]

    def pop(self, key: str, default: Any = None) -> Any:
        if key == self._name:
            self._active = False
        return self._variables.pop(key, default)

    def __iter__(self) -> Any:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


class ForeachScope(JavaObject):
    """`$foreach`: the position of a loop. `previous` is the value of `$foreach` before the loop."""

    __slots__ = ("has_next", "index", "previous", "stored")

    def __init__(self, previous: object) -> None:
        self.previous = previous
        self.index = -1
        self.has_next = False
        self.stored: dict[str, Any] = {}

    @property
    def parent(self) -> ForeachScope | None:
        return self.previous if isinstance(self.previous, ForeachScope) else None

    def topmost(self) -> ForeachScope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def text(self, meter: Meter) -> str:
        del meter
        return "{}"


class StopSignal(Exception):  # noqa: N818 (ends a rendering; not an error)
    """#stop"""


class BreakSignal(Exception):  # noqa: N818 (ends a loop; not an error)
    """#break; `target` is the scope of the loop to leave, None for the nearest loop or block."""

    def __init__(self, target: ForeachScope | None) -> None:
        super().__init__()
        self.target = target

    def is_for(self, scope: ForeachScope) -> bool:
        return self.target is None or self.target is scope

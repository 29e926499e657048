# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a rendering holds while it runs: variables, output, loops, and the ways to end early."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from .errors import LimitError
from .java.values import JavaObject
from .limits import Meter

_WRITE_COST = 8
"""What a piece of text costs beside its characters, so that pieces without any are not free."""


class Frame:
    """One rendering. `out` collects the text; a string literal's parts collect in one of their own.

    `null_results`: a method call that returns null has no value, rather than the empty text.
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
        """All text so far; raises LimitError where it is longer than a rendering may print."""
        text = "".join(self.out)
        if len(text) > self.meter.limits.output:
            raise LimitError(f"the template prints more than {self.meter.limits.output} characters")
        return text


class NullVariable(MutableMapping[str, Any]):
    """The variables within a pass of #foreach over null: the loop's variable has no value, whatever is assigned."""

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
    """`$foreach`: where a loop stands. `previous` is what `$foreach` was before it."""

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


class StopSignal(Exception):  # noqa: N818 (it ends a rendering and is no error)
    """#stop"""


class BreakSignal(Exception):  # noqa: N818 (it ends a loop and is no error)
    """#break; `target` is the scope of the loop to leave, None for the nearest loop or block."""

    def __init__(self, target: ForeachScope | None) -> None:
        super().__init__()
        self.target = target

    def is_for(self, scope: ForeachScope) -> bool:
        return self.target is None or self.target is scope

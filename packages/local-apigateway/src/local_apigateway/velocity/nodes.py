# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The syntax tree of a template.

`None` stands for the absence of a value. `literal` is the source of a node, which Velocity prints if the node has no
value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True)
class Place:
    """The line and column, from 1, at which a node begins in the source."""

    line: int
    column: int


@dataclass(frozen=True)
class Text:
    """Plain text, comments and unknown directives included."""

    text: str


@dataclass(frozen=True)
class Property:
    """`.name`"""

    name: str


@dataclass(frozen=True)
class Index:
    """`[argument]`"""

    argument: Expression


@dataclass(frozen=True)
class MethodCall:
    """`.name(arguments)`"""

    name: str
    arguments: tuple[Expression, ...]
    place: Place


Step = Union[Property, Index, MethodCall]


@dataclass(frozen=True)
class Reference:
    """`$root.step.step…`.

    `escaped` ("\\$a") prints `literal` instead of a value; `prefix` is printed before a value. `assigned` is the name
    that #set assigns. A reference that is not `computable` ("$\\!a") has no value in an expression.
    """

    root: str
    steps: tuple[Step, ...]
    place: Place
    prefix: str
    escape_prefix: str
    escaped: bool
    computable: bool
    null_text: str
    assigned: str
    literal: str


@dataclass(frozen=True)
class StringLiteral:
    """`'text'` or `"text"`; `parts` is the template in a double-quoted one with "$" or "#".

    `padded`: a blank was appended to the template so that it can end in "$" or "#". A line comment prevents that.
    """

    text: str
    parts: tuple[Statement, ...] | None
    padded: bool
    literal: str


@dataclass(frozen=True)
class Constant:
    """A number or a boolean."""

    value: object
    literal: str


@dataclass(frozen=True)
class Range:
    """`[first..last]`"""

    first: Expression
    last: Expression
    literal: str


@dataclass(frozen=True)
class MapLiteral:
    """`{key: value, …}`"""

    pairs: tuple[tuple[Expression, Expression], ...]
    literal: str


@dataclass(frozen=True)
class ListLiteral:
    """`[item, …]`"""

    items: tuple[Expression, ...]
    literal: str


@dataclass(frozen=True)
class Not:
    """`!operand`"""

    operand: Expression
    literal: str


@dataclass(frozen=True)
class Operation:
    """`op operand` in a chain. In Velocity the `literal` of the chain so far is that of the operand.

    It includes the blanks around the operand.
    """

    operator: str
    operand: Expression
    literal: str


@dataclass(frozen=True)
class Chain:
    """`first op operand op operand …`, operators of one precedence, from left to right."""

    first: Expression
    rest: tuple[Operation, ...]
    literal: str


@dataclass(frozen=True)
class Group:
    """`(inner)`"""

    inner: Expression
    literal: str


@dataclass(frozen=True)
class Word:
    """A bare word among a directive's arguments, such as `in` of #foreach."""

    literal: str


Expression = Union[Reference, StringLiteral, Constant, Range, MapLiteral, ListLiteral, Not, Chain, Group, Word]


@dataclass(frozen=True)
class If:
    """#if … #elseif … #else … #end; the condition of #else is `None`."""

    branches: tuple[tuple[Expression | None, tuple[Statement, ...]], ...]


@dataclass(frozen=True)
class Set:
    """#set(target = value)"""

    target: Reference
    value: Expression


@dataclass(frozen=True)
class Foreach:
    """#foreach(variable in items) body #end"""

    variable: str
    items: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Define:
    """#define($name) body #end"""

    name: str
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Stop:
    """#stop or #stop(message). The message is evaluated, but not shown."""

    message: Expression | None


@dataclass(frozen=True)
class Break:
    """#break or #break(scope)"""

    scope: Expression | None
    place: Place


@dataclass(frozen=True)
class Failure:
    """A statement that parses, but fails when it is rendered."""

    message: str
    place: Place


Statement = Union[Text, Reference, If, Set, Foreach, Define, Stop, Break, Failure]

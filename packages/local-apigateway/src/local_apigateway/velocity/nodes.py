# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The syntax tree of a template.

A value that the grammar cannot have is `None`. `literal` is the source of a node, as Velocity prints it in place of
a value that it does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True)
class Place:
    """Where a node begins in its source, from 1."""

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

    `escaped` ("\\$a") prints `literal` and no value; `prefix` is printed before a value. `assigned` is the name that
    #set gives a value to. A reference that is not `computable` ("$\\!a") has no value in an expression.
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
    """`'text'` or `"text"`; `parts` is the template in a double-quoted one that has "$" or "#".

    A blank was appended to such a template so that it can end in "$" or "#", unless it holds a line comment;
    `padded` says so.
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
    """`op operand` in a chain. `literal` stands for the chain so far: the operand with the blanks around it."""

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
    """A bare word among a directive's arguments, `in` of #foreach."""

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
    """#stop or #stop(message); the message is evaluated, and shown to nobody."""

    message: Expression | None


@dataclass(frozen=True)
class Break:
    """#break or #break(scope)"""

    scope: Expression | None
    place: Place


@dataclass(frozen=True)
class Failure:
    """A statement that parses and cannot be rendered."""

    message: str
    place: Place


Statement = Union[Text, Reference, If, Set, Foreach, Define, Stop, Break, Failure]

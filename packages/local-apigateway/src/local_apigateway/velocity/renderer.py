# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The renderer: compiles a syntax tree to functions once, and runs them for each rendering."""

# pylint: disable=unidiomatic-typecheck; one class of Java is meant, without its subclasses in Python
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import JavaError, TemplateRenderError
from .java import arithmetic
from .java.collections import Cursor, cursor
from .java.methods import find_method, get_property, invoke, invoke_named
from .java.values import JavaObject, LinkedMap, equal, map_key, text_of
from .limits import Meter
from .nodes import (
    Break,
    Chain,
    Constant,
    Define,
    Expression,
    Failure,
    Foreach,
    Group,
    If,
    Index,
    ListLiteral,
    MapLiteral,
    MethodCall,
    Not,
    Place,
    Property,
    Range,
    Reference,
    Set,
    Statement,
    Step,
    Stop,
    StringLiteral,
    Text,
    Word,
)
from .scope import BreakSignal, ForeachScope, Frame, NullVariable, StopSignal

Write = Callable[[Frame], None]
Value = Callable[[Frame], Any]
Test = Callable[[Frame], bool]
Access = Callable[[Frame, Any], Any]


def compile_statements(statements: tuple[Statement, ...]) -> Write:
    """Compile statements to one function that prints them in order."""
    writers = tuple(_STATEMENTS[type(statement)](statement) for statement in statements)
    if len(writers) == 1:
        return writers[0]

    def write_all(frame: Frame) -> None:
        for write in writers:
            write(frame)

    return write_all


# statements


def _text(node: Text) -> Write:
    text = node.text

    def write(frame: Frame) -> None:
        frame.write(text)

    return write


def _failure(node: Failure) -> Write:
    def write(frame: Frame) -> None:
        del frame
        raise TemplateRenderError(node.message, node.place.line, node.place.column)

    return write


def _if(node: If) -> Write:
    branches = tuple(
        (_always if condition is None else _test(condition), compile_statements(body))
        for condition, body in node.branches
    )

    def write(frame: Frame) -> None:
        frame.meter.step()
        for test, body in branches:
            if test(frame):
                body(frame)
                return

    return write


def _always(frame: Frame) -> bool:
    del frame
    return True


def _set(node: Set) -> Write:
    value = _value(node.value)
    assign = _assignment(node.target)

    def write(frame: Frame) -> None:
        frame.meter.step()
        result = value(frame)
        if result is not None:
            assign(frame, result)

    return write


def _foreach(node: Foreach) -> Write:
    items = _value(node.items)
    body = compile_statements(node.body)

    def write(frame: Frame) -> None:
        members = cursor(items(frame))
        if members is not None:
            _loop(frame, node.variable, members, body)

    return write


_LOOP_VARIABLES = ("velocityCount", "velocityHasNext")


def _loop(frame: Frame, variable: str, items: Cursor, body: Write) -> None:
    """Run a loop's body with its variables, and then restore the variables that they hid."""
    outer = frame.variables
    hidden = [(name, outer.get(name)) for name in (variable, *_LOOP_VARIABLES)]
    scope = ForeachScope(outer.get("foreach"))
    outer["foreach"] = scope
    try:
        _passes(frame, variable, items, body, scope)
    except BreakSignal as signal:
        if not signal.is_for(scope):
            raise
    finally:
        frame.variables = outer
        for name, value in hidden:
            _restore(frame, name, value)
        if isinstance(outer.get("foreach"), ForeachScope):
            _restore(frame, "foreach", outer["foreach"].previous)


def _restore(frame: Frame, name: str, value: object) -> None:
    if value is None:
        frame.variables.pop(name, None)
    else:
        frame.variables[name] = value


def _passes(frame: Frame, variable: str, items: Cursor, body: Write, scope: ForeachScope) -> None:
    outer = frame.variables
    null_variable: NullVariable | None = None
    for _i in range(frame.meter.limits.iterations):
        if not items.has_next():
            return
        frame.meter.step()
        item = items.next()
        scope.index += 1
        scope.has_next = items.has_next()
        outer["velocityCount"] = scope.index + 1
        outer["velocityHasNext"] = scope.has_next
        outer[variable] = item
        if item is None:
            null_variable = null_variable or NullVariable(variable, outer)
            frame.variables = null_variable
        body(frame)
        frame.variables = outer


def _define(node: Define) -> Write:
    body = compile_statements(node.body)

    def write(frame: Frame) -> None:
        frame.variables[node.name] = Block(frame, body)

    return write


def _stop(node: Stop) -> Write:
    message = None if node.message is None else _value(node.message)

    def write(frame: Frame) -> None:
        if message is not None:
            message(frame)
        raise StopSignal

    return write


def _break(node: Break) -> Write:
    scope = None if node.scope is None else _value(node.scope)

    def write(frame: Frame) -> None:
        target = None if scope is None else scope(frame)
        if scope is not None and not isinstance(target, ForeachScope):
            raise TemplateRenderError("#break takes $foreach or one of its parents", node.place.line, node.place.column)
        raise BreakSignal(target)

    return write


class Block(JavaObject):
    """The value of a #define: statements that are printed at each use of its name."""

    __slots__ = ("_body", "_depth", "_frame")

    def __init__(self, frame: Frame, body: Write) -> None:
        self._frame = frame
        self._body = body
        self._depth = 0

    def write(self, frame: Frame) -> bool:
        """Print the block. Returns False if it contains itself too deeply."""
        if self._depth >= frame.meter.limits.define_depth:
            return False
        self._depth += 1
        try:
            frame.meter.step()
            self._body(frame)
        except BreakSignal as signal:
            if signal.target is not None:
                raise
        self._depth -= 1
        return True

    def text(self, meter: Meter) -> str | None:
        del meter
        frame = self._frame
        out, frame.out = frame.out, []
        try:
            printed = self.write(frame)
            text = "".join(frame.out)
        finally:
            frame.out = out
        return text if printed else None


def _write_reference(node: Reference) -> Write:
    value = _reference(node)
    escaped_text = node.escape_prefix + node.null_text
    prefix = node.escape_prefix + node.prefix
    null_text = node.escape_prefix + prefix + node.null_text

    def write(frame: Frame) -> None:
        result = value(frame)
        if node.escaped:
            frame.write(escaped_text)
            return
        if type(result) is Block and result.write(frame):
            return
        text = text_of(result, frame.meter)
        frame.write(null_text if text is None else prefix + text)

    return write


# references


def _reference(node: Reference) -> Value:
    """Compile a reference to a function that returns its value; "" for no value, as in API Gateway.

    With `null_results`, a method call that returns null has no value: Velocity calls one handler for a missing variable
    or property, and another one for such a call.
    """
    root = node.root
    if not node.steps:
        return _variable(root)
    steps = tuple((_step(step), isinstance(step, MethodCall)) for step in node.steps)
    place = node.place
    count = len(steps)

    def value(frame: Frame) -> Any:
        frame.meter.step(count)
        result = frame.variables.get(root)
        if result is None:
            return ""
        try:
            for step, is_call in steps:
                result = step(frame, result)
                if result is None:
                    return None if is_call and frame.null_results else ""
        except JavaError as error:
            raise _render_error(node, error, place) from error
        return result

    return value


def _variable(name: str) -> Value:
    def value(frame: Frame) -> Any:
        found = frame.variables.get(name)
        return "" if found is None else found

    return value


def _render_error(node: Reference, error: JavaError, place: Place) -> TemplateRenderError:
    return TemplateRenderError(f"{node.literal}: {error}", place.line, place.column)


def _step(step: Step) -> Access:
    if isinstance(step, Property):
        return _property(step)
    return _index(step) if isinstance(step, Index) else _call(step)


def _property(step: Property) -> Access:
    name = step.name
    plain = name not in ("class", "Class")

    def access(frame: Frame, receiver: Any) -> Any:
        if plain and type(receiver) is LinkedMap:
            return receiver.get(name)
        return get_property(frame.meter, receiver, name)

    return access


def _call(step: MethodCall) -> Access:
    name = step.name
    arguments = tuple(_value(argument) for argument in step.arguments)

    def access(frame: Frame, receiver: Any) -> Any:
        values = tuple([argument(frame) for argument in arguments])
        method = find_method(receiver, name, values)
        return None if method is None else invoke(method, frame.meter, receiver, values)

    return access


def _index(step: Index) -> Access:
    argument = _value(step.argument)

    def access(frame: Frame, receiver: Any) -> Any:
        position = _from_end(frame, receiver, argument(frame))
        return invoke_named(frame.meter, receiver, "get", (position,))[1]

    return access


def _from_end(frame: Frame, receiver: Any, position: Any) -> Any:
    """Return the index from the start for a negative one, which counts from the end."""
    if type(position) is not int or position >= 0:
        return position
    _unused, size = invoke_named(frame.meter, receiver, "size", ())
    if type(size) is not int:
        raise JavaError("VelocityException", f"a negative index ({position}) needs something that has a size()")
    return size + position


def _assignment(node: Reference) -> Callable[[Frame, Any], None]:
    if not node.steps:
        name = node.assigned
        return lambda frame, value: _assign_variable(frame, name, value)
    steps = tuple(_step(step) for step in node.steps[:-1])
    last = _assign_index(node.steps[-1]) if isinstance(node.steps[-1], Index) else _assign_property(node.steps[-1])

    def assign(frame: Frame, value: Any) -> None:
        target = frame.variables.get(node.root)
        try:
            for step in steps:
                if target is None:
                    return
                target = step(frame, target)
            if target is not None:
                last(frame, target, value)
        except JavaError as error:
            raise _render_error(node, error, node.place) from error

    return assign


def _assign_variable(frame: Frame, name: str, value: Any) -> None:
    frame.variables[name] = value


def _assign_index(step: Index) -> Callable[[Frame, Any, Any], None]:
    argument = _value(step.argument)

    def assign(frame: Frame, target: Any, value: Any) -> None:
        arguments = (_from_end(frame, target, argument(frame)), value)
        found, _unused = invoke_named(frame.meter, target, "set", arguments)
        if not found:
            invoke_named(frame.meter, target, "put", arguments)

    return assign


def _assign_property(step: Step) -> Callable[[Frame, Any, Any], None]:
    name = step.name if isinstance(step, (Property, MethodCall)) else ""
    setters = ("set" + name, "set" + name[0].swapcase() + name[1:])

    def assign(frame: Frame, target: Any, value: Any) -> None:
        for setter in setters:
            if invoke_named(frame.meter, target, setter, (value,))[0]:
                return
        invoke_named(frame.meter, target, "put", (name, value))

    return assign


# expressions


def _value(node: Expression) -> Value:
    return _VALUES[type(node)](node)


def _constant(node: Constant) -> Value:
    value = node.value
    return lambda frame: value


def _reference_value(node: Reference) -> Value:
    return _reference(node) if node.computable else _nothing


def _nothing(frame: Frame) -> Any:
    del frame


def _string(node: StringLiteral) -> Value:
    if node.parts is None:
        text = node.text
        return lambda frame: text
    body = compile_statements(node.parts)
    padded = node.padded

    def value(frame: Frame) -> Any:
        out, frame.out = frame.out, []
        try:
            body(frame)
            result = "".join(frame.out)
        finally:
            frame.out = out
        return result[:-1] if padded else result

    return value


def _range(node: Range) -> Value:
    first, last = _value(node.first), _value(node.last)

    def value(frame: Frame) -> Any:
        start, end = first(frame), last(frame)
        if not (arithmetic.is_number(start) and arithmetic.is_number(end)):
            return None
        return make_range(frame, start, end)

    return value


def make_range(frame: Frame, start: Any, end: Any) -> list[int]:
    """Return the list of integers from one to another, up or down."""
    low, high = arithmetic.to_int(start), arithmetic.to_int(end)
    frame.meter.step(abs(high - low) + 1)
    step = -1 if low >= high else 1
    return list(range(low, high + step, step))


def _map(node: MapLiteral) -> Value:
    pairs = tuple((_value(key), _value(member)) for key, member in node.pairs)

    def value(frame: Frame) -> Any:
        meter = frame.meter
        meter.step(len(pairs))
        result = LinkedMap()
        for key, member in pairs:
            name = map_key(key(frame), meter)
            result[name] = member(frame)
        return result

    return value


def _list(node: ListLiteral) -> Value:
    items = tuple(_value(item) for item in node.items)

    def value(frame: Frame) -> Any:
        frame.meter.step(len(items))
        return [item(frame) for item in items]

    return value


def _test_value(node: Expression) -> Value:
    return _test(node)


def _chain(node: Chain) -> Value:
    if node.rest[0].operator in ("||", "&&"):
        return _test(node)
    first = _value(node.first)
    rest = tuple((_OPERATORS[o.operator], _value(o.operand), o.operand.literal, o.literal) for o in node.rest)
    first_literal = node.first.literal

    def value(frame: Frame) -> Any:
        frame.meter.step(len(rest))
        result = first(frame)
        literal = first_literal
        for operate, operand, operand_literal, chain_literal in rest:
            result = operate(frame, result, operand(frame), literal, operand_literal)
            literal = chain_literal
        return result

    return value


def _group(node: Group) -> Value:
    return _value(node.inner)


# conditions


def _test(node: Expression) -> Test:
    """Compile a condition. A reference with a value is true unless it is false; of the literals only `true` is true."""
    if isinstance(node, Reference):
        return _test_reference(node)
    if isinstance(node, Not):
        operand = _test(node.operand)
        return lambda frame: not operand(frame)
    if isinstance(node, Group):
        return _test(node.inner)
    if isinstance(node, Chain):
        return _test_chain(node)
    holds = isinstance(node, Constant) and node.value is True
    return lambda frame: holds


def _test_reference(node: Reference) -> Test:
    value = _reference(node)

    def test(frame: Frame) -> bool:
        result = value(frame)
        if result is None:
            return False
        if type(result) is bool:
            return result
        return type(result) is not Block or result.text(frame.meter) is not None

    return test


def _test_chain(node: Chain) -> Test:
    operator = node.rest[-1].operator
    if operator in ("||", "&&"):
        tests = tuple(_test(operand) for operand in (node.first, *(o.operand for o in node.rest)))
        return _any(tests) if operator == "||" else _all(tests)
    value = _chain(node)
    if operator in _COMPARISONS:
        return lambda frame: value(frame) is True
    return lambda frame: False


def _any(tests: tuple[Test, ...]) -> Test:
    def test(frame: Frame) -> bool:
        frame.meter.step(len(tests))
        return any(test(frame) for test in tests)

    return test


def _all(tests: tuple[Test, ...]) -> Test:
    def test(frame: Frame) -> bool:
        frame.meter.step(len(tests))
        return all(test(frame) for test in tests)

    return test


# operators

Operator = Callable[[Frame, Any, Any, str, str], Any]


def _add(frame: Frame, left: Any, right: Any, left_literal: str, right_literal: str) -> Any:
    if type(left) is str or type(right) is str:
        texts = (
            left_literal if left is None else text_of(left, frame.meter),
            right_literal if right is None else text_of(right, frame.meter),
        )
        result = "".join("null" if text is None else text for text in texts)
        frame.meter.text(len(result))
        return result
    return _arithmetic(arithmetic.add)(frame, left, right, left_literal, right_literal)


def _arithmetic(operation: Callable[[Any, Any], Any]) -> Operator:
    def operate(frame: Frame, left: Any, right: Any, left_literal: str, right_literal: str) -> Any:
        del frame, left_literal, right_literal
        if not (arithmetic.is_number(left) and arithmetic.is_number(right)):
            return None
        return operation(left, right)

    return operate


def _ordered(accept: Callable[[int], bool]) -> Operator:
    def operate(frame: Frame, left: Any, right: Any, left_literal: str, right_literal: str) -> bool:
        del frame, left_literal, right_literal
        if not (arithmetic.is_number(left) and arithmetic.is_number(right)):
            return False
        return accept(arithmetic.compare(left, right))

    return operate


def _equals(frame: Frame, left: Any, right: Any, left_literal: str, right_literal: str) -> bool:
    """Compare: numbers by value, values of one class by equals(), others by their printed text."""
    del left_literal, right_literal
    if type(left) is str and type(right) is str:
        frame.meter.scan(len(left))
        return left == right
    if arithmetic.is_number(left) and arithmetic.is_number(right):
        return arithmetic.compare(left, right) == 0
    if left is not None and right is not None and _are_related(type(left), type(right)):
        return equal(left, right, frame.meter)
    return text_of(left, frame.meter) == text_of(right, frame.meter)


def _are_related(left: type, right: type) -> bool:
    if bool in (left, right) or str in (left, right):
        return left is right
    return issubclass(left, right) or issubclass(right, left)


def _differs(frame: Frame, left: Any, right: Any, left_literal: str, right_literal: str) -> bool:
    return not _equals(frame, left, right, left_literal, right_literal)


_OPERATORS: dict[str, Operator] = {
    "+": _add,
    "-": _arithmetic(arithmetic.subtract),
    "*": _arithmetic(arithmetic.multiply),
    "/": _arithmetic(arithmetic.divide),
    "%": _arithmetic(arithmetic.modulo),
    "<": _ordered(lambda order: order < 0),
    "<=": _ordered(lambda order: order <= 0),
    ">": _ordered(lambda order: order > 0),
    ">=": _ordered(lambda order: order >= 0),
    "==": _equals,
    "!=": _differs,
}
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})

_STATEMENTS: dict[type, Callable[[Any], Write]] = {
    Text: _text,
    Failure: _failure,
    If: _if,
    Set: _set,
    Foreach: _foreach,
    Define: _define,
    Stop: _stop,
    Break: _break,
    Reference: _write_reference,
}
_VALUES: dict[type, Callable[[Any], Value]] = {
    Constant: _constant,
    Reference: _reference_value,
    StringLiteral: _string,
    Range: _range,
    MapLiteral: _map,
    ListLiteral: _list,
    Not: _test_value,
    Chain: _chain,
    Group: _group,
    Word: lambda node: _nothing,
}

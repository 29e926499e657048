# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The methods of values, and the choice among overloaded ones.

A method is declared by its Java signature in the table of its type. Nothing else can be called, so a template cannot
reach attributes of Python objects. Of several matching methods, the most specific is called by the rules of Velocity
1.7 (MethodMap); without a most specific one, the call has no value.
"""

# pylint: disable=unidiomatic-typecheck; one class of Java is meant, without its subclasses in Python
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import JavaError
from ..limits import Meter
from .values import JavaArray

Implementation = Callable[..., Any]
"""A method's code: gets the meter, the receiver and the arguments; returns the result, None for null."""


@dataclass(frozen=True)
class JavaMethod:
    """A declared method. A last parameter `T...` accepts any number of arguments."""

    parameters: tuple[str, ...]
    run: Implementation

    @property
    def variadic(self) -> bool:
        return bool(self.parameters) and self.parameters[-1].endswith("...")


@dataclass
class JavaType:
    """A Java class: its name, its supertypes, and its methods by name."""

    name: str
    supertypes: frozenset[str]
    methods: dict[str, list[JavaMethod]] = field(default_factory=dict)


_TYPES: dict[type, JavaType] = {}
_RESOLVED: dict[tuple[object, ...], JavaMethod | None] = {}
_NULL = "null"
_UNBOXED = {
    "boolean": ("Boolean",),
    "char": ("Character",),
    "byte": ("Byte",),
    "short": ("Short", "Byte"),
    "int": ("Integer", "Short", "Byte"),
    "long": ("Long", "Integer", "Short", "Byte"),
    "float": ("Float", "Long", "Integer", "Short", "Byte"),
    "double": ("Double", "Float", "Long", "Integer", "Short", "Byte"),
}
_BOXES = {name: boxes[0] for name, boxes in _UNBOXED.items()}
_WIDER = {
    "short": {"byte"},
    "int": {"short", "byte"},
    "long": {"int", "short", "byte"},
    "float": {"long", "int", "short", "byte"},
    "double": {"float", "long", "int", "short", "byte"},
}
_SUPERTYPES: dict[str, frozenset[str]] = {
    "String": frozenset({"CharSequence", "Comparable", "Object"}),
    "List": frozenset({"Collection", "Iterable", "Object"}),
    "Collection": frozenset({"Iterable", "Object"}),
}


def define_type(
    python_type: type, name: str, methods: Mapping[str, Implementation], supertypes: tuple[str, ...] = ()
) -> None:
    """Declare the Java type of a Python type. Methods are by signature, such as `substring(int,int)`."""
    short = name.rpartition(".")[2]
    java_type = JavaType(name, frozenset({short, "Object", *supertypes}))
    for signature, run in methods.items():
        match = re.fullmatch(r"(\w+)\(([\w.,]*)\)", signature)
        if match is None:
            raise ValueError(signature)
        parameters = tuple(match.group(2).split(",")) if match.group(2) else ()
        java_type.methods.setdefault(match.group(1), []).append(JavaMethod(parameters, run))
    _TYPES[python_type] = java_type


def type_of(value: object) -> JavaType:
    """Return the Java type of a value that is not None."""
    return _TYPES[type(value)]


def class_name(value: object) -> str:
    """Return the full name of a value's Java class."""
    return type_of(value).name


def find_method(receiver: object, name: str, arguments: tuple[object, ...]) -> JavaMethod | None:
    """Return the method for a call; None if no method matches, or none is the most specific."""
    key = (type(receiver), name, *map(type, arguments))
    try:
        return _RESOLVED[key]
    except KeyError:
        pass
    java_type = _TYPES.get(type(receiver))
    if java_type is None:
        return None
    method = _resolve(java_type.methods.get(name, []), arguments)
    _RESOLVED[key] = method
    return method


def invoke(method: JavaMethod, meter: Meter, receiver: object, arguments: tuple[object, ...]) -> object:
    """Call a method and meter its text. Raises JavaError where Java throws."""
    if method.variadic:
        arguments = _pack(method, arguments)
    if arguments and not method.parameters:
        raise JavaError("IllegalArgumentException", "wrong number of arguments")
    if isinstance(receiver, (str, list)):
        meter.scan(len(receiver))
    try:
        result = method.run(meter, receiver, *arguments)
    except (TypeError, AttributeError) as error:
        if None not in arguments:
            raise
        raise JavaError("NullPointerException", "") from error
    if type(result) is str:
        meter.text(len(result))
    return result


def _pack(method: JavaMethod, arguments: tuple[object, ...]) -> tuple[object, ...]:
    """Collect the last arguments in an array, unless the last one is an array, or null in its place."""
    fixed = len(method.parameters) - 1
    if len(arguments) == fixed + 1 and arguments[-1] is None:
        return arguments
    if len(arguments) == fixed + 1 and isinstance(arguments[-1], list) and _is_array(arguments[-1]):
        return arguments
    return (*arguments[:fixed], list(arguments[fixed:]))


def _is_array(value: object) -> bool:
    return "Object[]" in type_of(value).supertypes


def _resolve(methods: list[JavaMethod], arguments: tuple[object, ...]) -> JavaMethod | None:
    types = [_NULL if argument is None else type_of(argument).name.rpartition(".")[2] for argument in arguments]
    families = [frozenset() if argument is None else type_of(argument).supertypes for argument in arguments]
    exact = _exact(methods, types)
    if exact is not None:
        return exact
    fitting = [method for method in methods if _is_applicable(method, types, families)]
    return _most_specific(fitting)


def _exact(methods: list[JavaMethod], types: list[str]) -> JavaMethod | None:
    """Return a method whose parameters are exactly the arguments' classes; null counts as Object."""
    classes = ["Object" if name == _NULL else name for name in types]
    for method in methods:
        if not method.variadic and [_BOXES.get(p, p) for p in method.parameters] == classes:
            return method
    return None


def _is_applicable(method: JavaMethod, types: list[str], families: list[frozenset[str]]) -> bool:
    formal = list(method.parameters)
    if method.variadic:
        item = formal[-1][:-3]
        if len(types) < len(formal) - 1:
            return False
        if len(types) == len(formal) and "Object[]" in families[-1]:
            formal[-1] = "Object[]"
        else:
            formal[-1:] = [item] * (len(types) - len(formal) + 1)
    if len(formal) != len(types):
        # In Velocity a method without parameters matches any arguments; calling it then fails.
        return not formal
    return all(_accepts(p, name, family) for p, name, family in zip(formal, types, families, strict=True))


def _accepts(parameter: str, name: str, family: frozenset[str]) -> bool:
    if parameter in _UNBOXED:
        return name in _UNBOXED[parameter]
    return name == _NULL or parameter in family


def _most_specific(methods: list[JavaMethod]) -> JavaMethod | None:
    """Return the method that is more specific than every other one, searched in the order of declaration."""
    best: JavaMethod | None = None
    rivals: list[JavaMethod] = []
    for method in methods:
        if best is None:
            best = method
            continue
        order = _compare(method.parameters, best.parameters)
        if order == 0:
            rivals.append(method)
        elif order > 0:
            if all(_compare(method.parameters, rival.parameters) > 0 for rival in rivals):
                best, rivals = method, []
            else:
                rivals.append(method)
    return None if rivals else best


def _compare(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """Return 1 if the left parameters are more specific, -1 if the right ones are, else 0."""
    if len(left) != len(right):
        return 1 if len(left) > len(right) else -1
    differing = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    left_specific = any(_is_narrower(a, b) for a, b in differing)
    right_specific = any(_is_narrower(b, a) for a, b in differing)
    if left_specific and right_specific:
        return _prefer_fixed(left, right)
    return int(left_specific) - int(right_specific)


def _prefer_fixed(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    return int(right[-1].endswith("...")) - int(left[-1].endswith("..."))


def _is_narrower(narrow: str, wide: str) -> bool:
    if wide == "Object" or narrow in _WIDER.get(wide, ()):
        return True
    return wide in _SUPERTYPES.get(narrow, ())


def invoke_named(meter: Meter, receiver: object, name: str, arguments: tuple[object, ...]) -> tuple[bool, object]:
    """Call a method by name. Return whether it exists, and its result."""
    method = find_method(receiver, name, arguments)
    if method is None:
        return False, None
    return True, invoke(method, meter, receiver, arguments)


def get_property(meter: Meter, receiver: object, name: str) -> object:
    """Return `.name`: getname(), getName(), an entry of a map, get("name") or isName(); None if none exists.

    An array has the methods of a list, but not its properties.
    """
    if isinstance(receiver, JavaArray) and name not in ("class", "Class"):
        return None
    for getter in _getters("get", name):
        method = find_method(receiver, getter, ())
        if method is not None:
            return invoke(method, meter, receiver, ())
    if isinstance(receiver, dict):
        return receiver.get(name)
    method = find_method(receiver, "get", (name,))
    if method is not None:
        return invoke(method, meter, receiver, (name,))
    for getter in _getters("is", name):
        method = find_method(receiver, getter, ())
        if method is not None:
            result = invoke(method, meter, receiver, ())
            return result if isinstance(result, bool) else None
    return None


def _getters(prefix: str, name: str) -> tuple[str, str]:
    first = name[0].swapcase()
    return prefix + name, prefix + first + name[1:]

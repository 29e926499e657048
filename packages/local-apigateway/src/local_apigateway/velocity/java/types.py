# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Java types of every template, with their methods."""

from __future__ import annotations

from typing import Any

from ..errors import JavaError
from ..limits import Meter
from ..scope import ForeachScope
from .collections import (
    ARRAY_METHODS,
    ENTRY_METHODS,
    ITERATOR_METHODS,
    LIST_METHODS,
    MAP_METHODS,
    VIEW_METHODS,
    JavaIterator,
    SubList,
)
from .methods import class_name, define_type
from .numbers import (
    BIG_DECIMAL_METHODS,
    BIG_INTEGER_METHODS,
    BOOLEAN_METHODS,
    CHARACTER_METHODS,
    DOUBLE_METHODS,
    FLOAT_METHODS,
    INTEGER_METHODS,
    LONG_METHODS,
    NUMBER_METHODS,
)
from .strings import STRING_METHODS
from .values import (
    BigDecimal,
    BigInteger,
    Byte,
    Char,
    Entry,
    Float,
    JavaArray,
    JavaClass,
    LinkedMap,
    Long,
    Short,
    View,
    equal,
    hash_code,
    text_of,
)

_OBJECT_METHODS: dict[str, Any] = {
    "toString()": lambda meter, value: text_of(value, meter),
    "equals(Object)": lambda meter, value, other: equal(value, other, meter),
    "hashCode()": lambda meter, value: hash_code(value, meter),
    "getClass()": lambda meter, value: JavaClass(class_name(value)),
}


def _compare_to(meter: Meter, value: object, other: object) -> int:
    """Raise like Comparable.compareTo(Object), which is called if no narrower compareTo matches."""
    del meter
    if other is None:
        raise JavaError("NullPointerException", "")
    raise JavaError("ClassCastException", f"class {class_name(other)} cannot be cast to class {class_name(value)}")


_COMPARABLE_METHODS: dict[str, Any] = {"compareTo(Object)": _compare_to}


def _stored(meter: Meter, scope: ForeachScope, key: object) -> object:
    del meter
    return scope.stored.get(str(key))


def _store(meter: Meter, scope: ForeachScope, key: object, value: object) -> object:
    before = _stored(meter, scope, key)
    scope.stored[str(key)] = value
    return before


FOREACH_METHODS: dict[str, Any] = {
    "getIndex()": lambda _, scope: scope.index,
    "getCount()": lambda _, scope: scope.index + 1,
    "hasNext()": lambda _, scope: scope.has_next,
    "getHasNext()": lambda _, scope: scope.has_next,
    "isFirst()": lambda _, scope: scope.index < 1,
    "getFirst()": lambda _, scope: scope.index < 1,
    "isLast()": lambda _, scope: not scope.has_next,
    "getLast()": lambda _, scope: not scope.has_next,
    "getParent()": lambda _, scope: scope.parent,
    "getTopmost()": lambda _, scope: scope.topmost(),
    "get(Object)": _stored,
    "put(Object,Object)": _store,
}

_NUMBER = ("Number", "Comparable")
_LIST = ("List", "Collection", "Iterable")
_COLLECTION = ("Collection", "Iterable")

_TYPES: tuple[tuple[type, str, dict[str, Any], tuple[str, ...]], ...] = (
    (str, "java.lang.String", STRING_METHODS, ("CharSequence", "Comparable")),
    (bool, "java.lang.Boolean", BOOLEAN_METHODS, ("Comparable",)),
    (Char, "java.lang.Character", CHARACTER_METHODS, ("Comparable",)),
    (int, "java.lang.Integer", INTEGER_METHODS, _NUMBER),
    (Long, "java.lang.Long", LONG_METHODS, _NUMBER),
    (Short, "java.lang.Short", NUMBER_METHODS, _NUMBER),
    (Byte, "java.lang.Byte", NUMBER_METHODS, _NUMBER),
    (float, "java.lang.Double", DOUBLE_METHODS, _NUMBER),
    (Float, "java.lang.Float", FLOAT_METHODS, _NUMBER),
    (BigInteger, "java.math.BigInteger", BIG_INTEGER_METHODS, _NUMBER),
    (BigDecimal, "java.math.BigDecimal", BIG_DECIMAL_METHODS, _NUMBER),
    (list, "java.util.ArrayList", LIST_METHODS, _LIST),
    (SubList, "java.util.ArrayList$SubList", LIST_METHODS, _LIST),
    (JavaArray, "java.lang.Object[]", ARRAY_METHODS, ("Object[]",)),
    (LinkedMap, LinkedMap.class_name, MAP_METHODS, ("Map", "HashMap")),
    (View, "java.util.LinkedHashMap$LinkedKeySet", VIEW_METHODS, _COLLECTION),
    (Entry, "java.util.LinkedHashMap$Entry", ENTRY_METHODS, ("Map.Entry",)),
    (JavaIterator, "java.util.ArrayList$Itr", ITERATOR_METHODS, ("Iterator",)),
    (JavaClass, "java.lang.Class", {"getName()": lambda _, java_class: java_class.name}, ()),
    (ForeachScope, "org.apache.velocity.runtime.directive.ForeachScope", FOREACH_METHODS, ("Map",)),
)


def define_object(python_type: type, name: str, methods: dict[str, Any], supertypes: tuple[str, ...] = ()) -> None:
    """Declare a Java type with its own methods, those of java.lang.Object, and of Comparable if it is one."""
    inherited = {**_OBJECT_METHODS, **(_COMPARABLE_METHODS if "Comparable" in supertypes else {})}
    define_type(python_type, name, {**methods, **inherited}, supertypes)


def declare() -> None:
    """Register the types in `methods`."""
    for python_type, name, methods, supertypes in _TYPES:
        define_object(python_type, name, methods, supertypes)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Java's types in a template: methods, and the printed text of values."""

from __future__ import annotations

from typing import Any

import pytest

from local_apigateway.velocity import Meter, parse
from local_apigateway.velocity.java.values import Float, to_text
from local_apigateway.velocity.limits import Limits

STRINGS = [
    ("$s.length() $s.charAt(1) $s.indexOf('l') $s.lastIndexOf('l') $s.isEmpty()", "12 e 2 10 false"),
    ("$s.substring(7) $s.substring(0, 5) $s.concat('!') $s.trim()", "World Hello Hello, World! Hello, World"),
    ("$s.toUpperCase()|$s.toLowerCase()|$s.startsWith('He')|$s.endsWith('x')", "HELLO, WORLD|hello, world|true|false"),
    ("$s.contains('lo')|$s.equals('x')|$s.equalsIgnoreCase('HELLO, WORLD')|$s.compareTo('Hello')", "true|false|true|7"),
    ("$s.replace('l', 'L')|$s.replace('', '-').length()", "HeLLo, WorLd|25"),
    ("$s.hashCode() $s.split(', ').size() $s.split(', ')[1] $s.split('')[0]", "-505841268 2 World H"),
    ("$s.join('-', ['a', 'b']) $s.valueOf(1.50) $s.repeat(0)$s.class.name", "a-b 1.5 java.lang.String"),
    ("$e.length() $e.charAt(1).class.name $e.substring(0, 2) $e.codePointAt(0)", "3 java.lang.Character 😀 128512"),
]

PATTERNS = [
    ("$s.matches('[A-Z].*d')|$s.matches('Hello')", "true|false"),
    ("$s.replaceAll('([a-z])(,)', '$2$1')|$s.replaceAll('(?<x>l)', '[${x}]')", "Hell,o World|He[l][l]o, Wor[l]d"),
    ("$s.replaceAll('l', '\\$')|$s.replaceFirst('(?i)L', 'x')", "He$$o, Wor$d|Hexlo, World"),
    ("$s.replaceAll('[a-z&&[^lo]]', '.')|$s.replaceAll('\\p{Upper}', '^')", "H.llo, Wo.l.|^ello, ^orld"),
    ("$s.replaceAll('\\bW', 'w')|$s.replaceAll('x*', '-')", "Hello, world|-H-e-l-l-o-,- -W-o-r-l-d-"),
    ("$s.matches('\\QHello\\E.*')|$s.replaceAll('\\Q.\\E', 'x')", "true|Hello, World"),
    ("$a.matches('\\d+')|$a.matches('\\w+')|$a.replaceAll('\\s', '')", "false|false|٣é\u00a0"),
    ("$e.replaceAll('.', 'x')|$e.matches('..')", "xx|true"),
]

FORMATS = [
    ("$s.format('%05d|%-5d|%,d|%+d|%x', 42, 42, 1234567, 42, 255)", "00042|42   |1,234,567|+42|ff"),
    ("$s.format('%.2f|%8.3f|%e|%g', 1.005, 2.0, 12345.678, 0.00012)", "1.01|   2.000|1.234568e+04|0.000120000"),
    ("$s.format('%s|%10s|%S|%b|%c|%%|%2$s', 'a', 'b', 'c', true, 65)", "a|         b|C|true|A|%|b"),
]

COLLECTIONS = [
    ("$l.add('x')$l.size()$l.get(0)$l.contains('x')$l.indexOf(2)$l", "true41true1[1, 2, 3, x]"),
    ("$l.remove(0) $l.remove('none') $l.set(0, 'y') $l", "1 false 2 [y, 3]"),
    ("$l.subList(1, 3) $l.addAll(0, [9]) $l.isEmpty() $l.hashCode()", "[2, 3] true false 1192666"),
    ("$l.subList(0, 2).clear()$l", "[3]"),
    (
        "$m.keySet() $m.values() $m.entrySet() $m.containsKey('a')",
        "[a, b] [1, x] [a=1, b=x] true",
    ),
    ("$m.remove('a')$m.getOrDefault('z', 'd')$m.putIfAbsent('b', 'n')$m", "1dx{b=x}"),
    ("#foreach($e in $m.entrySet())$e.key$e.getValue()$e.setValue('n')#end$m", "a11bxx{a=n, b=n}"),
    ("$m.keySet().remove('a')$m.keySet().contains('b')$m", "truetrue{b=x}"),
    ("#set($i = $l.iterator())$i.next()$i.hasNext()$i.next()#foreach($x in $i)<$x>#end", "1true2<3>"),
    ("$m.put('self', $m)$m", "{a=1, b=x, self=(this Map)}"),
    ("#if($l == [1, 2, 3])T#end$l.equals([1, 2, 3])$m.equals({'b': 'x', 'a': 1})", "Ttruetrue"),
    ("$l.empty|$s.empty|$m.empty|$m.class.name", "false|false||java.util.LinkedHashMap"),
]

NUMBERS = [
    ("$n.intValue() $n.toString() $n.equals(5) $n.compareTo(4) $n.doubleValue()", "5 5 true 1 5.0"),
    ("$n.parseInt('42') $n.valueOf('7') $n.toHexString(255) $n.max(1, 2)", "42 7 ff 2"),
    ("$n.longValue().class.name $n.byteValue().class.name $n.floatValue()", "java.lang.Long java.lang.Byte 5.0"),
    ("$d.intValue() $d.isNaN() $d.infinite $d.parseDouble('1e3')", "2 false false 1000.0"),
    ("$t.booleanValue() $t.toString().length() $t.parseBoolean('TRUE')", "true 4 true"),
]


@pytest.mark.parametrize(("template", "expected"), STRINGS + PATTERNS + FORMATS + COLLECTIONS + NUMBERS)
def test_method(template: str, expected: str) -> None:
    context: dict[str, Any] = {"s": "Hello, World", "e": "😀x", "a": "٣é\u00a0", "n": 5, "d": 2.5, "t": True}
    context |= {"l": [1, 2, 3], "m": {"a": 1, "b": "x"}}
    assert parse(template).render(context) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (-1.5e-7, "-1.5E-7"),
        (123456789012.5, "1.234567890125E11"),
        (5e-324, "4.9E-324"),
        (-0.0, "-0.0"),
        (float("inf"), "Infinity"),
        (Float(0.1), "0.1"),
        (Float(16777216.0), "1.6777216E7"),
    ],
)
def test_doubles_print_as_in_java(value: float, text: str) -> None:
    assert to_text(value, Meter(Limits())) == text


VALUES = (
    *("$s", "$l", "$m", "$n", "$d", "$t", "$m.entrySet()", "$m.keySet()", "$l.iterator()", "$s.class", "$s.charAt(0)"),
    *("$s.split('')", "$l.subList(0, 1)", "$n.longValue()", "$m.entrySet().iterator().next()"),
)
UNREACHABLE = (
    *("mro", "items", "pop", "append", "upper", "encode", "format_map", "text", "meter", "map", "python_key", "cursor"),
    *("real", "as_tuple", "parent", "store", "java_items", "setdefault", "sort", "hash", "type_name", "isoformat"),
)


@pytest.mark.parametrize("name", UNREACHABLE)
@pytest.mark.parametrize("value", VALUES)
def test_nothing_of_python_is_in_reach(value: str, name: str) -> None:
    """Neither as a property nor as a method, on a value of any type."""
    template = f"#set($v={value})[$v.{name}][$v.{name}()][$v.{name}('x')][$v.get('{name}')][$v['{name}']]"
    context: dict[str, Any] = {"s": "s", "l": [1], "m": {"a": 1}, "n": 5, "d": 2.5, "t": True}
    assert parse(template).render(context) == "[][][][][]"


@pytest.mark.parametrize("name", ["__class__", "__init__", "_meter"])
def test_a_name_that_begins_with_an_underscore_is_no_step(name: str) -> None:
    assert parse(f"$s.{name}|$s.{name}()").render({"s": "s"}) == f"s.{name}|s.{name}()"

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Random templates, from a seed: some that make sense, some that are a soup of the language's words."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BODY: dict[str, Any] = {
    "name": 'O\'Brien "x" \\ </b>',
    "n": 5,
    "neg": -3,
    "zero": 0,
    "f": 1.5,
    "e": 1e10,
    "tiny": 1.5e-7,
    "long": 10000000000,
    "big": 12345678901234567890,
    "precise": 0.12345678901234567,
    "t": True,
    "fl": False,
    "nul": None,
    "list": [1, "two", {"three": 3}, [4, 5], None, 2.5, "a/b"],
    "map": {"k1": "v1", "k2": {"deep": "d"}, "k3": None, "k4": [1, {"x": "y/z"}]},
    "items": [{"id": 1, "type": "dog", "price": 249.99}, {"id": 2, "type": "cat", "price": 124.99}],
    "empty": "",
    "el": [],
    "em": {},
    "u": "Grüße 日本 😀",
    "key with space": "kws",
    "s": "Hello,World,VTL",
    "digits": "12345",
    "class": "not a class",
    "lines": "a\nb\r\nc\td",
}
PARAMS = {
    "path": {"id": "42", "val": "a b"},
    "querystring": {"limit": "10", "q": "a'b\"c\\d\n$x #if", "id": "qs-id"},
    "header": {"X-H": "hv", "Content-Type": "application/json"},
}
CONTEXT = {"httpMethod": "GET", "stage": "dev", "identity": {"sourceIp": "1.2.3.4"}, "requestId": "r-1"}
STAGE_VARIABLES = {"table": "tbl"}

_NAMES = ("a", "b", "s", "l", "m", "i", "x-y", "undef")
_FIELDS = ("name", "n", "f", "t", "fl", "nul", "list", "map", "items", "empty", "el", "em", "u", "s", "big", "long")
_NUMBERS = (
    *("1", "2", "7", "0", "-3", "2147483647", "9223372036854775807", "1.5", "0.1", "1e10", "$a", "$b", "'s'"),
    *(f"$input.path('$.{name}')" for name in ("n", "neg", "f", "e", "big", "long", "precise", "tiny")),
)
_METHODS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("length", ()),
    ("size", ()),
    ("isEmpty", ()),
    ("toString", ()),
    ("hashCode", ()),
    ("equals", ("any",)),
    ("get", ("any",)),
    ("put", ("any", "any")),
    ("add", ("any",)),
    ("add", ("int", "any")),
    ("addAll", ("any",)),
    ("remove", ("any",)),
    ("contains", ("any",)),
    ("containsKey", ("any",)),
    ("containsValue", ("any",)),
    ("indexOf", ("any",)),
    ("indexOf", ("string", "int")),
    ("lastIndexOf", ("any",)),
    ("substring", ("int",)),
    ("substring", ("int", "int")),
    ("charAt", ("int",)),
    ("concat", ("any",)),
    ("replace", ("string", "string")),
    ("replaceAll", ("pattern", "replacement")),
    ("replaceFirst", ("pattern", "replacement")),
    ("matches", ("pattern",)),
    ("toUpperCase", ()),
    ("toLowerCase", ()),
    ("trim", ()),
    ("startsWith", ("string",)),
    ("endsWith", ("string",)),
    ("equalsIgnoreCase", ("string",)),
    ("compareTo", ("any",)),
    ("keySet", ()),
    ("values", ()),
    ("entrySet", ()),
    ("intValue", ()),
    ("longValue", ()),
    ("doubleValue", ()),
    ("floatValue", ()),
    ("booleanValue", ()),
    ("parseInt", ("string",)),
    ("valueOf", ("any",)),
    ("subList", ("int", "int")),
    ("set", ("int", "any")),
    ("clear", ()),
    ("getOrDefault", ("any", "any")),
    ("putAll", ("any",)),
    ("join", ("string", "any")),
    ("nope", ()),
    ("repeat", ("int",)),
    ("format", ("format", "any")),
)
_PATTERNS = (
    "[a-z]+",
    "o",
    "",
    "l*",
    "(l)(o)?",
    "\\d+",
    "\\w",
    "\\W+",
    "\\s",
    "[^a-z]",
    "^H",
    "d$",
    ".",
    "a|b",
    "[.]",
    "\\.",
    "(?i)hello",
    "[a-c&&[^b]]",
    "\\p{L}",
    "\\p{Alpha}+",
    "\\bW",
    "(",
    "[",
    "*",
    "x{2,1}",
    "\\Q.\\E",
    "(?<n>l)",
    "l{2}",
    "l++",
    "\\\\",
    "'",
    "\\'",
    "[\\]]",
    "\\u0041",
    "$",
    ",",
)
_REPLACEMENTS = ("", "x", "$0", "$1", "$2", "[$1]", "\\\\", "\\$", "$", "\\", "a$b", "${n}", "'")
_FORMATS = (
    "%s",
    "%d",
    "%5d",
    "%05d",
    "%x",
    "%.2f",
    "%e",
    "%g",
    "%b",
    "%c",
    "%n%%",
    "%-5s|",
    "%S",
    "%h",
    "%,d",
    "%+d",
    "%2$s",
    "%",
    "%q",
)
_STRINGS = ("a", "o", "", "l", "Hello", ",", "b c", "5", "x/y", "é", "😀", "k1", "name")
_TEXTS = (
    "text ",
    "\n",
    "  ",
    "\n  ",
    " \n",
    "$",
    "$5",
    "#",
    "#1",
    "#x",
    "{",
    "}",
    '"',
    "'",
    "\\",
    "\\\\",
    "$$",
    "##\n",
    "## c\n",
    "#* c *#",
    "#** d *#",
    "$!",
    "${",
    "$.",
    "$[",
    "\t",
    "é",
    "😀",
    "a.b",
    "(",
    ")",
    "[",
    "]",
    "#[[ $a ]]#",
    "\r\n",
    "$ ",
    "# ",
    "!",
    ".",
    "-",
)
_SOUP = (
    *_TEXTS,
    "$a",
    "$!a",
    "${a}",
    "$!{a}",
    "$a.b",
    "$a.b()",
    "$a.size()",
    "$a[0]",
    "\\$a",
    "\\\\$a",
    "\\\\\\$a",
    "$\\!a",
    "$a-b",
    "$a.",
    "$a..",
    "$true",
    "$a.true",
    "#if",
    "#if(",
    "#if($a)",
    "#if(true)",
    "#if(false)",
    "#elseif($a)",
    "#else",
    "#{else}",
    "#end",
    "#{end}",
    "#set($a=1)",
    "#set($b = $a + 1)",
    "  #set( $a = 'x' )",
    "#set(",
    "#{set}($a=2)",
    "#foreach($i in [1..3])",
    "#foreach($i in $l)",
    "#foreach",
    "#break",
    "#stop",
    "#define($d)",
    "$d",
    "#mm()",
    "#mm",
    "#foo",
    "#foo(",
    "#foo($a)",
    "#@foo()",
    "\\#if",
    "\\#set",
    "\\#foo",
    "\\\\#if(true)",
    "\\#end",
    '"$a"',
    "'$a'",
    "=",
    "==",
    "&&",
    "1",
    "1.5",
    "-1",
    "[1..2]",
    "{'a':1}",
    "null",
    "in",
    "true",
    "]]#",
    "*#",
    "$a.get('b')",
    "$a.get( 'b' )",
    "$a.get()",
    "$a.get( )",
    "#literal()",
    "#{if}(true)",
    "$foreach.count",
    "$velocityCount",
)


@dataclass(frozen=True)
class Case:
    """A template and the JSON text of the body that it sees."""

    template: str
    body: str = field(default_factory=lambda: json.dumps(BODY))


class Grammar:
    """A source of templates; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def case(self) -> Case:
        """One template of any kind."""
        return self.case_of(self._random.choice(KINDS))

    def case_of(self, kind: str) -> Case:
        """One template of a kind, one of `KINDS`."""
        case: Case = getattr(self, kind)()
        return case

    # kinds

    def program(self) -> Case:
        """Statements that mostly parse, with values of all types at hand."""
        start = "#set($s='Hello, World')#set($l=[1,'two',[3],{'k':'v'}])#set($m={'a':1,'b':'x','c':[1,2]})#set($i=7)"
        return Case(start + self._statements(3))

    def soup(self) -> Case:
        """Words of the language in any order."""
        return Case("".join(self._random.choice(_SOUP) for _i in range(self._random.randint(1, 8))))

    def call(self) -> Case:
        """A method called on a value of some type, and the value after it."""
        value = self._expression_value(1)
        calls = "".join(self._method() for _i in range(self._random.choice((1, 1, 1, 2))))
        return Case(f"#set($v={value})[$v{calls}][$v]")

    def arithmetic(self) -> Case:
        """A formula, its value and whether it holds."""
        formula = self._formula(3)
        return Case(f"#set($a=3)#set($b=2.5)#set($v={formula})[$v]#if({formula})yes#{{else}}no#end")

    def path(self) -> Case:
        """A JSONPath into the body."""
        steps = "".join(self._random.choice(_PATH_STEPS) for _i in range(self._random.randint(0, 3)))
        path = ("$" if self._random.random() < 0.95 else "") + steps
        quote = '"' if "'" in path else "'"
        if quote == '"':
            path = path.replace("$", "${D}").replace('"', '""')
            return Case(f'#set($D="$ ".trim())[$input.path("{path}")][$input.json("{path}")]')
        return Case(f"[$input.path('{path}')][$input.json('{path}')]")

    def json(self) -> Case:
        """A body that is nearly JSON."""
        text = "".join(self._random.choice(_JSON_WORDS) for _i in range(self._random.randint(1, 7)))
        if self._random.random() < 0.6:
            text = '{"a":' + text + "}" if self._random.random() < 0.5 else "[" + text + "]"
        return Case("[$input.path('$')][$input.json('$')][$input.path('$.a')][$input.body]", text)

    def regex(self) -> Case:
        """A regular expression at work on a text."""
        pattern = _quoted("".join(self._random.choice(_REGEX_WORDS) for _i in range(self._random.randint(1, 5))))
        text = "".join(self._random.choice(_REGEX_TEXT) for _i in range(self._random.randint(0, 9)))
        replacement = _quoted(self._random.choice(_REPLACEMENTS))
        use = self._random.choice(
            (
                f"[$v.matches({pattern})]",
                f"[$v.replaceAll({pattern}, {replacement})]",
                f"[$v.replaceFirst({pattern}, {replacement})]",
                f"[#foreach($x in $v.split({pattern}))<$x>#end]",
                f"[#foreach($x in $v.split({pattern}, {self._random.randint(-1, 3)}))<$x>#end]",
            )
        )
        return Case("#set($v=$input.path('$.x'))" + use, json.dumps({"x": text}))

    def text(self) -> Case:
        """A String method, or one of $util, on any text."""
        text, other = (
            "".join(self._random.choice(_CHARACTERS) for _i in range(self._random.randint(0, 6))) for _i in range(2)
        )
        use = self._random.choice(_TEXT_USES)
        return Case(
            f"#set($v=$input.path('$.x'))#set($w=$input.path('$.y'))[{use}]", json.dumps({"x": text, "y": other})
        )

    def number(self) -> Case:
        """How numbers print and format."""
        value = self._random.choice(
            (
                self._random.uniform(-10, 10),
                self._random.uniform(-1, 1) * 10 ** self._random.randint(-320, 300),
                self._random.randint(-(10**20), 10**20),
                self._random.randint(-300, 300),
                round(self._random.uniform(0, 1e6), 2),
            )
        )
        use = self._random.choice(_NUMBER_USES)
        return Case(f"#set($v=$input.path('$.x'))#set($w=7)[$v][{use}]", json.dumps({"x": value}))

    def collection(self) -> Case:
        """Lists and maps that change, within loops over them too."""
        changes = "".join(self._random.choice(_CHANGES) for _i in range(self._random.randint(1, 4)))
        if self._random.random() < 0.4:
            over = self._random.choice(("$l", "$m", "$m.keySet()", "$m.entrySet()", "$j"))
            changes = f"#foreach($e in {over})$e{changes}#end"
        start = "#set($l=['a',2,'c'])#set($m={'a':1,2:'b','c':[3]})#set($j=$input.path('$.list'))"
        return Case(f"{start}{changes}|$l|$m|$j|$l.equals($j)|$m.hashCode()|$l.hashCode()")

    # statements

    def _statements(self, depth: int) -> str:
        return "".join(self._statement(depth) for _i in range(self._random.randint(1, 4)))

    def _statement(self, depth: int) -> str:
        if depth == 0:
            return self._random.choice((self._text, self._reference))()
        rules: tuple[Callable[[int], str], ...] = (
            lambda _: self._text(),
            lambda _: self._reference(),
            lambda _: self._formal_reference(),
            self._if,
            self._set,
            self._foreach,
            self._define,
            self._macro,
        )
        return self._random.choice(rules)(depth - 1)

    def _text(self) -> str:
        return self._random.choice(_TEXTS)

    def _if(self, depth: int) -> str:
        text = f"#if({self._condition(2)}){self._blank()}{self._statements(depth)}"
        if self._random.random() < 0.3:
            text += f"#elseif({self._condition(1)}){self._statements(depth)}"
        if self._random.random() < 0.5:
            text += f"{self._random.choice(('#else ', '#{else}'))}{self._statements(depth)}"
        return text + self._random.choice(("#end", "#end\n", "#{end}"))

    def _blank(self) -> str:
        return self._random.choice(("", "", "\n", "  \n", "  "))

    def _set(self, depth: int) -> str:
        name = self._random.choice(_NAMES)
        target = self._random.choice((f"${name}", f"${name}", f"${name}", "$m.q", "$m['r']", "$l[0]", "${a}", "$!b"))
        return f"{self._blank()}#set({target} = {self._formula(depth)}){self._blank()}"

    def _foreach(self, depth: int) -> str:
        items = self._random.choice(("$l", "$m", "[1..3]", "[3..1]", "$m.keySet()", "$m.entrySet()", "$s", "[]", "{}"))
        loop = self._random.choice(("$foreach.count", "$foreach.index", "$velocityCount", "#if($foreach.hasNext),#end"))
        stop = "#if($foreach.count == 2)#break#end" if self._random.random() < 0.2 else ""
        return f"#foreach($e in {items}){self._blank()}$e{loop}{stop}{self._statements(depth)}#end{self._blank()}"

    def _define(self, depth: int) -> str:
        return f"#define($d){self._statements(depth)}#end[$d]"

    def _macro(self, depth: int) -> str:
        """A macro of a name that no other template has: the oracle's pooled parsers remember names."""
        name = f"m{self._random.randrange(10**9)}"
        call = self._random.choice((f"#{name}", f"#{name}()", f"#{name}('x' $a)", f"\\#{name}", f"\\\\#{name}()"))
        return f"#macro({name} $x){self._statements(depth)}#end{self._blank()}{call}"

    # references

    def _reference(self) -> str:
        root = self._random.choice(
            (*(f"${name}" for name in _NAMES), f"$input.path('$.{self._random.choice(_FIELDS)}')", "$context.stage")
        )
        return root + "".join(self._step() for _i in range(self._random.choice((0, 0, 1, 1, 2))))

    def _formal_reference(self) -> str:
        name, opening = self._random.choice(_NAMES), self._random.choice(("${", "$!{", "\\${", "\\\\${"))
        return f"{opening}{name}{self._step()}}}"

    def _step(self) -> str:
        choice = self._random.random()
        if choice < 0.3:
            return f".{self._random.choice(('a', 'b', 'k', 'key', 'value', 'empty', 'bytes', 'size', 'q'))}"
        if choice < 0.5:
            return f"[{self._random.choice(('0', '1', '-1', '9', '$i', _quoted('a'), 'true'))}]"
        return self._method()

    def _method(self) -> str:
        name, kinds = self._random.choice(_METHODS)
        if self._random.random() < 0.03:
            kinds = (*kinds, "any")
        return f".{name}({', '.join(self._argument(kind) for kind in kinds)})"

    def _argument(self, kind: str) -> str:
        if kind == "int":
            return self._random.choice(("0", "1", "2", "3", "-1", "7", "20"))
        if kind == "pattern":
            return _quoted(self._random.choice(_PATTERNS))
        if kind == "replacement":
            return _quoted(self._random.choice(_REPLACEMENTS))
        if kind == "format":
            return _quoted(self._random.choice(_FORMATS))
        return _quoted(self._random.choice(_STRINGS)) if kind == "string" else self._expression_value(0)

    # expressions

    def _expression_value(self, depth: int) -> str:
        simple = ("1", "0", "-2", "2.5", "10000000000", "true", "false", "'x'", "'Hello, World'", "$undef", "null")
        choice = self._random.random()
        if choice < 0.45 or (depth == 0 and choice > 0.9):
            return self._random.choice((*simple, "'12'", '"a$i"', "1e3", "99999999999999999999")[: 14 if depth else 11])
        if choice < 0.8:
            return f"$input.path('$.{self._random.choice((*_FIELDS, 'digits', 'lines', 'e', 'tiny', 'precise'))}')"
        if choice < 0.9:
            return f"[{', '.join(self._expression_value(0) for _i in range(self._random.randint(0, 3)))}]"
        pairs = (
            f"{self._expression_value(0)}: {self._expression_value(0)}" for _i in range(self._random.randint(0, 2))
        )
        return f"{{{', '.join(pairs)}}}"

    def _formula(self, depth: int) -> str:
        if depth == 0 or self._random.random() < 0.3:
            return self._random.choice((self._number, self._number, lambda: self._expression_value(1)))()
        operator = self._random.choice(("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "+"))
        left, right = self._formula(depth - 1), self._formula(depth - 1)
        return self._random.choice((f"{left} {operator} {right}", f"({left} {operator} {right})", f"!{left}"))

    def _number(self) -> str:
        return self._random.choice(_NUMBERS)

    def _condition(self, depth: int) -> str:
        if depth == 0 or self._random.random() < 0.4:
            return self._random.choice(
                ("$a", "$undef", "true", "false", "'x'", "1", "$l", "$m.a", "$input.path('$.fl')")
            )
        operator = self._random.choice(("&&", "||", "and", "or", "==", "!=", "<", "eq", "ne", "gt"))
        left, right = self._condition(depth - 1), self._condition(depth - 1)
        return self._random.choice((f"{left} {operator} {right}", f"!{left}", f"({left} {operator} {right})"))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_PATH_STEPS = (
    *(f".{name}" for name in _FIELDS),
    ".id",
    ".k2",
    ".deep",
    ".missing",
    "[0]",
    "[1]",
    "[-1]",
    "[9]",
    "[*]",
    ".*",
    "..",
    "..id",
    "..*",
    "['map']",
    "['key with space']",
    "['n','f']",
    "[0:1]",
    "[1:]",
    "[:1]",
    "[0,1]",
    "[?(@.id==2)]",
    "[?(@.price < 200)]",
    "[?(@.type=='dog')]",
    "[?(@.type)]",
    "[(@.length-1)]",
    ".length()",
    ".key with space",
    "[",
    "]",
    ".",
    " ",
)
_JSON_WORDS = (
    '"x"',
    "1",
    "-0",
    "01",
    "1.50",
    "1e3",
    "1E400",
    "12345678901234567890",
    "1.2345678901234567890",
    "true",
    "null",
    "nan",
    "NaN",
    "{}",
    "[]",
    '{"b":1}',
    "[1,2]",
    ",",
    ":",
    "'y'",
    "z",
    " ",
    "\n",
    '"\\u0041"',
    '"\\ud83d\\ude00"',
    '"a\\/b"',
    '"\\q"',
    "{",
    "}",
    "[",
    "]",
    '"',
    "-",
    '"\u2028"',
    '"/"',
    "1.",
    ".5",
    "+1",
    '"k":2',
)
_REGEX_WORDS = (
    "a",
    "b",
    "1",
    " ",
    ".",
    "*",
    "+",
    "?",
    "{2}",
    "{1,}",
    "{0,2}",
    "*?",
    "++",
    "^",
    "$",
    "|",
    "(",
    ")",
    "(?:",
    "(?=",
    "(?!",
    "(?<=a",
    "(?<!a",
    "(?>",
    "(?i)",
    "(?s)",
    "(?m)",
    "(?x)",
    "(?i:a)",
    "(?<n>",
    "[ab]",
    "[^a]",
    "[a-c]",
    "[a&&b]",
    "[a-c&&[bc]]",
    "[a[1]]",
    "[\\d]",
    "[]a]",
    "[a-]",
    "[",
    "]",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\b",
    "\\B",
    "\\A",
    "\\z",
    "\\Z",
    "\\R",
    "\\h",
    "\\v",
    "\\.",
    "\\1",
    "\\Qa.\\E",
    "\\x41",
    "\\u00e9",
    "\\t",
    "\\p{Lu}",
    "\\p{Alpha}",
    "\\P{L}",
    "\\p{Punct}",
    "\\p{IsAlphabetic}",
    "é",
    "😀",
    "-",
    "&&",
    "#",
)
_REGEX_TEXT = ("a", "b", "A", "1", " ", ".", "\n", "\r\n", "é", "😀", "-", "_", "aa", "ab", "\u2028", "\t", "$", "\\")
_CHARACTERS = (
    "a",
    "B",
    "5",
    " ",
    "%",
    "+",
    "/",
    "'",
    '"',
    "\\",
    "\n",
    "\t",
    "é",
    "ß",
    "日",
    "😀",
    "=",
    "&",
    "<",
    "\u0001",
    "$",
    "#",
    "%41",
    "%zz",
    "YWJj",
    "~",
    "*",
    "\u007f",
    "İ",
    "\u00a0",
)
_TEXT_USES = (
    "$util.escapeJavaScript($v)",
    "$util.urlEncode($v)",
    "$util.urlDecode($v)",
    "$util.base64Encode($v)",
    "$util.base64Decode($v)",
    "$util.base64Decode($util.base64Encode($v))",
    "$util.urlDecode($util.urlEncode($v))",
    "$util.parseJson($v)",
    "$input.json('$.x')",
    "$input.json('$')",
    "$v.length()",
    "$v.hashCode()",
    "$v.toUpperCase()|$v.toLowerCase()",
    "$v.trim()|$v.strip()|$v.isBlank()",
    "$v.compareTo($w)",
    "$v.compareToIgnoreCase($w)",
    "$v.equalsIgnoreCase($w)",
    "$v.indexOf($w)|$v.lastIndexOf($w)|$v.contains($w)",
    "$v.substring(1)",
    "$v.charAt(0)",
    "$v.codePointAt(0)",
    "$v.indexOf(233)",
    "$v.replace('a', 'bb')|$v.replace('', '-')",
    "$v.concat($w)|$v$w",
    "$v.startsWith($w)|$v.endsWith($w)|$v.startsWith('B', 1)",
    "$v.toCharArray()[0]",
    "$v.getBytes()[0]|$v.bytes.size()",
    "#foreach($c in $v.toCharArray())$c,#end",
    "$w.join($v, ['a', 'b'])|$w.join($v, 'a', 'b')",
    "$v.repeat(2)",
    "$w.format('%s|%10s|%-10s|%.2s|%S', $v, $v, $v, $v, $v)",
    "$v.regionMatches(true, 0, $w, 0, 1)",
    "$v.isEmpty()|$v.empty|$v.bytes.empty",
    "$v.subSequence(0, 1)",
    "$w.valueOf($v)|$w.equals($v)|#if($v == $w)same#end",
    "$v.class.name|$v.getClass().getName()",
    "#set($m={})#set($m[$v]=1)#set($m[$w]=2)$m",
    "#set($z=[$v,$w])$z|$z.contains($v)",
)
_NUMBER_USES = (
    "$v.intValue()|$v.longValue()|$v.shortValue()|$v.byteValue()",
    "$v.doubleValue()|$v.floatValue()",
    "$v.hashCode()|$v.toString()",
    "$v.class.name",
    "#set($z=$v*2)$z.class.name $z",
    "#set($z=$v/7)$z",
    "#set($z=$v%7)$z",
    "#set($z=$v-$w)$z",
    "#set($z=$v+0.1)$z",
    "#set($z=$v*$v)$z",
    "#if($v > 5)g#elseif($v < 5)l#{else}e#end",
    "#if($v == $v.doubleValue())eq#{else}ne#end",
    "$v.compareTo(5)",
    "$v.compareTo($v)|$v.equals($v)",
    "''.format('%d', $v)#set($s='')$s.format('%d|%5d|%-5d|%05d|%,d|%+d|%(d', $v, $v, $v, $v, $v, $v, $v)",
    "#set($s='')$s.format('%x|%X|%o|%h|%s', $v, $v, $v, $v, $v)",
    "#set($s='')$s.format('%f|%.2f|%10.3f|%,.1f|%e|%.0f', $v, $v, $v, $v, $v, $v)",
    "#set($s='')$s.format('%g|%.3g|%b|%c', $v, $v, $v, 65)",
    "$w.parseInt($v.toString())",
    "$w.valueOf($v.toString())|$w.toHexString($w)|$w.toBinaryString(5)",
    "#set($d=1.5)$d.parseDouble($v.toString())|$d.isNaN()|$d.infinite",
    "$input.json('$.x')|$input.json('$')",
    "#set($z=[$v])$z|$z.contains($v)",
    "#set($z={$v:$v})$z|$z.get($v)|$z[$v]",
    "#foreach($n in [1..$w])$n#end",
    "$w.max(3,9)|$w.signum(-4)|$w.bitCount(255)",
)
_CHANGES = (
    "[$l.add('x')]",
    "[$l.add(0, 'y')]",
    "[$l.add(9, 'y')]",
    "[$l.remove(0)]",
    "[$l.remove('c')]",
    "[$l.remove(2)]",
    "[$l.set(1, 'z')]",
    "[$l.clear()]",
    "[$l.addAll($j)]",
    "[$l.addAll(1, [7, 8])]",
    "[$l.removeAll(['a'])]",
    "[$l.retainAll(['a', 2])]",
    "[$l.subList(0, 2)]",
    "[$l.subList(1, 2).clear()]",
    "[$l.containsAll(['a'])]",
    "[$l.indexOf(2)]",
    "[$l.toArray().size()]",
    "[$m.put('n', $l)]",
    "[$m.put(2, 'c')]",
    "[$m.remove('a')]",
    "[$m.remove(2)]",
    "[$m.get(2)]",
    "[$m.putAll({'q':1})]",
    "[$m.putIfAbsent('a', 9)]",
    "[$m.replace('a', 8)]",
    "[$m.containsValue([3])]",
    "[$m.keySet()$m.values()$m.entrySet()]",
    "[$m.keySet().remove('a')]",
    "[$m.keySet().contains(2)]",
    "[$m.values().remove('b')]",
    "[$m.entrySet().iterator().next().key]",
    "[$m.entrySet().iterator().next().setValue(5)]",
    "[$m.clear()]",
    "[$m.getOrDefault('zz', 'no')]",
    "[$j.add('new')]",
    "[$j.toJSONString()]",
    "[$j.get(2)]",
    "[$l.add($j)]",
    "[$j.add($l)]",
    "[$m.keySet().retainAll(['a'])]",
    "#set($m.x = $j)",
    "#set($m['y z'] = {})",
    "#set($l[0] = $m.a)",
    "#set($l[-1] = 'last')",
    "#set($j[0] = 'first')",
    "#set($it = $l.iterator())[$it.next()$it.hasNext()]",
    "[$l[-1]]",
    "[$m.equals({'a':1})]",
    "#if($l == $j)same#end",
    "$foreach.put('a', 1)$foreach.a",
    "#break",
)
KINDS = (
    "program",
    "program",
    "soup",
    "soup",
    "call",
    "arithmetic",
    "path",
    "json",
    "regex",
    "text",
    "number",
    "collection",
)
"""The methods of `Grammar` that make a template, each as often as it should be taken."""

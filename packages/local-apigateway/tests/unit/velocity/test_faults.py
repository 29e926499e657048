# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Templates that do not parse or do not render: the error and its place."""

from __future__ import annotations

import pytest

from local_apigateway.velocity import TemplateRenderError, TemplateSyntaxError, parse

NOT_TEMPLATES = [
    ("a\n  #if($x", 2, 9, "the end of the template"),
    ("#if(true)x", 1, 11, "found the end of the template, expected #end"),
    ("x$", 1, 3, "the template ends within '$'"),
    ("x#", 1, 3, "the template ends within '#'"),
    ("#end", 1, 1, "'#end'"),
    ("#set($a 1)", 1, 9, "expected '='"),
    ("#set($a = )", 1, 11, "')'"),
    ("#set($a = 1 ? 2)", 1, 13, "'?' is not allowed here"),
    ("$a.f( )", 1, 7, "')'"),
    ("#foreach $i in $l", 1, 1, "write #foreach("),
    ("#define()x#end", 1, 1, "#define takes one argument"),
    ("#macro()x#end", 1, 1, "#macro has no name"),
    ("#stop($a $b)", 1, 1, "#stop takes at most one argument"),
    ('#set($a = "#if(")', 1, None, "within a string"),
    ('#set($a = "\\uXYZW")', 1, 11, "four hexadecimal digits"),
    ("$" + "true", 1, 1, "'$true'"),
    ("\\" * 1000, 0, 0, "backslashes"),
    ("x" * (300 * 1024 + 1), 0, 0, "longer than"),
    ("#if(true)" * 100 + "#end" * 100, 1, None, "levels deep"),
    ("#if(" + "(" * 100 + "true" + ")" * 100 + ")#end", 1, None, "levels deep"),
]


@pytest.mark.parametrize(("source", "line", "column", "message"), NOT_TEMPLATES)
def test_a_syntax_error_has_its_place(source: str, line: int, column: int | None, message: str) -> None:
    with pytest.raises(TemplateSyntaxError) as fault:
        parse(source)
    assert message in fault.value.message
    assert fault.value.line == line
    assert column is None or fault.value.column == column


FAILING = [
    ("a\n b $l.get(5)", 2, 4, "Index 5 out of bounds for length 1"),
    ("#set($x = $s.substring(9))", 1, 11, "StringIndexOutOfBoundsException"),
    ("$s.matches('(')", 1, 1, "PatternSyntaxException"),
    ("$s.replaceAll('x', '$1')", 1, 1, "No group 1"),
    ("$n.parseInt('x')", 1, 1, 'For input string: "x"'),
    ("$s.length(1)", 1, 1, "wrong number of arguments"),
    ("$s.compareTo(1)", 1, 1, "ClassCastException"),
    ("$s.format('%d', 'x')", 1, 1, "IllegalFormatConversionException"),
    ("#foreach($x in $l)$l.add(1)#end", 0, 0, "ConcurrentModificationException"),
    ("#parse('file.vm')", 1, 1, "API Gateway has none"),
    ("#break($s)", 1, 1, "#break takes $foreach"),
    ("$s[-1]", 1, 1, "needs something that has a size()"),
    ("#foreach($x in $l)$x#foreach($y)z#end#end", 1, 21, "too few arguments"),
]


@pytest.mark.parametrize(("source", "line", "column", "message"), FAILING)
def test_a_fault_in_rendering_is_told_with_its_place(source: str, line: int, column: int, message: str) -> None:
    with pytest.raises(TemplateRenderError) as fault:
        parse(source).render({"s": "text", "l": ["a"], "n": 1})
    assert message in fault.value.message
    assert (fault.value.line, fault.value.column) == (line, column)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The language: text, references, directives and expressions, case by case as Velocity 1.7 prints them on AWS."""

from __future__ import annotations

import pytest

from local_apigateway.velocity import parse

REFERENCES = [
    ("Hello $name.", {"name": "World"}, "Hello World."),
    ("${name}s and $!{name}s", {"name": "cat"}, "cats and cats"),
    ("[$undefined][$!undefined][${undefined}][$undefined.a.b][$undefined.f()]", {}, "[][][][][]"),
    ("$a-b|$a - b", {"a": "x"}, "|x - b"),
    ("$a. $a.. $a.b", {"a": {"b": 1}}, "{b=1}. {b=1}.. 1"),
    ("$a[0]$a[-1]$a[1].b", {"a": ["x", {"b": "y"}]}, "x{b=y}y"),
    ("\\$a \\\\$a \\\\\\$a", {"a": "x"}, "$a \\x \\$a"),
    ("$$a $5.00 a$ b# #1", {"a": "x"}, "$x $5.00 a$ b# #1"),
    ("$a.size()text", {"a": [1]}, "1text"),
    ("#set($d='$a')$d", {"a": "never read again"}, "$a"),
]

DIRECTIVES = [
    ("#if($undefined)T#{else}F#end", {}, "T"),
    ("#if(!$undefined)T#{else}F#end", {}, "F"),
    ("#if('')T#{else}F#end#if(1)T#{else}F#end#if($e)T#end", {"e": ""}, "FFT"),
    ("#if($f)T#elseif($t)E#{else}F#end", {"f": False, "t": True}, "E"),
    ("a\n  #set($x=1)\nb\n", {}, "a\n  b\n"),
    ("[\n#foreach($i in [1,2])\n  $i#if($foreach.hasNext),#end\n\n#end\n]", {}, "[\n  1,\n  2\n]"),
    ("#foreach($i in [3..1])$foreach.index$foreach.count$velocityCount$i #end$i", {}, "0113 1222 2331 "),
    ("#foreach($a in [1,2])#foreach($b in [1,2])$foreach.parent.count.$foreach.count #end#end", {}, "1.1 1.2 2.1 2.2 "),
    ("#foreach($i in [1..9])#if($i==3)#break#end$i#end!", {}, "12!"),
    ("#foreach($v in $m)$v#end#foreach($k in $m.keySet())$k#end", {"m": {"a": 1, "b": 2}}, "12ab"),
    ("#foreach($i in [1..1001])#set($n=$i)#end$n", {}, "1000"),
    ("#foreach($i in 'text')x#end#foreach($i in $undefined)x#end-", {}, "-"),
    ("#foreach($i in $l)#set($i='never seen')[$i]#end", {"l": [None, 1]}, "[][never seen]"),
    ("#define($d)[$x]#end#set($x=1)$d#set($x=2)$d", {}, "[1][2]"),
    ("#define($d)x$d#end$d", {}, "xx$d"),
    ("a#stop b", {}, "a"),
    ("#macro(m $a)[$a]#end#m('x') \\#m", {}, "#m('x') #m"),
    ("#evaluate('$v') #unknown($v) #@block()x#end", {"v": 1}, "#evaluate('$v') #unknown($v) #@block()x#end"),
    ("a## c\nb#* d\n *#c #[[ $a #if ]]#", {}, "abc  $a #if "),
    ("\\#if(true) \\#foo \\\\#if(true)x#end", {}, "#if(true) \\#foo \\x"),
]

EXPRESSIONS = [
    ("#set($a=7/2)$a|#set($a=-7/2)$a|#set($a=-7%4)$a", {}, "3|-3|-3"),
    ("#set($a=1+2*3 - 4)$a|#set($a=(1+2)*3)$a|#set($a=2.0/4)$a", {}, "3|9|0.5"),
    ("#set($a=2147483647+1)$a.class.name|#set($a=9223372036854775807+1)$a", {}, "java.lang.Long|9223372036854775808"),
    ("#set($a='kept')#set($a=5/0)$a#set($a='x'*2)$a", {}, "keptkept"),
    ("#set($a=$undefined+1)$a|#set($a=1+'x')$a", {}, "1|1x"),
    ("#if('5' < 10)T#{else}F#end#if('5' == 5)T#{else}F#end#if([1] == '[1]')T#end", {}, "FTT"),
    ("#if(true && !false and (false || true))T#end#if(1 ne 2 && 2 ge 2)T#end", {}, "TT"),
    ('#set($a="$b y ""quoted"" #if(true)z#end \\n")$a', {"b": "x"}, 'x y "quoted" z \\n'),
    ("#set($a='$b it''s')$a", {"b": "x"}, "$b it's"),
    ("#set($m={'a':1,'b':[1,{'c':true}]})$m $m.b[1].c", {}, "{a=1, b=[1, {c=true}]} true"),
    ("#set($m={})#set($m.a='x')#set($m['b c']='y')#set($l=[1])#set($l[0]=2)$m$l", {}, "{a=x, b c=y}[2]"),
    ("#set($m={1:'int','1':'text',1.0:'double'})$m.get(1)$m['1']$m.size()", {}, "inttext3"),
    ("$m.put('k', null)|$m.k|$m", {"m": {}}, "||{k=null}"),
    ("$m.put('k', 1)[$m.k]", {"m": {}}, ""),
]


@pytest.mark.parametrize(("template", "context", "expected"), REFERENCES + DIRECTIVES + EXPRESSIONS)
def test_prints(template: str, context: dict[str, object], expected: str) -> None:
    assert parse(template).render(context) == expected


def test_a_template_renders_again_from_a_clean_start() -> None:
    template = parse("$n#set($n='set')")
    assert [template.render({"n": 1}), template.render({}), template.render({"n": 2})] == ["1", "", "2"]


def test_what_a_template_sets_is_in_the_context_afterwards() -> None:
    context: dict[str, object] = {"given": {"a": 1}}
    parse("#set($given.b = 'x')#set($new = [1])").render(context)
    assert context == {"given": {"a": 1, "b": "x"}, "new": [1]}

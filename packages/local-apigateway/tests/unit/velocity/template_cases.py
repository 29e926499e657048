# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Templates of our own with what Apache Velocity 1.7 answers, by kind of fact.

The expected texts are the output of Velocity 1.7 with Jayway JsonPath and json-smart.
tests/conformance/velocity/test_against_velocity.py compares them with it again.
"""

from __future__ import annotations

from typing import Any

RECORDED = {
    "conditions": [
        "test_compare_equality_operator",
        "test_or_operator",
        "test_logical_negation_operator",
        "test_if_statement_considers_None_to_be_truthy",
        "test_input_path_template_formatting",
    ],
    "loops": [
        "test_has_next",
        "test_first",
        "test_nested_foreach_vars_are_scoped",
        "test_can_loop_over_numeric_ranges_backwards",
    ],
    "assignment": [
        "test_dict_assign_item_via_brackets",
        "test_array_assign_item_via_brackets",
        "test_dictionary_literal",
    ],
    "numbers": [
        "test_modulus_operator",
        "test_addition_has_higher_precedence_than_comparison",
        "test_floating_point_starting_with_decimal",
    ],
    "strings": ["test_string_replace_all", "test_string_substring", "test_variables_expanded_in_double_quoted_strings"],
    "text and escapes": ["test_velocity_style_escaping", "test_dollar_left_untouched", "test_standalone_hashes"],
    "lines": [
        "test_new_lines_in_templates_are_permitted",
        "test_if_whitespace_and_newlines_ignored",
        "test_single_line_comments_skipped",
    ],
    "directives": [
        "test_stop_directive",
        "test_use_define_with_no_parameters",
        "test_recursive_macro",
        "test_evaluate_directive",
    ],
    "methods": ["test_array_add_item", "test_dict_put_item", "test_dict_putall_items", "test_put_null_in_map"],
    "input": ["test_input_path_template_formatting", "test_input_body_formatting"],
    "util": ["test_integration_mock_with_request_overrides_in_response_template", "test_input_body_formatting"],
    "context": ["test_integration_mock_with_vtl_map_assignation", "test_invoking_canary_deployment"],
}
"""By kind, tests of Airspeed and of LocalStack whose output was recorded on AWS and shows the same.

The other kinds rest on Velocity alone.
"""

BODY = """{
  "name": "Ada \\"A\\" O'Neil </p>",
  "count": 7,
  "debt": -2,
  "rate": 0.25,
  "huge": 98765432109876543210,
  "wide": 30000000000,
  "tiny": 2.5e-9,
  "large": 1.0e12,
  "trailing": 1.50,
  "precise": 0.12345678901234567890123,
  "finer": 2.50000000000000000000001,
  "yes": true,
  "no": false,
  "none": null,
  "tags": [
    "x",
    5,
    {
      "deep": [
        1
      ]
    },
    null,
    true,
    "a/b"
  ],
  "home": {
    "city": "Zürich",
    "zip": null,
    "geo": {
      "lat": 47.4
    }
  },
  "pets": [
    {
      "kind": "cat",
      "age": 3
    },
    {
      "kind": "dog"
    }
  ],
  "blank": "",
  "nothing": [],
  "object": {},
  "mood": "😀",
  "lines": "a\\nb\\tc",
  "two words": "ok"
}"""
PARAMS = {
    "path": {"id": "42"},
    "querystring": {
        "size": "10",
        "id": "other",
        "quoted": 'it\'s "so" & so\\',
        "template": "$context.stage #set($x = 1)",
    },
    "header": {"X-Who": "Ada", "size": "header"},
}
CONTEXT: dict[str, Any] = {"stage": "live", "httpMethod": "GET", "identity": {"sourceIp": "192.0.2.1"}}
STAGE_VARIABLES = {"table": "orders"}

CASES: dict[str, list[tuple[str, str | None]]] = {
    "conditions": [
        (
            "#set($n = 4)#if($n > 9)a#elseif($n > 3)b#elseif($n > 1)c#{else}d#end",
            "b",
        ),
        (
            (
                "#set($n = 4)#if($n gt 4)a#end#if($n ge 4)b#end#if($n lt 4)c#end#if($n le 4)d#end#if($n eq 4)e"
                "#end#if($n ne 4)f#end"
            ),
            "bde",
        ),
        (
            "#set($n = 4)#if($n >= 4)a#end#if($n <= 3)b#end#if($n != 3)c#end#if($n == 4.0)d#end",
            "acd",
        ),
        (
            "#if((true && !false) || not true)a#end#if(true and false or true)b#end#if(!(true || true))c#end",
            "ab",
        ),
        (
            (
                "#if($none)a#{else}b#end#if($none.at.all)a#{else}b#end#if(${none})a#{else}b#end"
                "#if($!{none.at})a#{else}b#end"
            ),
            "aaaa",
        ),
        (
            "#if($none && $input.path('$.yes'))a#{else}b#end#if($input.path('$.no') || $none)a#{else}b#end",
            "aa",
        ),
        (
            "#if(!$none)a#{else}b#end#if(!$input.path('$.no'))a#{else}b#end",
            "ba",
        ),
        (
            (
                "#if($input.path('$.yes'))a#{else}b#end#if($input.path('$.no'))a#{else}b#end"
                "#if($input.path('$.none'))a#{else}b#end"
            ),
            "aba",
        ),
        (
            (
                "#if($input.path('$.blank'))a#{else}b#end#if($input.path('$.nothing'))a#{else}b#end"
                "#if($input.path('$.object'))a#{else}b#end"
            ),
            "aaa",
        ),
        (
            "#set($zero = 0)#if($zero)a#{else}b#end#if(0.0)a#{else}b#end",
            "ab",
        ),
        (
            (
                "#if($none == $nothing)a#end#if($none == '')b#end#if($input.path('$.none') == $null)c#end"
                "#if($input.path('$.none') == '')d#end"
            ),
            "abcd",
        ),
        (
            (
                "#if($input.path('$.count') == '7')a#{else}b#end#if($input.path('$.count') == 7)a#{else}b#end"
                "#if('7' == 7)a#{else}b#end"
            ),
            "aaa",
        ),
        (
            "#if('a' < 'b')a#{else}b#end#if('7' > 3)a#{else}b#end#if($none > 1)a#{else}b#end",
            "bbb",
        ),
        (
            "#if({'a': 1} == {'a': 1})a#{else}b#end#if([1, 2] == [1, 2])a#{else}b#end#if(7 == 7.0)a#{else}b#end",
            "aaa",
        ),
        (
            "#if(true)a#else b#end|#if(false)a#else b#end|#if(false) a #{end}b",
            "a| b|b",
        ),
        (
            "#if(false)#if(true)a#end#elseif(true)#if(false)b#{else}c#end#end",
            "c",
        ),
    ],
    "loops": [
        (
            ("#foreach($t in $input.path('$.tags'))$foreach.index/$foreach.count:$t #if($foreach.hasNext),#end#end"),
            "0/1:x ,1/2:5 ,2/3:{deep=[1]} ,3/4: ,4/5:true ,5/6:a/b ",
        ),
        (
            "#foreach($t in ['a', 'b', 'c'])#if($foreach.first)<#end$t#if($foreach.last)>#end#end",
            "<abc>",
        ),
        (
            "#foreach($t in ['a', 'b'])$velocityCount#if($velocityHasNext)+#end#end",
            "1+2",
        ),
        (
            (
                "#foreach($a in [1..2])#foreach($b in ['x', 'y'])$foreach.parent.index$foreach.index"
                "#if($foreach.parent.hasNext)+#end#if($foreach.topmost.last)!#end #end#end"
            ),
            "00+ 01+ 10! 11! ",
        ),
        (
            "#foreach($a in [1, 2])#foreach($b in [3, 4])$foreach.count#end:$foreach.count;#end",
            "12:1;12:2;",
        ),
        (
            "#set($t = 'kept')#foreach($t in [1, 2])$t#end|$t",
            "12|kept",
        ),
        (
            "#foreach($t in [1, 2])#end[$t][$foreach.count]",
            "[][]",
        ),
        (
            "#set($sum = 0)#foreach($t in [1..4])#set($sum = $sum + $t)#end$sum",
            "10",
        ),
        (
            "#foreach($t in [1..9])#if($t > 3)#break#end$t#end.",
            "123.",
        ),
        (
            "#foreach($a in [1, 2])#foreach($b in [1..9])#if($b > 2)#break#end$a$b #end#end",
            "11 12 21 22 ",
        ),
        (
            (
                "#foreach($n in [2..-1])$n #end#set($end = 3)#foreach($n in [1..$end])$n#end#set($r = "
                "[5..7])$r#foreach($n in $r)$n#end"
            ),
            "2 1 0 -1 123[5, 6, 7]567",
        ),
        (
            "#foreach($v in $input.path('$.home'))[$v]#end",
            "[Zürich][][{lat=47.4}]",
        ),
        (
            "#foreach($k in $input.path('$.home').keySet())$k=$input.path('$.home').get($k);#end",
            "city=Zürich;zip=;geo={lat=47.4};",
        ),
        (
            "#foreach($e in $input.path('$.home').entrySet())$e.key:$e.value,$e.getKey();#end",
            "city:Zürich,city;zip:,zip;geo:{lat=47.4},geo;",
        ),
        (
            "#foreach($p in $input.path('$.pets'))$p.kind-$p.age;#end",
            "3;;",
        ),
        (
            (
                "#foreach($x in $none)a#end#foreach($x in 'text')b#end#foreach($x in 5)c#end#foreach($x in "
                "[])d#end#foreach($x in {})e#end|"
            ),
            "|",
        ),
        (
            "#set($s = 'a,b,,c,')#set($p = $s.split(','))#foreach($x in $p)<$x>#end$p.size()",
            "<a><b><><c>4",
        ),
        (
            "#foreach($x in 'a,b'.split(','))<$x>#end",
            None,
        ),
        (
            "#foreach($t in $input.path('$.tags'))a#stop#end b",
            "a",
        ),
    ],
    "assignment": [
        (
            "#set($v = 'old')#set($v = $none)[$v]#set($w = $none.at.all)[$w]",
            "[][]",
        ),
        (
            "#set($v = 'old')#set($v = $input.path('$.none'))[$v]",
            "[]",
        ),
        (
            (
                "#set($m = {})#set($m.city = 'Bern')#set($m['two words'] = 'ok')#set($k = 'key')#set($m[$k] = "
                '1)#set($m["${k}s"] = 2)$m'
            ),
            "{city=Bern, two words=ok, key=1, keys=2}",
        ),
        (
            "#set($m = {})#set($m.a = {})#set($m.a.b = 'c')#set($m['a'].d = 'e')$m.a",
            "{b=c, d=e}",
        ),
        (
            "#set($m = {})#set($m[$none] = 'x')$m #set($m.none = $none)$m",
            "{=x}{=x, none=}",
        ),
        (
            "#set($l = ['a', 'b'])#set($l[1] = 'z')#set($i = 0)#set($l[$i] = 'y')$l",
            "[y, z]",
        ),
        (
            "#set($l = ['a', $input.path('$.count'), \"b$none\", [1, {'k': 'v'}], true])$l $l[3][1].k $l.get(1)",
            "[a, 7, b, [1, {k=v}], true] v 7",
        ),
        (
            ("#set($m = {'a': 1, \"b$x\": [true], 'c': {'d': $input.path('$.rate')}, 5: 'five'})$m $m.c.d $m.get(5)"),
            "{a=1, b=[true], c={d=0.25}, 5=five} 0.25 five",
        ),
        (
            (
                "#set($o = $input.path('$.home'))#set($o.city = 'Basel')$o.city $input.path('$.home.city') "
                "$o.put('zip', 8000)$o.zip"
            ),
            "Basel Basel 8000",
        ),
        (
            "#set($a = $none + 1)[$a]#set($a = 1 + $none)[$a]#set($a = 'x' - 1)[$a]",
            "[1][1][1]",
        ),
        (
            "#set($a-b = 'dash')$a-b #set($a_b = 'under')$a_b #set($aB1 = 'case')$aB1$ab1",
            "dashundercase",
        ),
    ],
    "numbers": [
        (
            "#set($a = 9 / 4)$a #set($a = -9 / 4)$a #set($a = 9 % 4)$a #set($a = -9 % 4)$a #set($a = 9.0 / 4)$a",
            "2-21-12.25",
        ),
        (
            "#set($a = 2 + 3 * 4 - 1)$a #set($a = (2 + 3) * 4)$a #set($a = 20 / 2 * 3)$a #set($a = 5 - 3 - 1)$a",
            "1320301",
        ),
        (
            "#set($a = 1 + 2 > 2)$a #set($a = 2 > 1 + 2)$a #set($a = !true)$a #set($a = 1 == 1.0)$a",
            "truefalsefalsetrue",
        ),
        (
            ("#set($a = 0.1 + 0.7)$a #set($a = .5 * .5)$a #set($a = 3.0)$a #set($a = 1e2)$a #set($a = 4 * 0.25)$a"),
            "0.79999999999999990.253.0100.01.0",
        ),
        (
            (
                "#set($a = 2147483647 + 1)$a #set($a = -2147483648 - 1)$a #set($a = 9223372036854775807 + 1)$a "
                "#set($a = 3000000000 * 3)$a"
            ),
            "2147483648-214748364992233720368547758089000000000",
        ),
        (
            "#set($a = 8 / 0)[$a]#set($a = 8 % 0)[$a]#set($a = 8.0 / 0)[$a]",
            "[][][]",
        ),
        (
            "#set($n = 6)#set($m = $n-1)[$m]#set($m = $n - 1)[$m]#set($m = -1)[$m]#set($m = $n * -1)[$m]",
            "[][5][-1][-6]",
        ),
        (
            (
                "$input.path('$.count') $input.path('$.debt') $input.path('$.rate') $input.path('$.huge') "
                "$input.path('$.wide')"
            ),
            "7 -2 0.25 98765432109876543210 30000000000",
        ),
        (
            "$input.path('$.tiny') $input.path('$.large') $input.path('$.trailing')",
            "2.5E-9 1.0E12 1.5",
        ),
        (
            (
                "#set($a = $input.path('$.huge') + 1)$a #set($a = $input.path('$.wide') * 2)$a #set($a = "
                "$input.path('$.rate') + 1)$a"
            ),
            "98765432109876543211600000000001.25",
        ),
        (
            (
                "#set($i = 0)$i.parseInt('42') #set($n = $i.parseInt('42') + 1)$n $n.toString().length() "
                "$n.doubleValue() $n.equals(43)"
            ),
            "4243 2 43.0 true",
        ),
        (
            "#set($w = 30000000000)$w $w.parseLong('30000000001') #set($d = 1.5)$d $d.intValue()",
            "30000000000 300000000011.5 1",
        ),
        (
            "#set($s = 1 + 'a' + 2)$s #set($s = 'a' + 1 + 2)$s #set($s = 1 + 2 + 'a')$s",
            "1a2a123a",
        ),
    ],
    "strings": [
        (
            "#set($v = 'x')#set($d = \"$v ${v}s $!none|$none|$v.length()\")$d #set($q = '$v')$q",
            "x xs ||1$v",
        ),
        (
            '#set($d = "say ""so""")$d #set($q = \'it\'\'s\')$q #set($j = \'{"k": "v"}\')$j',
            'say "so"it\'s{"k": "v"}',
        ),
        (
            '#set($d = "#if(true)a#{else}b#end #foreach($i in [1..3])$i#end")$d',
            "a 123",
        ),
        (
            '#set($d = "a\\tb\\n\\\\c")$d #set($q = \'a\\tb\\\\c\')$q #set($u = "\\u00e9")$u',
            "a\\tb\\n\\\\ca\\tb\\\\cé",
        ),
        (
            (
                "#set($s = 'Hello, World')$s.length() $s.substring(7) $s.substring(0, 5) $s.indexOf('o') "
                "$s.indexOf('o', 5) $s.lastIndexOf('o') $s.charAt(1)"
            ),
            "12 World Hello 4 8 8 e",
        ),
        (
            (
                "#set($s = 'Hello')$s.toUpperCase() $s.toLowerCase() $s.startsWith('He') $s.endsWith('x') "
                "$s.contains('ell') $s.isEmpty() $s.concat('!') $s.equals('Hello') $s.equalsIgnoreCase('hELLO')"
            ),
            "HELLO hello true false true false Hello! true true",
        ),
        (
            (
                "#set($s = ' a.b.c ')[$s.trim()] $s.trim().replace('.', '-') $s.trim().replaceAll('[.]', '/') "
                "$s.trim().replaceFirst('[.]', '') $s.trim().replaceAll('([a-c])', '<$1>')"
            ),
            "[a.b.c] a-b-c a/b/c ab.c <a>.<b>.<c>",
        ),
        (
            (
                "#set($s = '2026-11-30')$s.matches('[0-9-]+') $s.matches('2026') $s.matches('(?i)2026-.*') "
                "$s.split('-')[1] $s.split('-').size()"
            ),
            "true false true 11 3",
        ),
        (
            (
                "#set($s = 'b')$s.compareTo('a') $s.hashCode() $s.valueOf(7) $s.join('-', ['a', 'b']) "
                "$s.format('%03d|%s', 7, 'x')"
            ),
            "1 98 7 a-b 007|x",
        ),
        (
            ("$input.path('$.home.city') $input.path('$.mood') $input.path('$.mood').length() $input.path('$.lines')"),
            "Zürich 😀 2 a\nb\tc",
        ),
        (
            "$input.path('$.name').toString().contains('Ada') $input.path('$.home').toString().length()",
            "true 39",
        ),
    ],
    "text and escapes": [
        (
            "#set($v = 'x')\\$v \\\\$v \\\\\\$v \\$none \\\\$none \\$!v \\${v}",
            "$v \\x \\$v $none \\ $!v ${v}",
        ),
        (
            "\\#if(true) \\#set($a = 1) \\#end \\#foo \\\\#if(true)a#end \\# \\$ \\\\",
            "#if(true) #set( = 1) #end \\#foo \\a \\# \\$ \\\\",
        ),
        (
            "costs $5.00, $ 3, 100%, #1, # 2, a@b.example, #header, color: #0af, $, # ",
            "costs $5.00, $ 3, 100%, #1, # 2, a@b.example, #header, color: #0af, $, # ",
        ),
        (
            "the end #",
            None,
        ),
        (
            '{"$ref": "#/items", "$$": "a$", "$": 1} $} ${ x',
            '{"": "#/items", "$$": "a$", "$": 1} $} ${ x',
        ),
        (
            "#set($v = 'x')$v. $v.. $v, $v) $v} ${v}} $v.length(). $v[0] $v-1 $v:1 $v/1",
            "x. x.. x, x) x} x} 1.   x:1 x/1",
        ),
        (
            "[$none][$!none][${none}][$!{none}][$none.at][$none.at()][$none[0]][$none['k']]",
            "[][][][][][][][]",
        ),
        (
            "#set($v = 'x')${v}y$!{v}z${v.length()}${none}$!{none}|",
            "xyxz1|",
        ),
        (
            "a## to the end\nb#* over\ntwo *#c\n#** doc *#d",
            "abc\nd",
        ),
        (
            "#[[ $v #if(x) #end \\$v ]]#|",
            " $v #if(x) #end \\$v |",
        ),
        (
            "Grüße, 日本, 😀",
            "Grüße, 日本, 😀",
        ),
    ],
    "lines": [
        (
            "a\n  #set($v = 1)\nb\n#set($w = 2)\nc #set($x = 3) d\n",
            "a\n  b\nc  d\n",
        ),
        (
            "a\n  #if(true)\n  b\n  #end\nc\n#if(false)\nd\n#else\ne\n#end\nf",
            "a\n    b\n  c\ne\nf",
        ),
        (
            "[\n#foreach($i in [1..2])\n  $i#if($foreach.hasNext),#end\n\n#end\n]",
            "[\n  1,\n  2\n]",
        ),
        (
            "a\n## whole line\nb ## rest\nc\n#* block *#\nd",
            "a\nb c\n\nd",
        ),
        (
            "#if(true)\n  #set($v = 1)\n  $v\n#end\n$v",
            "  1\n1",
        ),
    ],
    "directives": [
        (
            "a#stop b",
            "a",
        ),
        (
            "#if(true)a#stop#end b",
            "a",
        ),
        (
            "#define($d)<$v>#end#set($v = 1)$d#set($v = 2)$d$d()",
            "<1><2><2>()",
        ),
        (
            "#define($row)$foreach.index#end#foreach($i in ['a', 'b'])$row$i #end",
            "0a 1b ",
        ),
        (
            "#macro(twice $x)$x$x#end#twice('a') #twice()",
            "#twice('a') #twice()",
        ),
        (
            "#include('a.txt')",
            None,
        ),
        (
            "#evaluate('$x') #return('x') #unknown #unknown('x') #@box()a#end",
            "#evaluate('$x') #return('x') #unknown #unknown('x') #@box()a#end",
        ),
    ],
    "methods": [
        (
            (
                "#set($l = ['a'])$l.add('b') $l.size() $l.get(0) $l.contains('b') $l.indexOf('b') $l.isEmpty() "
                "$l.addAll(['c', 'd']) $l.subList(1, 3) $l.remove(0) $l.set(0, 'z') $l"
            ),
            "true 2 a true 1 false true [b, c] a b [z, c, d]",
        ),
        (
            (
                "#set($m = {'a': 1})[$m.put('b', 2)][$m.put('b', 3)] $m.size() $m.containsKey('a') "
                "$m.containsValue(3) $m.get('a') $m.keySet() $m.values() $m.entrySet() $m.remove('a') $m "
                "$m.isEmpty()"
            ),
            "[][2] 2 true true 1 [a, b] [1, 3] [a=1, b=3] 1 {b=3} false",
        ),
        (
            "#set($m = {'a': 1})#set($x = $m.putAll({'b': 2, 'a': 0}))$m$x $m.toString() $m.getClass()",
            "{a=0, b=2} {a=0, b=2} class java.util.LinkedHashMap",
        ),
        (
            "#set($m = {})[$m.put('k', null)] [$m.k] $m #if($m.containsKey('k'))a#end",
            "[] [] {k=null} a",
        ),
        (
            "#set($l = [])$util.qr($l.add(1))$!l.add(2) $l",
            "true [1, 2]",
        ),
        (
            "#set($l = ['a', 'b'])$l[0] $l[-1] $l[1].length()",
            "a b 1",
        ),
        (
            "#set($l = ['a'])[$l[7]]",
            None,
        ),
        (
            "#set($s = 'x')$s.substring(5)",
            None,
        ),
        (
            "#set($s = 'x')[$s.nope()][$s.nope][$s.class.name][$s.class.forName('java.lang.Runtime')]",
            "[][][java.lang.String][]",
        ),
        (
            "#set($s = 'x')$s.length(1)",
            None,
        ),
        (
            (
                "$input.path('$.tags').size() $input.path('$.home').size() $input.path('$.tags').contains('x') "
                "$input.path('$.home').containsKey('city') $input.path('$.tags')[2].deep[0]"
            ),
            "6 3 true true 1",
        ),
    ],
    "input": [
        (
            "$input.path('$')",
            (
                '{name=Ada "A" O\'Neil </p>, count=7, debt=-2, rate=0.25, huge=98765432109876543210, '
                "wide=30000000000, tiny=2.5E-9, large=1.0E12, trailing=1.5, precise=0.12345678901234567890123, "
                "finer=2.50000000000000000000001, yes=true, no=false, none=null, "
                'tags=["x",5,{"deep":[1]},null,true,"a\\/b"], home={city=Zürich, zip=null, '
                'geo={lat=47.4}}, pets=[{"kind":"cat","age":3},{"kind":"dog"}], blank=, nothing=[], '
                "object={}, mood=😀, lines=a\nb\tc, two words=ok}"
            ),
        ),
        (
            "$input.path('$.tags') $input.path('$.home') $input.path('$.pets')",
            (
                '["x",5,{"deep":[1]},null,true,"a\\/b"] {city=Zürich, zip=null, geo={lat=47.4}} '
                '[{"kind":"cat","age":3},{"kind":"dog"}]'
            ),
        ),
        (
            "$input.json('$')",
            (
                '{"name":"Ada \\"A\\" O\'Neil '
                '</p>","count":7,"debt":-2,"rate":0.25,"huge":98765432109876543210,"wide":3000000000'
                '0,"tiny":2.5E-9,"large":1.0E12,"trailing":1.5,"precise":0.12345678901234567890123,"fi'
                'ner":2.50000000000000000000001,"yes":true,"no":false,"none":null,"tags":["x",5,{"d'
                'eep":[1]},null,true,"a/b"],"home":{"city":"Zürich","zip":null,"geo":{"lat":47.4'
                '}},"pets":[{"kind":"cat","age":3},{"kind":"dog"}],"blank":"","nothing":[],"'
                'object":{},"mood":"😀","lines":"a\\nb\\tc","two words":"ok"}'
            ),
        ),
        (
            "$input.json('$.tags') $input.json('$.home') $input.json('$.name') $input.json('$.lines')",
            (
                '["x",5,{"deep":[1]},null,true,"a/b"] '
                '{"city":"Zürich","zip":null,"geo":{"lat":47.4}} "Ada \\"A\\" O\'Neil </p>" '
                '"a\\nb\\tc"'
            ),
        ),
        (
            (
                "$input.json('$.count') $input.json('$.rate') $input.json('$.huge') $input.json('$.tiny') "
                "$input.json('$.large') $input.json('$.trailing') $input.json('$.yes')"
            ),
            "7 0.25 98765432109876543210 2.5E-9 1.0E12 1.5 true",
        ),
        (
            (
                "[$input.json('$.none')] [$input.json('$.missing')] [$input.json('$.home.missing')] "
                "[$input.json('$.blank')] [$input.json('$.nothing')] [$input.json('$.object')]"
            ),
            '[""] [""] [""] [""] [[]] [{}]',
        ),
        (
            (
                "[$input.path('$.none')] [$input.path('$.missing')] [$input.path('$.missing.at.all')] "
                "[$input.path('$.blank')] [$input.path('$.nothing')] [$input.path('$.object')]"
            ),
            "[] [] [] [] [[]] [{}]",
        ),
        (
            (
                "$input.path('$.pets[0].kind') $input.path('$.pets[1].kind') [$input.path('$.pets[-1].kind')] "
                "$input.path(\"$['two words']\") $input.path('$.pets[*].kind') $input.json('$.pets[*].age') "
                "$input.json('$..kind')"
            ),
            'cat dog [] ok ["cat","dog"] [3] ["cat","dog"]',
        ),
        (
            (
                "$input.path('$.pets[?(@.age == 3)].kind') $input.json('$.pets[?(@.age)]') "
                "$input.path('$.pets.length()')"
            ),
            '["cat"] [{"kind":"cat","age":3}] ',
        ),
        (
            (
                "$input.path('$.home').city $input.path('$.home')['city'] $input.path('$.home').geo.lat "
                "[$input.path('$.home').zip] [$input.path('$.home').nope]"
            ),
            "Zürich Zürich 47.4 [] []",
        ),
        (
            (
                "$input.params('id') $input.params('size') $input.params('X-Who') [$input.params('missing')] "
                "[$input.params('')]"
            ),
            "42 10 Ada [] []",
        ),
        (
            (
                "$input.params().path.id $input.params().querystring.size $input.params().header.get('X-Who') "
                "$input.params().keySet() $input.params('path') $input.params('querystring')"
            ),
            "42 10 Ada [path, querystring, header]  ",
        ),
        (
            (
                "#foreach($place in $input.params().keySet())$place:#foreach($name in "
                "$input.params().get($place).keySet())$name=$input.params().get($place).get($name);#end #end"
            ),
            (
                'path:id=42; querystring:size=10;id=other;quoted=it\'s "so" & so\\;template=$context.stage '
                "#set($x = 1); header:X-Who=Ada;size=header; "
            ),
        ),
        (
            "[$input.nope] [$input.nope()]",
            "[] []",
        ),
    ],
    "util": [
        (
            (
                "$util.escapeJavaScript($input.path('$.name')) $util.escapeJavaScript($input.path('$.lines')) "
                "$util.escapeJavaScript($input.path('$.home.city')) "
                "$util.escapeJavaScript($input.path('$.mood')) $util.escapeJavaScript($input.params('quoted'))"
            ),
            'Ada \\"A\\" O\\\'Neil <\\/p> a\\nb\\tc Z\\u00FCrich \\uD83D\\uDE00 it\\\'s \\"so\\" & so\\\\',
        ),
        (
            "$util.escapeJavaScript($input.path('$.name')).replaceAll(\"\\\\'\", \"'\")",
            'Ada \\"A\\" O\'Neil <\\/p>',
        ),
        (
            (
                "$util.base64Encode($input.path('$.home.city')) $util.base64Decode('WsO8cmljaA==') "
                "$util.base64Encode('')|"
            ),
            "WsO8cmljaA== Zürich |",
        ),
        (
            (
                "$util.urlEncode($input.params('quoted')) $util.urlEncode('ü/?~*') "
                "$util.urlDecode('a%20b+c%C3%BC') $util.urlEncode('')|"
            ),
            "it%27s+%22so%22+%26+so%5C %C3%BC%2F%3F%7E* a b cü |",
        ),
        (
            (
                '#set($o = $util.parseJson(\'{"a": {"b": [1, {"c": "d"}]}, "n": 1.50, "s": "x/y", '
                '"z": null}\'))$o $o.a.b[1].c $o.n $o.s [$o.z]'
            ),
            '{a={b=[1,{"c":"d"}]}, n=1.5, s=x/y, z=null} d 1.5 x/y []',
        ),
        (
            (
                "#set($o = $util.parseJson($input.json('$.tags')))$o.size() $o[2].deep #set($t = "
                "$util.parseJson('\"text\"'))$t"
            ),
            "6 [1]text",
        ),
        (
            "[$util.nope('x')][$util.nope]",
            "[][]",
        ),
    ],
    "context": [
        (
            (
                "$context.stage $context.httpMethod $context.identity.sourceIp [$context.nope] "
                "[$context.identity] [$context.identity.nope] [$context.authorizer.claims.sub]"
            ),
            "live GET 192.0.2.1 [] [] [] []",
        ),
        (
            (
                "$stageVariables.table $stageVariables['table'] ${stageVariables.table} "
                "$stageVariables.get('table') [$stageVariables.nope]"
            ),
            "orders orders orders orders []",
        ),
        (
            (
                "#set($context.responseOverride.status = 409)#set($context.responseOverride.header.ETag = "
                "'v1')$context.responseOverride.status $context.responseOverride.header.ETag"
            ),
            "409 v1",
        ),
        (
            (
                "#set($n = 'page')#set($context.requestOverride.querystring[$n] = '2')"
                "#set($context['requestOverride'].header['X-A'] = "
                "'b')$context.requestOverride.querystring.page $context.requestOverride.header['X-A']"
            ),
            "2 b",
        ),
        (
            "$input.params('template') #set($t = $input.params('template'))$t #set($u = \"$t\")$u",
            "$context.stage #set($x = 1)$context.stage #set($x = 1)$context.stage #set($x = 1)",
        ),
    ],
    "big numbers": [
        (
            "#set($o = $input.path('$'))$o.precise $o.finer",
            "0.12345678901234567890123 2.50000000000000000000001",
        ),
        (
            (
                "#set($o = $input.path('$'))#set($a = $o.precise + 1)$a #set($a = $o.precise * $o.finer)$a "
                "#set($a = $o.finer - $o.count)$a #set($a = $o.finer / $o.precise)$a #set($a = $o.precise + "
                "$o.rate)$a"
            ),
            (
                "1.123456789012345678901230.3086419725308641972530762345678901234567890123-4.499999999999999999"
                "9999920.250000182250001658475850.37345678901234567890123"
            ),
        ),
        (
            "#set($o = $input.path('$'))#set($a = $o.finer % $o.count)$a",
            None,
        ),
        (
            (
                "#set($o = $input.path('$'))#set($a = $o.huge * $o.huge)$a #set($a = $o.huge - $o.count)$a "
                "#set($a = $o.huge / $o.wide)$a #set($a = $o.huge % $o.count)$a #set($a = $o.huge + $o.rate)$a"
            ),
            "9754610579850632525677488187778997104100987654321098765432033292181070398765432109876543210.25",
        ),
        (
            "#set($o = $input.path('$'))#set($a = $o.huge % -7)$a",
            None,
        ),
        (
            (
                "#set($o = $input.path('$'))#if($o.huge > $o.wide)a#end#if($o.precise < $o.rate)b#end"
                "#if($o.huge == 98765432109876543210)c#end#if($o.precise == 0.12345678901234567)d#end"
                "#if($o.rate >= $o.count)e#end"
            ),
            "abc",
        ),
        (
            (
                "#set($o = $input.path('$'))$o.huge.class.name $o.precise.class.name $o.wide.class.name "
                "$o.rate.class.name $o.count.class.name"
            ),
            "java.math.BigInteger java.math.BigDecimal java.lang.Long java.lang.Double java.lang.Integer",
        ),
        (
            (
                "#set($o = $input.path('$'))$o.huge.add($o.huge) $o.huge.negate() $o.huge.intValue() "
                "$o.huge.longValue() $o.huge.doubleValue() $o.huge.compareTo($o.huge) $o.huge.signum() "
                "$o.huge.bitLength() $o.huge.pow(2)"
            ),
            (
                "197530864219753086420 -98765432109876543210 -450461974 6531711741328785130 "
                "9.876543210987654E19 0 1 67 9754610579850632525677488187778997104100"
            ),
        ),
        (
            (
                "#set($o = $input.path('$'))$o.precise.scale() $o.precise.precision() $o.precise.setScale(2, "
                "4) $o.precise.toString() $o.precise.doubleValue() $o.precise.intValue() $o.precise.negate() "
                "$o.precise.signum()"
            ),
            "23 23 0.12 0.12345678901234567890123 0.12345678901234568 0 -0.12345678901234567890123 1",
        ),
        (
            ("#set($a = 1.0e300 * 1.0e10)$a #set($a = 1.0e308 * 100)$a #set($a = 5.0 % 3)$a #set($a = -5.5 % 2)$a"),
            "InfinityInfinity2.0-1.5",
        ),
    ],
    "number methods": [
        (
            (
                "#set($n = 300)$n.byteValue() $n.shortValue() $n.longValue() $n.floatValue() $n.doubleValue() "
                "$n.hashCode() $n.compareTo(7)"
            ),
            "44 300 300 300.0 300.0 300 1",
        ),
        (
            (
                "#set($n = -5)$n.toHexString(255) $n.toBinaryString(5) $n.toOctalString(8) $n.toString(255, "
                "16) $n.parseInt('ff', 16) $n.valueOf('12') $n.decode('0x1F') $n.decode('#1f') $n.decode('010')"
            ),
            "ff 101 10 ff 255 12 31 31 8",
        ),
        (
            (
                "#set($n = 5)$n.bitCount(7) $n.reverse(1) $n.signum(-9) $n.highestOneBit(10) "
                "$n.numberOfTrailingZeros(8) $n.max(2, 9) $n.min(2, 9) $n.sum(2, 9)"
            ),
            "3 -2147483648 -1 8 3 9 2 11",
        ),
        (
            "#set($n = 5)$n.parseInt('five')",
            None,
        ),
        (
            "#set($n = 5)$n.parseInt('2147483648')",
            None,
        ),
        (
            "#set($n = 5)$n.parseInt(' 5')",
            None,
        ),
        (
            (
                "#set($d = 2.75)$d.intValue() $d.longValue() $d.floatValue() $d.isNaN() $d.isInfinite() "
                "$d.compareTo(2.5) $d.parseDouble(' 1e-3 ') $d.valueOf('0.10') $d.hashCode()"
            ),
            "2 2 2.75 false false 1 0.001 0.1 1074135040",
        ),
        (
            ("#set($d = 1e20)$d.intValue() $d.longValue() #set($e = -1e20)$e.intValue() #set($f = 0.1)$f.floatValue()"),
            "2147483647 9223372036854775807-21474836480.1",
        ),
        (
            "#set($d = 2.5)$d.parseDouble('x')",
            None,
        ),
        (
            (
                "#set($b = true)$b.toString() $b.booleanValue() $b.parseBoolean('True') $b.equals(true) "
                "$b.compareTo(false) $b.hashCode()"
            ),
            "true true true true 1 1231",
        ),
        (
            ("#set($w = 30000000000)$w.intValue() $w.hashCode() $w.toHexString($w) $w.compareTo($w) $w.valueOf('5')"),
            "-64771072 -64771066 6fc23ac00 0 5",
        ),
    ],
    "more of strings": [
        (
            (
                "#set($s = 'Hello')$s.indexOf('l', 9) $s.indexOf('', 9) $s.lastIndexOf('l', 2) "
                "$s.lastIndexOf('l', -1) $s.indexOf(108) $s.codePointAt(0) $s.compareToIgnoreCase('hellp') "
                "$s.regionMatches(true, 1, 'xELL', 1, 3) $s.contentEquals('Hello')"
            ),
            "-1 5 2 -1 2 72 -1 true true",
        ),
        (
            (
                "#set($s = 'a-b-c')$s.split('-', 2)[1] $s.split('-', 2).size() $s.toCharArray().size() "
                "$s.getBytes().size() $s.intern() $s.subSequence(0, 2) $s.replace('-', '') $s.endsWith('c')"
            ),
            "b-c 2 5 5 a-b-c a- abc true",
        ),
        (
            ("#set($s = 'x')$s.valueOf(true) $s.valueOf(1.0) $s.valueOf('y') $s.join(', ', 'a', 'b') $s.join('', [])|"),
            "true 1.0 y a, b |",
        ),
        (
            "#set($s = 'x')$s.charAt(3)",
            None,
        ),
        (
            "#set($s = 'x')$s.join('-', [1, 2])",
            None,
        ),
        (
            (
                "#set($s = $input.path('$.mood'))$s.codePointAt(0) $s.codePointCount(0, 2) "
                "$s.charAt(0).class.name $s.substring(0, 2)"
            ),
            "128512 1 java.lang.Character 😀",
        ),
    ],
    "patterns": [
        (
            (
                "#set($s = 'Order 12, order 7')$s.replaceAll('\\d+', '#') $s.replaceAll('(?i)order', 'o') "
                "$s.replaceAll('[^a-z]', '') $s.replaceAll('(\\w+) (\\d+)', '$2:$1') $s.replaceFirst('o.*', '')"
            ),
            "Order #, order # o 12, o 7 rderorder 12:Order, 7:order Order 12, ",
        ),
        (
            (
                "#set($s = 'a1b22c333')$s.replaceAll('\\d{2,3}', 'N') $s.replaceAll('[a-c&&[^b]]', '-') "
                "$s.replaceAll('(?<n>\\d)', '<${n}>') $s.split('\\d+').size() $s.split('(?=b)')[1]"
            ),
            "a1bNcN -1b22-333 a<1>b<2><2>c<3><3><3> 3 b22c333",
        ),
        (
            (
                "#set($s = 'x.y|z')$s.split('[.|]').size() $s.replaceAll('\\Q.\\E', '!') "
                "$s.replaceAll('\\p{Lower}', 'L') $s.replaceAll('\\W', '_') $s.matches('x.*?z') "
                "$s.replaceAll('^|$', '\"')"
            ),
            '3 x!y|z L.L|L x_y_z true "x.y|z"',
        ),
        (
            (
                "#set($s = 'aaa')$s.replaceAll('a{2}', 'b') $s.replaceAll('a*?', 'x') $s.replaceAll('a++', "
                "'y') $s.replaceAll('(a)(?!a)', 'z') $s.replaceAll('(?<=a)a', 'w') $s.replaceAll('(a)\\1', 'v')"
            ),
            "ba xaxaxax y aaz aww va",
        ),
        (
            (
                "#set($s = 'tab')$s.replaceAll('\\x61', '\\$') $s.replaceAll('[\\u0061-\\u0062]', '\\\\\\\\') "
                "$s.matches('[[:alpha:]]*') $s.matches('\\p{Alpha}+') $s.matches('[tab]{3}') "
                "$s.matches('(?s).+')"
            ),
            "t$b t\\\\\\\\ false true true true",
        ),
        (
            "#set($s = 'x')$s.replaceAll('(', '')",
            None,
        ),
        (
            "#set($s = 'x')$s.replaceAll('x', '$2')",
            None,
        ),
        (
            "#set($s = 'x')$s.matches('[a-')",
            None,
        ),
        (
            "#set($s = 'x')$s.replaceAll('x', '\\')",
            None,
        ),
    ],
    "formats": [
        (
            (
                "#set($s = '')$s.format('%d %5d %-5d| %05d %+d %,d %(d %x %X %o', 42, 42, 42, 42, 42, 1234567, "
                "-42, 255, 255, 8)"
            ),
            "42    42 42   | 00042 +42 1,234,567 (42) ff FF 10",
        ),
        (
            (
                "#set($s = '')$s.format('%.2f %8.3f %-8.1f| %e %.0f %+.1f %,.2f %g', 3.14159, 2.0, 1.25, "
                "12345.678, 2.5, 1.0, 9876543.21, 0.0001)"
            ),
            "3.14    2.000 1.3     | 1.234568e+04 3 +1.0 9,876,543.21 0.000100000",
        ),
        (
            (
                "#set($s = '')$s.format('%s %10s %-10s| %.3s %S %b %B %c %% %n%h', 'abc', 'right', 'left', "
                "'abcdef', 'up', true, 'x', 65, 'h')"
            ),
            "abc      right left      | abc UP true TRUE A % \n68",
        ),
        (
            "#set($s = '')$s.format('%2$s %1$s %<s %s', 'a', 'b')",
            "b a a a",
        ),
        (
            "#set($s = '')$s.format('%s')",
            None,
        ),
        (
            "#set($s = '')$s.format('%q', 1)",
            None,
        ),
        (
            "#set($s = '')$s.format('%d', 1.5)",
            None,
        ),
        (
            "#set($s = '')$s.format('%s %s %s', $none, [1], {'a': 1})",
            " [1] {a=1}",
        ),
    ],
    "more of collections": [
        (
            (
                "#set($l = [1, 2, 3, 2])$l.lastIndexOf(2) $l.containsAll([1, 3]) $l.containsAll([9]) "
                "$l.retainAll([2, 3]) $l $l.removeAll([3]) $l $l.clear()$l $l.size() $l.hashCode() "
                "$l.equals([])"
            ),
            "3 true false true [2, 3, 2] true [2, 2] [] 0 1 true",
        ),
        (
            (
                "#set($l = ['a', 'b'])$l.add(1, 'x')$l $l.addAll(0, ['y', 'z']) $l $l.remove(0) $l.remove('b') "
                "$l.remove('none') $l $l.indexOf('none') $l.toArray().size()"
            ),
            "[a, x, b] true [y, z, a, x, b] y true false [z, a, x] -1 3",
        ),
        (
            "#set($l = [1, 2, 3, 4])#set($p = $l.subList(1, 3))$p $p.size() $p.clear()$l $p",
            "[2, 3] 2 [1, 4] []",
        ),
        (
            "#set($l = [1, 2])$l.subList(1, 5)",
            None,
        ),
        (
            "#set($l = [1, 2])$l.subList(2, 1)",
            None,
        ),
        (
            "#set($l = [1])$l.add(5, 'x')",
            None,
        ),
        (
            "#set($l = [1])$l.get(1)",
            None,
        ),
        (
            "#set($l = [1, 2])#set($i = $l.iterator())$i.hasNext() $i.next() $i.next() $i.hasNext()",
            "true 1 2 false",
        ),
        (
            "#set($l = [])$l.iterator().next()",
            None,
        ),
        (
            "#set($l = [1, 2])#foreach($x in $l)$l.add(9)#end",
            None,
        ),
        (
            (
                "#set($m = {'a': 1, 'b': 2})$m.getOrDefault('c', 9) $m.putIfAbsent('a', 5) $m.replace('a', 7) "
                "$m $m.keySet().contains('b') $m.values().contains(2) $m.entrySet().size() "
                "$m.keySet().remove('b') $m $m.hashCode() $m.equals({'a': 7})"
            ),
            "9 1 1 {a=7, b=2} true true 2 true {a=7} 102 true",
        ),
        (
            "#set($m = {'a': 1})#foreach($e in $m.entrySet())$e.setValue(5)$e $e.value#end $m $m.clear()$m",
            "1a=5 5 {a=5} {}",
        ),
        (
            "#set($m = {'a': 1})$m.keySet().add('b')",
            None,
        ),
        (
            (
                "#set($a = 'b,a')#set($p = $a.split(','))$p.size() $p[0] $p.get(1) $p.isEmpty() "
                "$p.contains('a') #set($p[0] = 'z')$p[0] $p.set(1, 'y')$p[1]"
            ),
            "2 b a false truez ay",
        ),
    ],
    "unfinished references": [
        (
            "#set($v = 'x')$v. $v.( $v.length)( $v[ $v[] ${v ${v. ${v.length( ${v[0]",
            None,
        ),
        (
            "#set($v = 'x')$v.length( $v",
            None,
        ),
        (
            "#set($v = 'x')$v[0 $v",
            None,
        ),
        (
            "#set($v = 'x')$v.length(,",
            None,
        ),
        (
            (
                "#set($v = 'Hello')$v.substring(1,3) $v.substring( 1 , 3 ) $v.substring($none) "
                "$v.concat(\"a)b\") $v.concat('a(b') $v.replace('l',\"$v\")"
            ),
            "el el  Helloa)b Helloa(b HeHelloHelloo",
        ),
        (
            "#set($v = 'Hello')$v.substring(1 3)",
            None,
        ),
        (
            (
                "#set($m = {'k': [1, {'z': 'deep'}]})$m.k[1].z $m.get('k').get(1).get('z') $m['k'][1]['z'] "
                "$m.k.get(1).z ${m.k[1].z} $m.k[1].get( 'z' ) $m.k.contains([1, 2]) $m.containsKey({'a': 1}) "
                "$m.get([1..2])|"
            ),
            "deep deep deep deep deep deep false false |",
        ),
        (
            ("$ {v} $!{ v} $! v $!! $$v $1 $-v $_v #{if}(true)x#{end} #{set}($q = 1)$q #{foreach}($i in [1])$i#{end}"),
            "$ {v} $!{ v} $ v $! $ $1 $-v  x1 1",
        ),
        (
            "#set($t = 'a')#if($t == 'a')yes#end #if ( $t == 'a' ) yes #end #if\n($t == 'a')yes#end",
            "yes  yes  yes",
        ),
        (
            "#set( $a = 1 )#set($b=2)#set ($c = 3)#set($d\n=\n4)$a$b$c$d",
            "1234",
        ),
        (
            "#if(true)a",
            None,
        ),
        (
            "#foreach($x in [1])a",
            None,
        ),
        (
            "#set($x)",
            None,
        ),
        (
            "#set(x = 1)",
            None,
        ),
        (
            "#if()a#end",
            None,
        ),
        (
            "#foreach($x of [1])a#end",
            "a",
        ),
        (
            "#else",
            None,
        ),
        (
            "a#end",
            None,
        ),
        (
            "#set($a = [1, 2)",
            None,
        ),
        (
            "#set($a = {'a' 1})",
            None,
        ),
        (
            "#set($a = 'x)",
            None,
        ),
        (
            "#set($a = 99999999999999999999)$a",
            "99999999999999999999",
        ),
    ],
}
"""Template and text by kind; None stands for an error."""

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A method call that returns null: the empty text, or no value. Expected texts of the latter are Velocity 1.7's."""

from __future__ import annotations

import pytest

from local_apigateway.velocity import parse

MAP = "#set($m = {'a': {'b': 'x'}})"


@pytest.mark.parametrize(
    ("template", "empty", "null"),
    [
        ("#set($v = 1)#set($v = $m.get('none'))$v", "", "1"),
        ("#set($v = 1)#set($v = '')#set($v = $m.get('none'))$v", "", ""),
        ("#foreach($k in ['a', 'none'])#set($v = $m.get($k))[$v]#end", "[{b=x}][]", "[{b=x}][{b=x}]"),
        ("$m.get('none')|$!m.get('none')", "|", "$m.get('none')|"),
        ("#if($m.get('none') == '')empty#{else}other#end", "empty", "other"),
        ("#if($m.get('none').length() == '')empty#{else}other#end", "empty", "other"),
        ("#if($m.get('none'))true#{else}false#end", "true", "false"),
        ("$m.get('a').get('none').length()|", "|", "$m.get('a').get('none').length()|"),
        ("#set($v = 1)#set($v = $m.none)$v|$m.none|$none|$none.get('x')", "|||", "|||"),
        ("#set($v = 1)#set($v = $m['none'])$v", "", ""),
    ],
)
def test_null(template: str, empty: str, null: str) -> None:
    parsed = parse(MAP + template)
    assert parsed.render({}) == empty
    assert parsed.render({}, null_results=True) == null

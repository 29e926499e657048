# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Ansible hands over are subclasses of Python's types; none of them is left in what the compiler returns."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.entry import to_native

from unit.compiler.specs import TEMPLATES, Json, orders


class Tagged(str):
    """A text with its origin, as ansible-core has them since 2.19."""

    def __str__(self) -> str:  # pylint: disable=invalid-str-returned; a subclass of str is one
        return self


class Count(enum.IntEnum):
    FIVE = 5


class Lazy(Mapping[str, Any]):
    """A mapping whose members are made when they are read."""

    def __init__(self, members: Json) -> None:
        self._members = members

    def __getitem__(self, key: str) -> Any:
        return tagged(self._members[key])

    def __iter__(self) -> Iterator[str]:
        return map(Tagged, self._members)

    def __len__(self) -> int:
        return len(self._members)


def tagged(value: Any) -> Any:
    if isinstance(value, dict):
        return Lazy(value)
    if isinstance(value, list):
        return tuple(map(tagged, value))
    return Tagged(value) if isinstance(value, str) else value


def types_in(value: Any) -> set[type]:
    if isinstance(value, dict):
        return {dict}.union(*map(types_in, value), *map(types_in, value.values()))
    if isinstance(value, list):
        return {list}.union(*map(types_in, value))
    return {type(value)}


def test_the_result_holds_pythons_own_types_alone() -> None:
    spec = orders(
        {"route": "GET /{customer}", "action": "Query", "limit": {"maximum": 5}, "summary": "Orders"},
        {"route": "PUT /x", "action": "Query", "request_template": "{}", "response_templates": {"200": "x"}},
        description="Orders",
    )
    expected = compile_api(spec, [TEMPLATES])
    compiled = compile_api(tagged(spec), [TEMPLATES])
    assert compiled == expected
    assert types_in(compiled.definition) | types_in(compiled.policy) == {dict, list, str, int, float, bool}


def test_what_has_no_json_form_becomes_its_text() -> None:
    assert to_native({1: datetime.date(2026, 11, 5), "n": Count.FIVE, "t": (None, True, 1.5)}) == {
        "1": "2026-11-05",
        "n": 5,
        "t": [None, True, 1.5],
    }
    assert type(to_native(Count.FIVE)) is int  # pylint: disable=unidiomatic-typecheck; an IntEnum is none

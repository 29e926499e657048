# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of changes: what it says of each, what shares a line, and what it does not show."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import Step
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan_lines import entry, lines
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Diff, Outcome
from hypothesis import given
from hypothesis import strategies as st

STEP = Step("apigateway", "PutRestApi", {})
TEMPLATE = {"integration": {"responses": {"200": {"responseTemplates": {"application/json": "a\nb"}}}}}
OTHER = {"integration": {"responses": {"200": {"responseTemplates": {"application/json": "a\nc"}}}}}


def result(*diffs: Diff) -> dict[str, Any]:
    return Outcome([STEP] if diffs else [], {}, diffs).as_result()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, {}, "+ thing"),
        (None, {"a": 1}, "+ thing"),
        ({}, {"a": 1}, "+ thing"),
        ({}, None, "- thing"),
        ({"a": 1}, None, "- thing"),
        ({"a": 1}, {}, "- thing"),
        ("EDGE", "REGIONAL", "~ thing: EDGE -> REGIONAL"),
        ({"a": True, "b": 1}, {"a": False, "b": 1}, "~ thing: a true -> false"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "~ thing: a.b 1 -> 2"),
        ({"a": 1}, {"a": 1, "tags": {"team": "x"}}, "~ thing: tags.team none -> x"),
        (TEMPLATE, OTHER, "~ thing: response template 200"),
        (["GET /a", "GET /b"], ["GET /b", "GET /c"], "~ thing: +GET /c, -GET /a"),
        ({"variables/key": "old"}, {"variables/key": "new"}, "~ thing: variables/key"),
        (
            {"indexes": [{"name": "a", "projection": "ALL"}, {"name": "b", "projection": "ALL"}]},
            {"indexes": [{"name": "a", "projection": "KEYS_ONLY"}, {"name": "b", "projection": "ALL"}]},
            "~ thing: indexes.a.projection ALL -> KEYS_ONLY",
        ),
    ],
)
def test_an_entry_says_what_changes(before: Any, after: Any, expected: str) -> None:
    assert lines([entry("thing", before, after)]) == [expected]


def test_values_of_items_are_not_shown() -> None:
    before, after = {"id": "a", "card": "1234"}, {"id": "a", "card": "5678"}
    assert lines([entry("item of orders: id=a", before, after)]) == ["~ item of orders: id=a: card"]


def test_routes_have_a_line_each_and_what_comes_with_them_shares_one() -> None:
    titles = [
        "route GET /a",
        "route OPTIONS /a",
        "route GET /b",
        "route OPTIONS /b",
        "model A",
        "model B",
        "stage prod",
    ]
    assert lines([entry(title, None, {"a": 1}) for title in titles]) == [
        "+ route GET /a",
        "+ 2 routes OPTIONS: /a, /b",
        "+ route GET /b",
        "+ 2 models: A, B",
        "+ stage prod",
    ]


def test_routes_that_change_in_the_same_way_share_a_line_with_all_names() -> None:
    found = lines([entry(f"route GET /{name}", TEMPLATE, OTHER) for name in "abcd"])
    assert found == ["~ 4 routes: response template 200: GET /a, GET /b, GET /c, GET /d"]


def test_many_new_items_are_counted_and_changed_ones_all_named() -> None:
    titles = [f"item of orders: id={number}" for number in range(12)]
    (added,) = lines([entry(title, {}, {"id": 1}) for title in titles])
    assert added.startswith("+ 12 items of orders: id=0; id=1; ")
    assert added.endswith("; id=9; and 2 more")
    assert len(lines([entry(title, {"a": 1}, {"a": 2}) for title in titles])) == 12


PARTS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 1), st.sampled_from(["", "1", "true", "null", "a\nb"])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=4,
)
STATES = st.one_of(
    st.none(),
    st.sampled_from(["", "EDGE", "a\nb"]),
    st.lists(PARTS, max_size=2),
    st.dictionaries(st.sampled_from("ab"), PARTS, max_size=2),
)


@given(STATES, STATES)
def test_whatever_differs_is_listed_and_shown(before: Any, after: Any) -> None:
    diff = Diff(before, after, "thing")
    found = result(diff)
    assert len(found["changes"]) == 1
    if before != after:
        (shown,) = found["diff"]
        assert shown["before"] != shown["after"]


def test_a_call_that_no_difference_explains_is_listed() -> None:
    assert Outcome([STEP], {}, ()).as_result()["changes"] == ["~ apigateway:PutRestApi"]
    assert result() == {"changed": False, "calls": [], "changes": [], "diff": [], "summary": result()["summary"]}


def test_text_of_what_is_new_stands_by_its_length_in_the_diff() -> None:
    (new,) = result(Diff(None, TEMPLATE, "route GET /a"))["diff"]
    assert "application/json: (2 lines)" in new["after"]
    (changed,) = result(Diff(TEMPLATE, OTHER, "route GET /a"))["diff"]
    assert "  c" in changed["after"]

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The patterns of keys' values and of page sizes."""

from __future__ import annotations

import re

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec import patterns as values


@pytest.mark.parametrize("maximum", [*range(1, 131), 199, 200, 205, 250, 998, 999, 1000])
def test_a_page_size_pattern_takes_the_numbers_up_to_its_maximum_and_nothing_else(maximum: int) -> None:
    pattern = re.compile(values.up_to(maximum))
    taken = {number for number in range(12_000) if pattern.fullmatch(str(number))}
    assert taken == set(range(1, maximum + 1))
    for text in ("", "0", "01", "-1", "1.0", "1e1", " 1", "1\n", "x", "\u0661"):
        assert not pattern.fullmatch(text)


@pytest.mark.parametrize("text", ["0", "-0", "12", "-12.50", "1E10", "1e-130", "9" * 38])
def test_a_number_is_a_key_value_of_type_n(text: str) -> None:
    assert values.is_key_value(text, "N")


@pytest.mark.parametrize("text", ["", "-", "1.", ".5", "1e", "0x10", "NaN", "Infinity", "1 ", "1\n", "１", '1","S":"'])
def test_other_texts_are_none(text: str) -> None:
    assert not values.is_key_value(text, "N")


@pytest.mark.parametrize(
    ("text", "good"), [("AA==", True), ("/+9a", True), ("AAA", False), ("A===", False), ("", False)]
)
def test_base64_is_a_key_value_of_type_b(text: str, good: bool) -> None:
    assert values.is_key_value(text, "B") is good

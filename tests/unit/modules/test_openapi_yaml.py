# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A document as YAML: templates are literal blocks, and reading it gives the document again."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.codeless.apigateway.plugins.filter.openapi_yaml import FilterModule

openapi_yaml = FilterModule().filters()["openapi_yaml"]
TEMPLATE = '#set($id = $input.params(\'id\'))  \n{\n\t"Key": {"id": {"S": "$util.escapeJavaScript($id)"}}\n}'


def templates(text: str) -> dict[str, Any]:
    return {"requestTemplates": {"application/json": text}, "other": {"same": ["200", True, None, 1.5]}}


def test_a_template_is_a_literal_block() -> None:
    written = openapi_yaml(templates(TEMPLATE))
    lines = [f"    {line}" for line in TEMPLATE.split("\n")]
    assert "\n".join(["  application/json: |-", *lines]) in written
    assert "\\n" not in written


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        f"{TEMPLATE}\n",
        f"{TEMPLATE}\n\n\n",
        f"\n\n{TEMPLATE}",
        f"   {TEMPLATE}",
        f"\t{TEMPLATE}",
        f"{TEMPLATE}\n   ",
        "  \n a\n",
        "\n",
        " \n ",
        "a\n\n \n\tb\n",
        "a\r\nb",
        "a\n\x85b",
        "a\n\u2028b",
        "a\n\x00b",
        "a\n\ufeffb",
        "Grüße\n😀",
        "# a\n--- b\n... c\n",
        "---\na",
        "a: b\n- c",
        "x" * 500 + "\n" + "y " * 300,
        "no line break: but 'quotes' \"of both kinds\"",
    ],
)
def test_reading_gives_the_document_again(text: str) -> None:
    assert yaml.safe_load(openapi_yaml(templates(text))) == templates(text)


def test_equal_parts_are_written_out() -> None:
    part = {"a": 1}
    assert openapi_yaml({"b": part, "c": part}) == "b:\n  a: 1\nc:\n  a: 1\n"


@pytest.mark.parametrize("wrong", [None, "text", [1]])
def test_what_is_no_document_is_an_error(wrong: Any) -> None:
    with pytest.raises(AnsibleFilterError, match=r"rest_apis\[0\]\.definition"):
        openapi_yaml(wrong)

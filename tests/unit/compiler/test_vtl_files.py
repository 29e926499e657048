# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The templates of a document as files."""

from __future__ import annotations

import re

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import vtl_files

from unit.compiler.specs import orders, templates_of


def test_every_template_has_a_file_named_for_its_route() -> None:
    files = templates_of(
        orders(
            {"route": "GET /{customer}", "action": "Query", "request_template": "own"},
            {"route": "ANY /{customer}/{rest+}", "action": "Query"},
        )
    )
    assert list(files) == [
        "get_customer.request.vtl",
        "get_customer.response.200.vtl",
        "get_customer.response.400.vtl",
        "get_customer.response.500.vtl",
        "get_customer.response.503.vtl",
        "options_customer.request.vtl",
        "any_customer_rest.request.vtl",
        "any_customer_rest.response.200.vtl",
        "any_customer_rest.response.400.vtl",
        "any_customer_rest.response.500.vtl",
        "any_customer_rest.response.503.vtl",
        "options_customer_rest.request.vtl",
    ]
    assert files["get_customer.request.vtl"] == "own"
    assert files["any_customer_rest.request.vtl"].startswith("## ANY /{customer}/{rest+}: Query on table orders\n")


def test_file_names_are_safe_and_given_once() -> None:
    template = {"x-amazon-apigateway-integration": {"requestTemplates": {"application/json": "a", "text/xml+x": "b"}}}
    paths = {path: {"get": template} for path in ("/", "/a/{b}", "/a/b", "/A/B", "/a:b/..")}
    files = vtl_files({"paths": paths})
    assert list(files) == [
        "get.request.vtl",
        "get.request.text-xml-x.vtl",
        "get_a_b.request.vtl",
        "get_a_b.request.text-xml-x.vtl",
        "get_a_b-2.request.vtl",
        "get_a_b-2.request.text-xml-x.vtl",
        "get_A_B-3.request.vtl",
        "get_A_B-3.request.text-xml-x.vtl",
        "get_a_b_...request.vtl",
        "get_a_b_...request.text-xml-x.vtl",
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in files)

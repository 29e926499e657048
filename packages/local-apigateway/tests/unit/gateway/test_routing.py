# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The resource for a path, and its path parameters."""

from __future__ import annotations

import pytest

from local_apigateway.gateway.dialect import Dialect
from local_apigateway.gateway.errors import GatewayError
from local_apigateway.gateway.request.routing import Router
from unit.gateway.kit import Api, mock, send

PATHS = ("/", "/pets", "/pets/{id}", "/pets/mine", "/pets/{id}/toys/{toy}", "/files/{path+}", "/{any+}")


@pytest.fixture(scope="module")
def router() -> Router:
    return Router([{"id": path, "path": path} for path in PATHS])


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/", "/", {}),
        ("", "/", {}),
        ("/pets", "/pets", {}),
        ("/pets/", "/pets", {}),
        ("//pets", "/pets", {}),
        ("/pets/mine", "/pets/mine", {}),
        ("/pets/yours", "/pets/{id}", {"id": "yours"}),
        ("/pets/x%20y%2Fz", "/pets/{id}", {"id": "x%20y%2Fz"}),
        ("/pets/x+y", "/pets/{id}", {"id": "x+y"}),
        ("/pets/%C3%BC", "/pets/{id}", {"id": "%C3%BC"}),
        ("/pets/mine/toys/ball", "/pets/{id}/toys/{toy}", {"id": "mine", "toy": "ball"}),
        ("/files/a/b/c", "/files/{path+}", {"path": "a/b/c"}),
        ("/files/a//b/", "/files/{path+}", {"path": "a//b"}),
        ("/files", "/{any+}", {"any": "files"}),
        ("/pets/mine/toys", "/{any+}", {"any": "pets/mine/toys"}),
        ("/pets//toys/ball", "/{any+}", {"any": "pets//toys/ball"}),
        ("/PETS", "/{any+}", {"any": "PETS"}),
    ],
)
def test_path_matches(router: Router, path: str, resource: str, parameters: dict[str, str]) -> None:
    match = router.match(path)
    assert (match.resource["path"], match.path_parameters) == (resource, parameters)


def test_path_without_resource() -> None:
    router = Router([{"id": "a", "path": "/a/{b}"}])
    for path in ("/a", "/a/b/c", "/"):
        with pytest.raises(GatewayError):
            router.match(path)


def test_any_takes_what_no_method_takes() -> None:
    api = Api().method("GET /pets", mock("get")).method("ANY /pets", mock("any"))
    assert send(api, "GET /pets").body == b"get"
    assert send(api, "PATCH /pets").body == b"any"
    assert send(api, "TRACE /pets").status == 403


def test_context_names_the_resource() -> None:
    template = "$context.resourcePath $context.path $context.httpMethod $input.params('id')"
    result = send(Api().method("GET /pets/{id}", mock(template)), "GET /pets/a%20b/")
    assert result.body == b"/pets/{id} /test/pets/a%20b/ GET a%20b"


@pytest.mark.parametrize(("decoded", "seen"), [(False, "ä%2F%25 ä%2F%25 ä%2F%25"), (True, "ä/% ä/% ä/%")])
def test_path_parameters_arrive_as_the_dialect_says(decoded: bool, seen: str) -> None:
    template = "$input.params('id') $input.params().path.id $input.params().path.get('id')"
    api = Api().method("GET /pets/{id}", mock(template))
    result = send(api, "GET /pets/ä%2F%25", dialect=Dialect(decoded_path_parameters=decoded))
    assert result.body.decode() == seen


def test_a_null_result_keeps_what_a_variable_was() -> None:
    template = "#set($x = 'old')#set($x = $input.params().path.get('none'))$x"
    api = Api().method("GET /", mock(template))
    assert send(api, "GET /").body == b""
    assert send(api, "GET /", dialect=Dialect(null_results=True)).body == b"old"

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The conversion of HTTP requests to operations, and of results to responses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local_apigateway.control_plane.operations import OPERATIONS
from local_apigateway.control_plane.protocol import ApiRequest, operation_name, service_model
from unit.control_plane.plane import Plane


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


@pytest.mark.parametrize("name", service_model().operation_names)
def test_each_operation_is_found_by_its_route(name: str) -> None:
    """Each route has its placeholders filled, which shows that no route hides another one."""
    http = service_model().operation_model(name).http
    path, _unused, query = http["requestUri"].partition("?")
    filled = "/".join("value" if part.startswith("{") else part for part in path.split("/"))
    pairs = tuple(tuple(pair.split("=")) for pair in query.split("&") if pair)
    assert operation_name(ApiRequest(http["method"], filled, pairs, {}, b"")) == name


@pytest.mark.parametrize("name", sorted(set(service_model().operation_names) - OPERATIONS.keys()))
def test_an_operation_that_is_not_supported_is_501(plane: Plane, name: str) -> None:
    http = service_model().operation_model(name).http
    path, _unused, query = http["requestUri"].partition("?")
    filled = "/".join("value" if part.startswith("{") else part for part in path.split("/"))
    answer = plane.send(http["method"], filled, query)
    assert answer.status == 501
    assert json.loads(answer.body) == {"message": f"{name} is not supported by the local API Gateway"}
    assert answer.headers["X-Amzn-ErrorMessage"] == f"{name} is not supported by the local API Gateway"


def test_a_path_without_an_operation(plane: Plane) -> None:
    answer = plane.send("GET", "/unknown/path")
    assert answer.status == 404
    assert answer.headers["x-amzn-ErrorType"] == "UnknownOperationException"


def test_a_body_that_is_not_json(plane: Plane) -> None:
    for body in (b"{", b"[]", b'"text"'):
        answer = plane.send("POST", "/restapis", body=body)
        assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, "SerializationException")


def test_null_counts_as_absent(plane: Plane) -> None:
    body = json.dumps({"name": "a", "description": None, "tags": None}).encode()
    answer = plane.send("POST", "/restapis", body=body)
    assert answer.status == 201
    assert not {"description", "tags"} & json.loads(answer.body).keys()


def test_a_required_member_that_is_missing(plane: Plane) -> None:
    answer = plane.send("POST", "/restapis", body=b"{}")
    assert answer.headers["x-amzn-ErrorType"] == "ValidationException"
    assert "'createRestApiInput.name'" in json.loads(answer.body)["message"]


def test_an_arn_with_plain_slashes_is_one_parameter(plane: Plane) -> None:
    api_id = plane.CreateRestApi(name="a", tags={"k": "v"})["id"]
    for path in (
        f"arn:aws:apigateway:eu-central-1::/restapis/{api_id}",
        f"arn%3Aaws%3Aapigateway%3Aeu-central-1%3A%3A%2Frestapis%2F{api_id}",
    ):
        answer = plane.send("GET", f"/tags/{path}")
        assert json.loads(answer.body) == {"tags": {"k": "v"}}

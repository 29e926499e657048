# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The wheel: built, installed into an environment of its own, and used outside the checkout."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.aws_cli import PROGRAM, AwsCli
from integration.own_server import TRUST

ROOT = Path(__file__).resolve().parents[4]
PACKAGE = ROOT / "packages" / "local-apigateway"
BUILD_BACKEND = "flit_core==4.2.0"
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"the AWS CLI is not at {PROGRAM}")


class Installation:
    """A virtual environment with the wheel, and a directory outside the checkout to work in."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.bin = directory / "venv" / "bin"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment. The environment variables are not those of the tests."""
        return subprocess.run(
            [str(self.bin / program), *arguments],
            cwd=self.directory,
            env={"PATH": f"{self.bin}:{os.defpath}", "HOME": str(self.directory), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    directory = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip")
    download = [*pip, "download", "--quiet", "--no-deps", "--retries", "0", "--dest", str(directory), BUILD_BACKEND]
    reached = subprocess.run(download, capture_output=True, text=True, check=False)
    if reached.returncode:
        pytest.skip(f"no package index can be reached: {reached.stderr.strip().splitlines()[-1]}")
    # The wheel is built from the source distribution, so that both are complete.
    run(sys.executable, "-m", "build", "--outdir", str(directory / "dist"), str(PACKAGE))
    (wheel,) = (directory / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", str(directory / "venv"))
    python = str(directory / "venv" / "bin" / "python")
    constraints = str(ROOT / "requirements" / "constraints.txt")
    # Without bytecode, which would be compiled for much that is never imported.
    run(*pip, "--python", python, "install", "--quiet", "--no-compile", "--constraint", constraints, str(wheel))
    installation = Installation(directory)
    yield installation
    installation.run("local-apigateway", "stop")


def test_the_wheel_contains_the_package_alone(installation: Installation) -> None:
    program = """
import importlib.metadata, importlib.util
files = importlib.metadata.files("local-apigateway")
print(sorted({file.parts[0] for file in files if not file.parts[0].endswith(".dist-info")}))
print([name for name in ("ansible", "ansible_collections", "boto3", "pytest") if importlib.util.find_spec(name)])
"""
    assert installation.run("python", "-c", program).stdout == "['..', 'local_apigateway']\n['boto3']\n"


def test_an_api_built_with_the_aws_cli_responds(installation: Installation) -> None:
    version = installation.run("local-apigateway", "--version").stdout.strip()
    assert version == importlib.metadata.version("local-apigateway")
    started = installation.run("local-apigateway", "start", "--port", "0")
    assert started.returncode == 0, started.stderr
    endpoint_url = started.stdout.partition("export AWS_ENDPOINT_URL=")[2].splitlines()[0]
    aws = AwsCli(endpoint_url, installation.directory)
    aws(
        "dynamodb",
        "create-table",
        table_name="orders",
        billing_mode="PAY_PER_REQUEST",
        attribute_definitions=[{"AttributeName": "id", "AttributeType": "S"}],
        key_schema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    aws("dynamodb", "put-item", table_name="orders", item={"id": {"S": "1"}, "total": {"N": "30"}})
    role = aws("iam", "create-role", role_name="orders", assume_role_policy_document=TRUST)["Role"]["Arn"]
    statement = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    aws("iam", "put-role-policy", role_name="orders", policy_name="get", policy_document=policy)
    api_id = aws("apigateway", "create-rest-api", name="orders")["id"]
    root = aws("apigateway", "get-resources", rest_api_id=api_id)["items"][0]["id"]
    order = aws("apigateway", "create-resource", rest_api_id=api_id, parent_id=root, path_part="{id}")["id"]
    mock = {"type": "MOCK", "request_templates": {"application/json": '{"statusCode": 200}'}}
    get_item = {
        "type": "AWS",
        "integration_http_method": "POST",
        "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/GetItem",
        "credentials": role,
        "request_templates": {
            "application/json": """{"TableName": "orders", "Key": {"id": {"S": "$input.params('id')"}}}"""
        },
    }
    for resource, integration, template in (
        (root, mock, '{"stage": "$context.stage"}'),
        (order, get_item, """{"total": $input.path('$.Item.total.N')}"""),
    ):
        method = {"rest_api_id": api_id, "resource_id": resource, "http_method": "GET"}
        aws("apigateway", "put-method", **method, authorization_type="NONE")
        aws("apigateway", "put-method-response", **method, status_code="200")
        aws("apigateway", "put-integration", **method, **integration)
        templates = {"application/json": template}
        aws("apigateway", "put-integration-response", **method, status_code="200", response_templates=templates)
    aws("apigateway", "create-deployment", rest_api_id=api_id, stage_name="dev")
    url = f"{endpoint_url}/restapis/{api_id}/dev/_user_request_"
    for path, expected in (("/", {"stage": "dev"}), ("/1", {"total": 30})):
        with urllib.request.urlopen(url + path) as response:
            assert json.load(response) == expected

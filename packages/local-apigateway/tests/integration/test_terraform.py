# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Real Terraform with HashiCorp's AWS provider: created, nothing to do, changed, nothing to do, destroyed.

`../shared/terraform` beside the checkout brings both from PyPI and has the stacks. They are modules of one
configuration here, so that Terraform and the provider, which take seconds to start, start once a step.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from log_role import set_log_role

ROOT = Path(__file__).resolve().parents[4]
SHARED = ROOT.parent / "shared" / "terraform"
INSTALLED = ROOT / "build" / "terraform"
"""Kept between runs, since it has some 360 MB."""

STACKS = (
    "authorizer_cognito",
    "body_30",
    "data_sources",
    "deployment_stage",
    "documentation",
    "dynamodb",
    "gateway_response",
    "iam",
    "methods",
    "private_ids",
    "rest_api",
    "rest_api_body",
    "rest_api_body_params",
    "rest_api_min",
    "rest_api_policy",
    "stage_two_ways",
    "u_integration",
    "u_method",
    "u_stage",
    "validator_model",
)
"""What the local API Gateway has of `aws_api_gateway_*`, with DynamoDB and IAM around it."""

_TRIGGER = "the trigger is a digest of what the integration has after it was read again, as it is on AWS"
DIFFER_ANYWHERE = {
    "module.deployment_stage.aws_api_gateway_deployment.d": _TRIGGER,
    "module.deployment_stage.aws_api_gateway_stage.s": _TRIGGER,
    "module.gateway_response.aws_api_gateway_gateway_response.d": "AWS has a template where none was put (recorded)",
    "module.methods.aws_api_gateway_integration_response.ir4": "the provider replaces the integration, which loses it",
    "module.rest_api_body_params.aws_api_gateway_rest_api.a": "the provider's default against the size of the body",
    "module.rest_api_policy.aws_api_gateway_rest_api.a": "AWS returns execute-api:/* as the ARN of the API",
    "module.authorizer_cognito.aws_cognito_user_pool.p": "MiniStack returns an empty account recovery setting",
    "module.u_method.aws_cognito_user_pool.p": "the same",
    "module.u_method.aws_cognito_user_pool.q": "the same",
}
"""Resources for which Terraform plans a change each time, and why."""

_PLANNED = re.compile(r"^  # (module\.\S+) (?:will|must) be ", re.MULTILINE)

Terraform = Callable[..., subprocess.CompletedProcess[str]]


def installed() -> Path:
    """Return where Terraform and the provider are, installed if need be; skip where they cannot be had."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/terraform beside the checkout")
    if not (INSTALLED / "env.sh").exists():
        install = ["bash", str(SHARED / "install.sh"), str(INSTALLED)]
        try:
            subprocess.run(install, capture_output=True, text=True, timeout=300, check=True)
        except subprocess.SubprocessError as error:
            pytest.skip(f"Terraform cannot be installed from PyPI: {error}")
        for unused in ("dl", "plugins/registry.terraform.io/hashicorp/aws/2.70.0"):
            shutil.rmtree(INSTALLED / unused)
    return INSTALLED


def write_configuration(directory: Path, endpoint: str, account: str) -> None:
    """Write the stacks as modules of one configuration for an account."""
    given = runpy.run_path(str(SHARED / "stacks.py"))
    endpoints = "\n".join(f'    {service} = "{endpoint}"' for service in given["SERVICES"])
    provider = given["PROVIDER"] % {"ver": "3.39.0", "eps": endpoints}
    assert 'access_key = "test"' in provider
    root = [provider.replace('access_key = "test"', f'access_key = "{account}"')]
    for name in STACKS:
        (directory / name).mkdir()
        (directory / name / "main.tf").write_text('variable "v" {}\n' + given["S"][name])
        root.append(f'module "{name}" {{\n  source = "./{name}"\n  v = var.v\n}}\n')
    (directory / "main.tf").write_text("".join(root))


@pytest.fixture
def account(local_aws: Any) -> str:
    """Return an account whose API Gateway can write logs. Stages with access logs need that."""
    account_id = "565656565656"
    iam, apigateway = (local_aws.client(service, access_key=account_id) for service in ("iam", "apigateway"))
    set_log_role(iam, apigateway)
    return account_id


@pytest.fixture
def terraform(tmp_path: Path, local_aws: Any, account: str) -> Terraform:
    """Terraform in a directory with the stacks."""
    tools = installed()
    write_configuration(tmp_path, local_aws.endpoint_url, account)
    environment = {
        "PATH": f"{tools / 'bin'}:{os.defpath}",
        "HOME": str(tmp_path),
        "TF_CLI_CONFIG_FILE": str(tools / "terraformrc"),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

    def run(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["terraform", command, "-no-color", *arguments],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )

    return run


def test_terraform_finds_nothing_to_do_after_each_change(local_aws: Any, account: str, terraform: Terraform) -> None:
    done(terraform("init"))
    for version in ([], ["-var=v=2"]):  # the default is a number, which `-var=v=1` is not
        done(terraform("apply", "-auto-approve", *version))
        planned = done(terraform("plan", *version))
        differing = [address for address in _PLANNED.findall(planned) if address not in DIFFER_ANYWHERE]
        assert differing == [], planned[planned.index("Terraform will perform") :]
    done(terraform("destroy", "-auto-approve", "-var=v=2"))
    assert local_aws.client("apigateway", access_key=account).get_rest_apis()["items"] == []


def done(command: subprocess.CompletedProcess[str]) -> str:
    """Return what a command printed; fail with its errors where it failed."""
    if command.returncode:
        _progress, _error, errors = command.stdout.partition("Error:")
        pytest.fail(f"{command.args}: {errors or command.stdout}", pytrace=False)
    return command.stdout

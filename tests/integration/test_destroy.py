# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""destroy.yml deletes an API after a confirmation, tables only on request, and reports all errors before that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integration.two_versions import Site
from playbooks import EXAMPLE_FILE, ROOT, Run, run_playbook

MEANT = {"service_proxy_confirm_destroy": "example"}
TABLES = {"service_proxy_destroy_tables": True}
ITEMS = {"service_proxy_destroy_items": True}


class Example:
    """The example, deployed to a new account."""

    def __init__(self, local_aws: Any, directory: Path) -> None:
        self.site = Site(local_aws)
        self._build = str(directory)
        assert self.run("deploy").rc == 0

    def run(self, playbook: str, *, check: bool = False, **extra: Any) -> Run:
        variables = {"stage": "prod", "api": EXAMPLE_FILE, "service_proxy_build_directory": self._build, **extra}
        return run_playbook(
            ROOT / f"playbooks/{playbook}.yml",
            self.site.local_aws.endpoint_url,
            variables,
            check=check,
            environment={"AWS_ACCESS_KEY_ID": self.site.id},
        )

    def url(self) -> str:
        """Return the URL of the stage."""
        (api,) = self.site.client("apigateway").get_rest_apis()["items"]
        return f"{self.site.local_aws.endpoint_url}/restapis/{api['id']}/prod/_user_request_"

    def there(self) -> set[str]:
        """Return the existing resources of the example."""
        apis = [f"api {api['name']}" for api in self.site.client("apigateway").get_rest_apis()["items"]]
        tables = [f"table {name}" for name in self.site.client("dynamodb").list_tables()["TableNames"]]
        roles = [f"role {role['RoleName']}" for role in self.site.client("iam").list_roles()["Roles"]]
        return {*apis, *tables, *roles}


ALL = {"api example", "table example", "role example-dynamodb-eu-central-1"}


@pytest.fixture
def example(local_aws: Any, tmp_path: Path) -> Example:
    return Example(local_aws, tmp_path)


def test_it_asks_for_confirmation_and_names_what_is_lost(example: Example) -> None:
    predicted = example.run("destroy", check=True)
    assert (predicted.rc, predicted.recap["changed"] > 0) == (0, True)
    assert "Would delete of example, stage prod, in account" in predicted.stdout and "Deleted" not in predicted.stdout
    for said in ({}, {"service_proxy_confirm_destroy": "other"}):
        run = example.run("destroy", **TABLES, **ITEMS, **said)
        assert (run.rc != 0, run.recap["changed"], example.there()) == (True, 0, ALL)
        for expected in (
            "-e service_proxy_confirm_destroy=example",
            f"in account {example.site.id}, Region eu-central-1",
            f"stage prod ({example.url()})",
            "table example (about 3 items)",
        ):
            assert expected in run.stdout

    done = example.run("destroy", **MEANT)
    assert (done.rc, example.there()) == (0, {"table example"})
    assert f"Deleted of example, stage prod, in account {example.site.id}, Region eu-central-1" in done.stdout
    assert "stays: table example (about 3 items, deleted only if asked for)" in done.stdout
    again = example.run("destroy")
    assert (again.rc, again.recap["changed"]) == (0, 0)
    assert "Nothing to delete of example, stage prod" in again.stdout


def test_a_stage_that_does_not_exist_is_an_error(example: Example) -> None:
    run = example.run("destroy", stage="pord", **MEANT, **TABLES, **ITEMS)
    assert (run.rc != 0, run.recap["changed"], example.there()) == (True, 0, ALL)
    assert "its stages: prod" in run.stdout


def test_everything_in_the_way_is_reported_before_anything_is_deleted(example: Example) -> None:
    policy = '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    example.site.client("iam").put_role_policy(
        RoleName="example-dynamodb-eu-central-1", PolicyName="of-others", PolicyDocument=policy
    )
    run = example.run("destroy", **MEANT, **TABLES)
    assert (run.rc != 0, run.recap["changed"], example.there()) == (True, 0, ALL)
    assert "-e service_proxy_destroy_items=true" in run.stdout and "of-others" in run.stdout
    assert "Nothing was deleted." in run.stdout


def test_of_another_stage_nothing_else_is_deleted(example: Example) -> None:
    deployed = example.run("deploy", stage="other")
    assert deployed.rc == 0, deployed.stdout
    done = example.run("destroy", stage="other", **MEANT, **TABLES, **ITEMS)
    assert (done.rc, example.there()) == (0, ALL)
    assert "stays: REST API example" in done.stdout and "needed by the stage prod" in done.stdout


def test_a_throttled_deletion_is_retried(example: Example) -> None:
    too_many = {"fault": "error", "status": 429, "code": "TooManyRequestsException", "message": "Too Many Requests"}
    example.site.rehearse({"operation": "apigateway:DeleteRestApi", "call": 1, **too_many})
    done = example.run("destroy", **MEANT)
    assert (done.rc, example.there()) == (0, {"table example"})

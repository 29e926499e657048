# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several accounts and Regions as hosts of an inventory, with `serial` and `max_fail_percentage` of Ansible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from integration.two_versions import Site
from playbooks import ROOT, Run, run_playbook

TARGETS = ROOT / "playbooks/examples/targets"
REFUSED = {"fault": "error", "status": 403, "code": "AccessDeniedException", "message": "Not allowed"}


class Targets:
    """Return the accounts of the profiles in the inventory of the example."""

    def __init__(self, local_aws: Any, directory: Path) -> None:
        self.test, self.prod = Site(local_aws), Site(local_aws)
        self._directory = directory
        self._profiles = directory / "credentials"
        self._profiles.write_text(
            "".join(
                f"[{name}]\naws_access_key_id = {site.id}\naws_secret_access_key = no-secret-at-all\n"
                for name, site in (("shop-test", self.test), ("shop-prod", self.prod))
            ),
            encoding="utf-8",
        )

    def deploy(self, playbook: str | Path = TARGETS / "deploy.yml", *, check: bool = False) -> Run:
        build = f"{self._directory}/{{{{ inventory_hostname }}}}"
        return run_playbook(
            playbook,
            self.test.local_aws.endpoint_url,
            {"service_proxy_build_directory": build, "api": "playbooks/vars/example.yml"},
            check=check,
            environment={
                "ANSIBLE_INVENTORY": str(TARGETS / "inventory.yml"),
                "AWS_SHARED_CREDENTIALS_FILE": str(self._profiles),
                "AWS_ACCESS_KEY_ID": "",
                "AWS_SECRET_ACCESS_KEY": "",
                "AWS_REGION": "",
            },
        )

    def deployed(self) -> list[str]:
        """Return the targets that have a stage."""
        places = {
            "test_frankfurt": (self.test, "eu-central-1"),
            "prod_frankfurt": (self.prod, "eu-central-1"),
            "prod_ireland": (self.prod, "eu-west-1"),
        }
        return [name for name, (site, region) in places.items() if self._stages(site, region)]

    def _stages(self, site: Site, region: str) -> list[str]:
        gateway = site.local_aws.client("apigateway", region=region, access_key=site.id)
        apis = gateway.get_rest_apis()["items"]
        return [stage["stageName"] for api in apis for stage in gateway.get_stages(restApiId=api["id"])["item"]]

    def told(self, host: str) -> dict[str, Any]:
        """Return the outputs in the report of a target."""
        (path,) = (self._directory / host).glob("example/*/outputs.json")
        return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture
def targets(local_aws: Any, tmp_path: Path) -> Targets:
    return Targets(local_aws, tmp_path)


def test_each_target_is_reached_by_its_own_profile_and_region(targets: Targets) -> None:
    predicted = targets.deploy(check=True)
    assert (predicted.rc, targets.deployed()) == (0, []), predicted.stdout
    first = targets.deploy()
    assert (first.rc, targets.deployed()) == (0, ["test_frankfurt", "prod_frankfurt", "prod_ireland"]), first.stdout
    arns = [targets.told(name)["role_arn"] for name in ("test_frankfurt", "prod_frankfurt", "prod_ireland")]
    assert arns == [
        f"arn:aws:iam::{site.id}:role/example-dynamodb-{region}"
        for site, region in (
            (targets.test, "eu-central-1"),
            (targets.prod, "eu-central-1"),
            (targets.prod, "eu-west-1"),
        )
    ]
    again = targets.deploy()
    assert (again.rc, again.recap["changed"]) == (0, 0)


def test_one_after_the_other_the_first_that_fails_is_the_last(targets: Targets) -> None:
    targets.prod.rehearse({"operation": "apigateway:ImportRestApi", "call": 1, **REFUSED})
    run = targets.deploy()
    assert (run.rc != 0, targets.deployed(), run.recap["failures"]) == (True, ["test_frankfurt"], 1)
    assert "AccessDeniedException" in run.stdout
    finished = targets.deploy()
    assert (finished.rc, len(targets.deployed())) == (0, 3), finished.stdout


def test_all_at_once_one_that_fails_holds_up_no_other(targets: Targets) -> None:
    text = (TARGETS / "deploy.yml").read_text(encoding="utf-8")
    at_once = text.replace("  serial: 1\n  max_fail_percentage: 0\n", "")
    assert at_once != text
    targets.test.rehearse({"operation": "apigateway:ImportRestApi", "call": 1, **REFUSED})
    run = targets.deploy(at_once)
    assert (run.rc != 0, targets.deployed(), run.recap["failures"]) == (True, ["prod_frankfurt", "prod_ireland"], 1)

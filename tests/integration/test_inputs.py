# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The inputs of playbooks and role: which variables they accept, and from which sources."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from convergence import new_account_id
from playbooks import EXAMPLE_FILE, ROOT

SHOP = """\
service_proxy_name: shop
service_proxy_tables: [{name: shop, hash_key: id, attributes: {id: S}}]
service_proxy_routes: [{route: "GET /{id}", action: GetItem}]
"""
EVERY_STEP = ("main", "verify", "rollback", "promote", "canary", "destroy")


@dataclass
class Shell:
    """A working directory of a user, and an empty account."""

    aws: Any
    account: str
    directory: Path

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def play(self, playbook: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run a playbook of the checkout, or one of this directory, and return its exit code and output."""
        path = ROOT / playbook if (ROOT / playbook).exists() else self.directory / playbook
        variables = {
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "HOME": str(self.directory),
            "LANG": "C.UTF-8",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "AWS_ENDPOINT_URL": self.aws.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "eu-central-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        }
        run = subprocess.run(
            [Path(sys.executable).with_name("ansible-playbook"), path, *arguments],
            cwd=self.directory,
            env={name: value for name, value in variables.items() if value},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout

    def refused(self, playbook: str, *arguments: str) -> str:
        """Run a playbook that must fail before it creates anything, and return its output."""
        code, printed = self.play(playbook, *arguments)
        assert (code != 0, self.apis()) == (True, []), printed
        return printed

    def apis(self) -> list[str]:
        return [api["name"] for api in self.client("apigateway").get_rest_apis()["items"]]

    def client(self, service: str) -> Any:
        return self.aws.client(service, access_key=self.account)


@pytest.fixture
def shell(local_aws: Any, tmp_path: Path) -> Shell:
    return Shell(local_aws, new_account_id(), tmp_path)


def test_what_the_inventory_describes_is_deployed(shell: Shell) -> None:
    shell.write("hosts.yml", "prod: {hosts: {shop_prod: {}}}\n")
    shell.write("group_vars/prod.yml", SHOP)
    code, printed = shell.play("playbooks/deploy.yml", "-i", "hosts.yml", "-e", "stage=prod targets=prod")
    assert (code, shell.apis()) == (0, ["shop"]), printed
    assert (shell.directory / "build/shop_prod/shop/prod/outputs.json").exists()
    line = f"shop_prod: REST API shop, stage prod, account {shell.account}, Region eu-central-1, "
    assert f"{line}described in group_vars/prod.yml" in printed
    code, printed = shell.play("deploy.yml", "-i", "hosts.yml", "-e", "stage=prod targets=prod")
    assert (code, shell.apis()) == (0, ["shop"]), printed
    assert "changed=0" in printed


def test_a_file_of_extra_variables_is_the_whole_description(shell: Shell) -> None:
    shell.write("my.yml", SHOP.replace("shop", "example"))
    code, printed = shell.play("deploy.yml", "-e", "@my.yml", "-e", "stage=prod")
    assert (code, shell.apis()) == (0, ["example"]), printed
    assert shell.client("dynamodb").scan(TableName="example")["Count"] == 0  # nothing of the example's items
    assert "described in my.yml" in printed


@pytest.mark.parametrize("step", ["deploy", "plan", "verify", "canary", "rollback", "promote", "destroy"])
def test_without_a_description_nothing_is_done(shell: Shell, step: str) -> None:
    given = "stage=prod percent=10 from=test to=prod"
    printed = shell.refused(f"playbooks/{step}.yml", "-e", given)
    assert "Nothing describes an API for the host localhost." in printed
    assert "-e api=path/to/api.yml" in printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-e", "aip=x.yml"], "- aip (-e on the command line): did you mean api?"),
        (["-e", "file=x.yml"], "- file (-e on the command line)"),
        (["-e", "service_proxy_nmae=shop"], "- service_proxy_nmae (-e on the command line): did you mean"),
        (["-i", "web1,web2,"], "- there is an inventory, with web1, web2"),
    ],
)  # fmt: skip
def test_the_example_takes_the_place_of_no_other_description(shell: Shell, arguments: list[str], told: str) -> None:
    assert told in shell.refused("deploy.yml", "-e", "stage=prod", *arguments)


def test_a_file_that_does_not_exist_is_named_with_the_directory(shell: Shell) -> None:
    printed = shell.refused("deploy.yml", "-e", "stage=prod api=apis/shop.yml")
    assert f"the file {shell.directory}/apis/shop.yml does not exist" in printed
    assert f"starts at the working directory, {shell.directory}." in printed


def test_two_sources_are_both_named(shell: Shell) -> None:
    shell.write("group_vars/all.yml", SHOP)
    shell.write("hosts.yml", "prod: {hosts: {shop_prod: {}}}\n")
    for given, first in (
        (f"api={ROOT / EXAMPLE_FILE}", f"api={ROOT / EXAMPLE_FILE}"),
        ("service_proxy_name=other", "-e (service_proxy_name)"),
    ):
        printed = shell.refused("deploy.yml", "-i", "hosts.yml", "-e", "stage=prod targets=prod", "-e", given)
        assert f"Two sources describe an API: {first}, and group_vars/all.yml" in printed


def test_a_misspelled_variable_of_a_playbook_is_an_error(shell: Shell) -> None:
    shell.write("my.yml", SHOP + "regions: [for the author alone]\n")
    printed = shell.refused("deploy.yml", "-e", "@my.yml", "-e", "stage=prod targest=prod at_onec=1")
    assert "- targest (-e on the command line): did you mean targets?" in printed
    assert "- at_onec (-e on the command line): did you mean at_once?" in printed
    assert "regions" not in printed


@pytest.mark.parametrize("step", EVERY_STEP)
def test_a_misspelled_variable_of_the_role_is_an_error_at_every_entry_point(shell: Shell, step: str) -> None:
    required = {"service_proxy_promote_from": "test", "service_proxy_canary": {"percent_traffic": 1}}
    play: dict[str, Any] = {"hosts": "all", "connection": "local", "gather_facts": False, "vars": required}
    role = {"name": "codeless.apigateway.service_proxy", "tasks_from": step}
    play["tasks"] = [
        {"ansible.builtin.set_fact": {"service_proxy_authoriser": {}}},
        {"ansible.builtin.import_role": role},
    ]
    shell.write("play.yml", yaml.safe_dump([play]))
    shell.write("group_vars/all.yml", f"{SHOP}service_proxy_stage: prod\nservice_proxy_cros: false\n")
    printed = shell.refused("play.yml", "-i", "one,", "-e", "service_proxy_permission_boundary=x")
    assert "- service_proxy_authoriser (play.yml:" in printed and "did you mean service_proxy_authorizers?" in printed
    assert "- service_proxy_cros (group_vars/all.yml:5): did you mean service_proxy_cors?" in printed
    assert "- service_proxy_permission_boundary (-e on the command line): did you mean" in printed


def test_every_variable_of_the_playbooks_is_known() -> None:
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.api_description import (
        PLAYBOOK_VARIABLES,
    )

    patterns = ROOT / "extensions/patterns/dynamodb_rest_api/playbooks"
    texts = [
        path.read_text(encoding="utf-8") for path in [*(ROOT / "playbooks").glob("*.yml"), *patterns.glob("*[!a].yml")]
    ]
    documented = {name for text in texts for name in re.findall(r"^#   -e (\w+)=", text, re.MULTILINE)}
    taken = {name for text in texts for name in re.findall(r"\b(\w+) \| (?:mandatory|default)\(", text)}
    own = {name for name in documented | taken if not name.startswith("service_proxy_")}
    assert own - PLAYBOOK_VARIABLES == set()
    assert PLAYBOOK_VARIABLES - own <= {"full"}


def test_the_names_of_the_roles_variables_are_those_of_its_argument_specs() -> None:
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.role_variables import (
        PUBLISHED,
        known_names,
    )

    role = ROOT / "roles/service_proxy"
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    options = {name for entry in specs.values() for name in entry["options"]}
    variables = set(yaml.safe_load((role / "vars/main.yml").read_text(encoding="utf-8")))
    assert known_names() == options | variables | PUBLISHED


def test_a_name_that_is_a_path_stays_below_the_build_directory(shell: Shell) -> None:
    shell.write("evil/prod/mine.txt", "mine")
    shell.write("evil.yml", SHOP.replace("_name: shop", "_name: ../evil"))
    code, printed = shell.play("deploy.yml", "-e", "stage=prod api=evil.yml")
    assert (code, shell.apis()) == (0, ["../evil"]), printed
    (build,) = (shell.directory / "build").iterdir()
    assert build.name.startswith("evil-") and (build / "prod/outputs.json").is_file()
    (role,) = shell.client("iam").list_roles()["Roles"]
    assert re.fullmatch(r"[\w+=,.@-]{1,64}", role["RoleName"])
    (build / "prod/mine.txt").write_text("mine", encoding="utf-8")
    confirmed = "stage=prod api=evil.yml service_proxy_confirm_destroy=../evil"
    code, printed = shell.play("playbooks/destroy.yml", "-e", confirmed)
    assert (code, shell.apis()) == (0, []), printed
    assert [path.name for path in (build / "prod").iterdir()] == ["mine.txt"]
    assert (shell.directory / "evil/prod/mine.txt").is_file()


def test_a_plan_begins_with_the_stages_that_share_the_tables(shell: Shell) -> None:
    shell.write("shop.yml", SHOP)
    code, printed = shell.play("playbooks/deploy.yml", "-e", "stage=prod api=shop.yml")
    assert code == 0 and "same tables" not in printed, printed
    code, printed = shell.play("playbooks/plan.yml", "-e", "stage=dev api=shop.yml")
    assert code == 0, printed
    first, second = [line for line in printed.splitlines() if line.startswith("localhost: ")][:2]
    assert first.startswith(f"localhost: REST API shop, stage dev, account {shell.account}, Region eu-central-1, ")
    assert second.startswith("localhost: stage prod of this API serves from the same tables (shop)")


def test_with_the_stage_in_their_names_nothing_is_shared(shell: Shell) -> None:
    page = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    recipe = re.search(r"^```yaml\n(service_proxy_name: orders-\{\{ stage \}\}\n.*?)^```$", page, re.M | re.S)
    assert recipe
    shell.write("orders.yml", recipe[1])
    for stage in ("dev", "prod"):
        code, printed = shell.play("deploy.yml", "-e", f"stage={stage} api=orders.yml")
        assert code == 0 and "same tables" not in printed, printed
    assert sorted(shell.apis()) == ["orders-dev", "orders-prod"]
    assert shell.client("dynamodb").list_tables()["TableNames"] == ["orders-dev", "orders-prod"]
    code, printed = shell.play("playbooks/plan.yml", "-e", "stage=prod api=orders.yml")
    assert code == 0 and "same tables" not in printed and "changed=0" in printed, printed


STAGE_INFO = "[{hosts: localhost, gather_facts: false, tasks: [{codeless.apigateway.stage_info: {api_name: shop}}]}]"


def test_a_profile_and_keys_at_once_are_explained(shell: Shell) -> None:
    shell.write("play.yml", STAGE_INFO)
    shell.write("config", "[profile shop-prod]\nregion = eu-central-1\n")
    code, printed = shell.play("play.yml", AWS_PROFILE="shop-prod", AWS_CONFIG_FILE=str(shell.directory / "config"))
    assert code != 0
    assert 'The profile "shop-prod" (option `profile`, or AWS_PROFILE) and keys (access_key, secret_key: ' in printed
    assert "env -u AWS_PROFILE ansible-playbook" in printed


def test_that_amazon_aws_is_missing_is_one_line(shell: Shell) -> None:
    shell.write("play.yml", STAGE_INFO)
    code, printed = shell.play("play.yml", ANSIBLE_COLLECTIONS_SCAN_SYS_PATH="false")
    assert code != 0
    (line,) = [line for line in printed.splitlines() if "amazon" in line]
    assert line.startswith("[ERROR]: codeless.apigateway needs the collection amazon.aws, version 10 or 11")
    assert "Traceback" not in printed and "bug" not in printed


def test_a_home_that_cannot_be_written_is_no_obstacle_where_ansible_has_a_home(shell: Shell) -> None:
    shell.write("shop.yml", SHOP)
    elsewhere = {"HOME": "/proc/no-home", "ANSIBLE_HOME": str(shell.directory / "ansible")}
    code, printed = shell.play("deploy.yml", "-e", "stage=prod api=shop.yml", **elsewhere)
    assert (code, shell.apis()) == (0, ["shop"]), printed


def test_binary_items_of_a_description_are_written_as_binary(shell: Shell) -> None:
    shell.write("shop.yml", f"{SHOP}service_proxy_items: {{shop: [{{id: a, raw: !!binary AAH/}}]}}\n")
    for changes in ("changed=1", "changed=0"):
        code, output = shell.play("deploy.yml", "-e", "stage=prod", "-e", "api=shop.yml")
        assert code == 0, output
        assert changes in output
    (item,) = shell.aws.client("dynamodb", access_key=shell.account).scan(TableName="shop")["Items"]
    assert item == {"id": {"S": "a"}, "raw": {"B": b"\x00\x01\xff"}}

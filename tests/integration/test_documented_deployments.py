# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The examples of the README and of docs/from-terraform.md deploy, and return the responses that the pages show."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from convergence import new_account_id
from integration.compiler.deployed import Api
from integration.test_recipes import check_answer, message, send
from playbooks import ROOT, run_playbook

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fences(page: str, language: str) -> list[str]:
    """Return the code blocks of a language on a page."""
    found = _FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    return [text for name, text in found if name == language]


def deployed(local_aws: Any, variables: str, directory: Path) -> Api:
    """Deploy variables like their page, in a new account. Assert that a second run changes nothing."""
    described = directory / "api.yml"
    described.write_text(variables, encoding="utf-8")
    given = {"stage": "dev", "api": str(described), "service_proxy_build_directory": str(directory / "build")}
    account = {"AWS_ACCESS_KEY_ID": new_account_id()}
    runs = [run_playbook(ROOT / "deploy.yml", local_aws.endpoint_url, given, environment=account) for _i in range(2)]
    assert [(run.rc, bool(run.recap["changed"])) for run in runs] == [(0, True), (0, False)], runs[0].stdout
    (outputs,) = (directory / "build").glob("*/dev/outputs.json")
    return Api(json.loads(outputs.read_text(encoding="utf-8"))["invoke_url"])


def test_the_way_in_from_terraform(local_aws: Any, tmp_path: Path) -> None:
    *pieces, whole = fences("docs/from-terraform.md", "yaml")
    for piece in map(yaml.safe_load, pieces):
        assert piece.items() <= yaml.safe_load(whole).items()
    api = deployed(local_aws, whole, tmp_path)
    messages = [message(text) for text in fences("docs/from-terraform.md", "http")]
    assert len(messages) == 4
    for request, answer in zip(messages[::2], messages[1::2], strict=True):
        check_answer(answer, send(api, request))


def test_the_readme(local_aws: Any, tmp_path: Path) -> None:
    (variables,) = fences("README.md", "yaml")
    api = deployed(local_aws, variables, tmp_path)
    (console,) = fences("README.md", "console")
    lines = console.splitlines()
    assert len(lines) == 6
    for command, answer in zip(lines[::2], lines[1::2], strict=True):
        assert asked(api, command) == json.loads(answer)


def asked(api: Api, command: str) -> Any:
    """Return the JSON that a curl command gets. Its URL begins with `…`; the options -X, -H and -d are supported."""
    prompt, curl, *words = shlex.split(command)
    assert (prompt, curl) == ("$", "curl")
    (path,) = (word[1:] for word in words if word.startswith("…"))
    options = dict(pairwise(words))
    headers = dict([options["-H"].split(": ")]) if "-H" in options else {}
    body = options["-d"].encode() if "-d" in options else None
    return api.request(options.get("-X", "GET"), path, headers=headers, body=body).json


@pytest.mark.parametrize("command", ["wget …/orders", "$ curl /orders"])
def test_only_what_is_known_is_asked(command: str) -> None:
    with pytest.raises((AssertionError, ValueError)):
        asked(Api("http://127.0.0.1:9"), command)

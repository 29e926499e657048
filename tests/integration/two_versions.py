# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An API in two versions that differ in template, permission and stage variable, so that half a change is visible.

`GET /chosen` gets, with the old version, the item `a` by GetItem; with the new one, the item `b` by Query. Which item
is a stage variable's, what it looks like is the template's, and whether it comes at all is the role's.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import boto3
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy
from ansible_collections.codeless.apigateway.plugins.modules.service_proxy import SPEC
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from botocore.config import Config

from convergence import Account, new_account_id
from playbooks import ROOT

_TEMPLATES = [ROOT / "roles/service_proxy/templates/vtl"]
_TABLE = {"name": "things", "hash_key": "id", "attributes": {"id": "S"}}
_COMPILED = ("name", "stage", "tables", "routes")
_ROUTE = {"route": "GET /chosen", "key": {"id": "stage.chosen"}}
_PATIENCE = 60.0
_PROCESSES = get_context("forkserver")  # a fork of this process would hold what its threads hold

OLD_ANSWER = {"id": "a"}
NEW_ANSWER = {"items": [{"id": "b"}], "count": 1}


def declared(**differing: Any) -> dict[str, Any]:
    """Return the options of the module service_proxy."""
    return {
        "name": "things",
        "stage": "prod",
        "role_name": "things",
        "tables": [_TABLE],
        "items": {"things": [{"id": "a"}, {"id": "b"}]},
        **differing,
    }


OLD = declared(routes=[{**_ROUTE, "action": "GetItem"}], stage_variables={"chosen": "a"})
NEW = declared(routes=[{**_ROUTE, "action": "Query"}], stage_variables={"chosen": "b"})


def params(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that the module passes to its resource, with the compiled routes."""
    compiled = compile_api({name: options[name] for name in _COMPILED}, _TEMPLATES)
    members = {name: getattr(compiled, name) for name in ("definition", "policy", "expectations")}
    checked = ArgumentSpecValidator(SPEC["argument_spec"]).validate({**options, "compiled": members})
    assert not checked.error_messages, checked.error_messages
    return dict(checked.validated_parameters)


@dataclass
class Site:
    """An account of the local AWS, and the API in it."""

    local_aws: Any
    id: str = field(default_factory=new_account_id)

    def client(self, service: str) -> Any:
        return self.local_aws.client(service, access_key=self.id)

    @property
    def account(self) -> Account:
        """Return the account with a separate record of calls."""
        return Account(self.client)

    def settle(self, options: Mapping[str, Any]) -> Any:
        """Predict, deploy and deploy again."""
        return self.account.settle(_service_proxy.planned, params(options))

    def url(self) -> str:
        (api,) = [api for api in self.client("apigateway").get_rest_apis()["items"] if api["name"] == "things"]
        return f"{self.local_aws.invoke_url(api['id'], 'prod')}/chosen"

    def answer(self) -> Any:
        return ask(self.url())[1]

    def rehearse(self, *faults: Mapping[str, Any]) -> None:
        """Replace the rehearsed faults of the account. Without arguments, remove them."""
        self._own("rehearsal", "PUT" if faults else "DELETE", {"faults": list(faults)} if faults else None)

    def rehearsal(self) -> dict[str, Any]:
        return dict(self._own("rehearsal"))

    def calls(self) -> list[str]:
        """Return the calls in the account so far, in their order."""
        return list(self._own("calls")["calls"])

    def _own(self, path: str, method: str = "GET", document: Any = None) -> Any:
        url = f"{self.local_aws.endpoint_url}/_local_aws/{path}?account={self.id}"
        body = None if document is None else json.dumps(document).encode()
        with urllib.request.urlopen(urllib.request.Request(url, method=method, data=body)) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def ask(url: str) -> tuple[int, Any]:
    """Send a GET request. Return status and JSON."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@contextmanager
def watched(url: str, clients: int = 1) -> Iterator[list[tuple[int, Any]]]:
    """Send requests without pause from several threads during the block. Return the list of responses, which grows."""
    answers: list[tuple[int, Any]] = []
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            answers.append(ask(url))

    threads = [threading.Thread(target=keep_asking) for _number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def deploy_until_killed(site: Site, options: Mapping[str, Any], operation: str, call: int = 1) -> None:
    """Deploy in a separate process, and kill it after a call was executed and before its response arrived."""
    site.rehearse({"operation": operation, "call": call, "fault": "halt", "after": True})
    process = _PROCESSES.Process(target=_deploy, args=(site.local_aws.endpoint_url, site.id, params(options)))
    process.start()
    until_halted(site, process.is_alive)
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    site.rehearse()


def until_halted(site: Site, is_alive: Any) -> None:
    """Wait until the rehearsed fault halts the run."""
    deadline = time.monotonic() + _PATIENCE
    while not site.rehearsal()["halted"]:
        assert is_alive(), "the run ended before the call that it was to be killed after"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _deploy(endpoint_url: str, account_id: str, options: dict[str, Any]) -> None:
    session = boto3.Session(account_id, "test", region_name="eu-central-1")
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"})
    aws = Aws(lambda service: session.client(service, endpoint_url=endpoint_url, config=config))
    converge(aws, _service_proxy.planned, options, check_mode=False)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every recipe of docs/recipes.md on an AWS that is as slow as AWS can be, in real time and side by side.

Each recipe has an account and a thread. So all of them together take about as long as the slowest one: a role takes 20
seconds, and reads are 5 seconds behind.
"""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from convergence import new_account_id
from integration.compiler.deployed import Api
from integration.gateway.user_pool import ACCOUNT
from integration.test_recipes import PAGE, Recipe, carry_out_steps, recipes, signed_in
from smoke.sides import STAGE, options
from unit.compiler.specs import Json

SLOW = {
    "stale_reads": {"apigateway": 5, "iam": 5},
    "role_delay": 20,
    "policy_delay": 10,
    "import_warnings": True,
    "null_results": True,
    "decoded_path_parameters": True,
}
PROBE = "/slow-aws-probe"
ADDED = "/slow-aws-added"
CHANGED = ("Get one item, or 404", "Write many items in a batch")
"""Recipes that are changed, with a new permission, and rolled back."""
REMOVED = ("Query the items of one key", "Items that expire")
"""Recipes that are deployed once more right after they were destroyed."""


@dataclass
class SlowAccount:
    """An account of a slow AWS. `shown` are the lines that runs have reported, `clients` are shared by them."""

    local_aws: Any
    making: threading.Lock
    id: str = field(default_factory=new_account_id)
    shown: list[str] = field(default_factory=list)
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        if service not in self.clients:
            with self.making:  # a session of boto3 must not make two clients at once
                self.clients[service] = self.local_aws.client(service, access_key=self.id)
        return self.clients[service]

    def invoke_url(self, api_id: str, stage: str) -> str:
        return str(self.local_aws.invoke_url(api_id, stage))

    def run(self, resource: Any, params: Mapping[str, Any]) -> Json:
        """Run a resource as a module does, with real pauses, and return its result."""
        aws = Aws(self.client, report=self.shown.append)
        return converge(aws, resource, dict(params), check_mode=False).as_result()

    def deploy(self, params: Json) -> Json:
        return self.run(_service_proxy.planned, params)

    def destroy(self, params: Json) -> None:
        self.deploy({**params, "state": "absent", "delete_tables": True, "delete_items": True})

    def leftovers(self) -> list[Any]:
        apis = self.client("apigateway").get_rest_apis()["items"]
        roles = self.client("iam").list_roles()["Roles"]
        return [*apis, *roles, *self.client("dynamodb").list_tables()["TableNames"]]


def probed(variables: Json) -> Json:
    """Return the variables with a route that expects a response, so that a deployment waits for its role."""
    table = variables["service_proxy_tables"][0]["name"]
    route = {"route": f"GET {PROBE}", "action": "Scan", "table": table, "count_only": True, "expect": {"status": 200}}
    if "service_proxy_auth" in variables:  # the draft gets no requests of callers
        route["auth"] = "none"
    return {
        **variables,
        "service_proxy_routes": [*variables["service_proxy_routes"], route],
        "service_proxy_fail_on_warnings": False,  # each import has one
    }


def changed(variables: Json) -> Json:
    """Return the variables with one more route, which needs a permission of its own."""
    table = variables["service_proxy_tables"][0]
    key = {table["hash_key"]: {"value": "none"}}
    route = {"route": f"GET {ADDED}", "action": "Query", "table": table["name"], "key": key, "expect": {"status": 200}}
    return {**variables, "service_proxy_routes": [*variables["service_proxy_routes"], route]}


@contextmanager
def watched(api: Api) -> Iterator[set[int]]:
    """Send the probe five times a second as long as the block takes; give the statuses of the responses."""
    statuses: set[int] = set()
    over = threading.Event()

    def keep_sending() -> None:
        while not over.wait(0.2):
            statuses.add(api.get(PROBE).status)

    thread = threading.Thread(target=keep_sending)
    thread.start()
    try:
        yield statuses
    finally:
        over.set()
        thread.join()


def live(account: SlowAccount, recipe: Recipe) -> None:
    """Deploy a recipe, deploy it again at once, carry its steps out, and destroy it."""
    variables = probed(recipe.variables)
    params = options("recipe", variables)
    api = Api(account.deploy(params)["invoke_url"])
    assert any("Not ready yet: 500 in" in line for line in account.shown), account.shown
    assert account.deploy(params)["calls"] == []
    carry_out_steps(account, api, recipe)
    if recipe.title in CHANGED:
        change_and_go_back(account, options("recipe", changed(variables)), api)
    account.destroy(params)
    assert account.leftovers() == []
    if recipe.title in REMOVED:
        carry_out_steps(account, Api(account.deploy(params)["invoke_url"]), recipe)


def change_and_go_back(account: SlowAccount, params: Json, api: Api) -> None:
    """Change an API, deploy that again and go back, with no pause in between; callers never see an error."""
    with watched(api) as statuses:
        api_id = account.deploy(params)["api_id"]
        assert api.get(ADDED).status == 200
        assert account.deploy(params)["calls"] == []
        back = {"state": "present", "name": STAGE, "api_id": api_id, "keep_deployments": 10}
        account.run(_stage.planned, {**back, "purge_tags": True, "deployment": "previous"})
        assert api.get(ADDED).status == 403
    assert statuses == {200}


def filled(local_aws: Any, recipe: Recipe) -> Recipe:
    """Return the recipe with its users signed in: to the pool of another account, as tokens name none."""
    text = json.dumps(recipe.variables).replace("${AWS::AccountId}:userpool", f"{ACCOUNT}:userpool")
    return signed_in(local_aws, Recipe(recipe.title, json.loads(text), recipe.steps))


def failure(work: Callable[[], None]) -> str:
    """Do some work, and return how it failed; empty if it did not."""
    try:
        work()
    except Exception:
        return traceback.format_exc()
    return ""


def test_every_recipe_lives_on_a_slow_aws(local_aws: Any) -> None:
    making = threading.Lock()
    page = [filled(local_aws, recipe) for recipe in recipes(PAGE)]
    assert {*CHANGED, *REMOVED} <= {recipe.title for recipe in page}
    # Those that take longest begin first.
    page.sort(key=lambda recipe: recipe.title not in (*CHANGED, *REMOVED))
    accounts = [SlowAccount(local_aws, making) for _recipe in page]
    for account in accounts:
        local_aws.rehearse({**SLOW, "ttl_interval": 0}, account.id)
    with ThreadPoolExecutor(len(page)) as threads:
        failures = list(threads.map(lambda account, recipe: failure(lambda: live(account, recipe)), accounts, page))
    for account in accounts:
        local_aws.rehearse(None, account.id)
    failed = {recipe.title: text for recipe, text in zip(page, failures, strict=True) if text}
    assert not failed, "\n".join(f"{title}:\n{text}" for title, text in failed.items())

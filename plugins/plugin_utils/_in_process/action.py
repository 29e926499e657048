# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Actions that run a module of this collection within Ansible's own process, with the same result.

A module starts a Python process that imports boto3 and, for amazon.aws, half of Ansible, which takes most of the time
of a task. Ansible loads an action plugin before it forks its workers, so all tasks of a run share one import.

This works for tasks on a local connection. If the task becomes another user, runs asynchronously or sets an
environment, or botocore cannot be imported, Ansible runs the module as usual. The variable
`codeless_apigateway_in_process: false` disables it.
"""

from __future__ import annotations

import base64
import gc
import json
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.action import ActionBase
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec
from ansible_collections.amazon.aws.plugins.plugin_utils import botocore as amazon_aws
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.typed_json import BINARY
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import (
    Params,
    Planned,
    Resource,
    aws_secrets,
    converge,
    failure,
    open_aws,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.origins import file_and_line
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.role_variables import error_about_unknown
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.target_line import announcing, show

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    HAS_BOTO3 = True
except ImportError:
    HAS_BOTO3 = False

SWITCH = "codeless_apigateway_in_process"
ROLE = "codeless.apigateway.service_proxy"
SHOW_TARGET = "service_proxy__show_target"
"""The variable of the task that shows the target: the first one on AWS of each entry point of the role."""


class ModuleAction(ActionBase):  # type: ignore[misc]
    """The action of one module: `spec` has the arguments of its AnsibleAWSModule, `resource` is its resource."""

    spec: ClassVar[Mapping[str, Any]]
    resource: ClassVar[staticmethod[[Aws, Params], Planned]]

    _supports_async = True
    _secrets: Set[str] = frozenset()
    _task_vars: Mapping[str, Any] = MappingProxyType({})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result, in process or from the module."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        unknown = error_about_unknown(task_vars or {}) if self._is_of_role() else None
        if unknown:
            return {**result, "failed": True, "msg": unknown}
        self._task_vars = task_vars or {}
        try:
            return self._run(result, task_vars)
        except AnsibleError as error:
            if file_and_line(error.obj):
                # Ansible prints an error once more where its origin is not the task's, and the task's is the role's.
                self._task._ds = error.obj
            raise

    def _run(self, result: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        if self._can_run_here(task_vars or {}):
            with without_collector():
                return {**result, **self.run_here(task_vars or {})}
        arguments = without_bytes(self.arguments(task_vars or {}))
        wrap_async = bool(self._task.async_val)
        result.update(self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=wrap_async))
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 (subclasses use them)
        """Return the module's arguments: those of the task."""
        return dict(self._task.args)

    def run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result without running the module."""
        return self.converged(self.arguments(task_vars), type(self).resource)

    def converged(self, arguments: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
        """Return the result of a module with these arguments and this resource."""
        checked = _validator(self.spec).validate(as_plain(arguments))
        self._secrets = aws_secrets(checked._no_log_values)
        params = checked.validated_parameters
        if checked.error_messages:
            return self._finished({"failed": True, "msg": self._argument_errors(checked)})
        try:
            aws = open_aws(_Target(params), show)
            outcome = converge(aws, self._announced(resource), params, self._task.check_mode)
        except AwsError as error:
            return self._finished({"failed": True, **failure(error)})
        return self._finished(outcome.as_result(self._task.diff))

    def _announced(self, resource: Resource) -> Resource:
        """Return the resource, which prints its target if the task is the first one of the role on AWS."""
        if not (self._is_of_role() and self._templar.template(self._task_vars.get(SHOW_TARGET, False))):
            return resource
        raw = {word: self._task_vars.get(f"service_proxy_{word}", "") for word in ("name", "stage")}
        return announcing(resource, self._templar.template(raw), self._task_vars, self._task.check_mode)

    def without_secrets(self, value: Any) -> Any:
        """Return a copy of plain data with the secrets of the task's arguments blanked out."""
        return remove_values(value, self._secrets)

    def _is_of_role(self) -> bool:
        """Return whether the task belongs to the role; each of its entry points begins with a module of ours."""
        role = self._task._role
        return role is not None and role.get_name() == ROLE

    def _can_run_here(self, task_vars: Mapping[str, Any]) -> bool:
        """Return whether running in process has the same result as running the module."""
        becomes = self._play_context.become or self._connection.become
        own_surroundings = becomes or self._task.async_val or any(self._task.environment or ())
        is_local = self._connection.transport == "local" and not own_surroundings
        return HAS_BOTO3 and is_local and boolean(task_vars.get(SWITCH, True))

    def _finished(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return the result as AnsibleModule of ansible-core 2.21 does: without secrets and without `invocation`."""
        whole = {"changed": False, **result}
        if not whole.get("warnings"):
            whole.pop("warnings", None)
        kept = {name: value for name, value in whole.items() if value is None or isinstance(value, bool)}
        return {**self.without_secrets(whole), **kept}

    def _argument_errors(self, checked: Any) -> str:
        """Return the errors in the arguments as AnsibleModule reports them."""
        if isinstance(checked.errors[0], UnsupportedError):
            return f"Unsupported parameters for ({self._task.action}) module: {checked.errors.msg}"
        return str(checked.errors.msg)


def as_plain(arguments: Mapping[str, Any]) -> Any:
    """Return a task's arguments as a module receives them: without tags, dates as text, and binary values marked."""
    return json.loads(json.dumps(without_bytes(arguments), cls=AnsibleJSONEncoder))


def without_bytes(value: Any) -> Any:
    """Return a value with a mapping for each binary value (`!!binary` of YAML).

    `_dynamodb/typed_json.py` reads these mappings. A value without binary parts is returned as it is, with its tags.
    """
    if isinstance(value, bytes):
        return {BINARY: base64.b64encode(value).decode("ascii")}
    if isinstance(value, Mapping):
        changed = {name: without_bytes(item) for name, item in value.items()}
        return changed if any(changed[name] is not item for name, item in value.items()) else value
    if isinstance(value, (list, tuple)):
        items = [without_bytes(item) for item in value]
        return items if any(one is not other for one, other in zip(items, value, strict=True)) else value
    return value


def _validator(spec: Mapping[str, Any]) -> ArgumentSpecValidator:
    conditions = {name: value for name, value in spec.items() if name.startswith(("required_", "mutually_"))}
    return ArgumentSpecValidator({**aws_argument_spec(), **spec["argument_spec"]}, **conditions)


@contextmanager
def without_collector() -> Iterator[None]:
    """Switch the garbage collector off within the block.

    Ansible forks a process for each task. In it, the collector would look through all of Ansible's objects, and so copy
    the memory that the fork shares with the main process. docs/design.md lists what this saves.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Target:
    """The connection options of a task, with the members of a module that `open_aws` uses."""

    ansible_name = "codeless.apigateway"

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params
        self._session: Any = None

    def get_options(self) -> Mapping[str, Any]:
        """Return the options, for amazon.aws."""
        return self.params

    def fail_aws(self, message: str, exception: Exception | None = None) -> NoReturn:
        """Raise the error of amazon.aws when it cannot connect."""
        raise AwsError(f"{message}: {exception}" if exception else message) from exception

    @property
    def region(self) -> str | None:
        return amazon_aws.get_aws_region(self)  # type: ignore[no-any-return]

    def client(self, service: str, config: Config) -> Any:
        """Return a boto3 client, as amazon.aws creates it, but from one session: each session reads botocore's data."""
        region, endpoint, options = amazon_aws.get_aws_connection_info(self)
        profile, further = options.pop("profile_name", None), options.pop("aws_config", None)
        try:
            self._session = self._session or boto3.session.Session(profile_name=profile)
            whole = config.merge(further if isinstance(further, Config) else Config(**further)) if further else config
            return self._session.client(service, region_name=region, endpoint_url=endpoint, config=whole, **options)
        except (ValueError, BotoCoreError) as error:
            self.fail_aws("Couldn't connect to AWS", error)

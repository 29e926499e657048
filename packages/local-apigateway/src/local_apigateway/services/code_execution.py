# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Prevents or isolates the code of Lambda functions, Glue jobs and containers. Runs inside MiniStack's process.

MiniStack runs such code as the user who started the local AWS, in about twenty places of its services (`subprocess`,
Docker, DuckDB). So the whole process cannot start others, unless the user enables functions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ministack import app as ministack_app

HOW_TO_ALLOW = (
    "The local AWS does not run code of Lambda functions, jobs and containers. To enable it, start with --functions "
    "(option functions of the module local_aws)"
)
# Audit events of starting a process: https://docs.python.org/3/library/audit_events.html
_STARTS = frozenset(
    {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn"}
)
# Libraries with which MiniStack runs containers, and Athena's SQL, which can read and write any file.
_RUNNERS = ("docker", "duckdb")
# Variables that a function inherits from this process: those that find programs and select the locale.
_INHERITED = frozenset({"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "PATH", "TZ"})
_Environment = Mapping[str, str]


def forbid() -> None:
    """Prevent this process from starting others. Invocations of functions return an error that names the option."""
    sys.addaudithook(_reject_processes)
    for name in _RUNNERS:
        # Python then raises ImportError, and MiniStack continues as if the library were not installed.
        sys.modules[name] = None  # type: ignore[assignment]
    ministack_app._get_module("lambda_svc")._execute_function_dispatch = _reject_invocation


def _reject_processes(event: str, _arguments: tuple[Any, ...]) -> None:
    # An OSError, because callers expect one if a program cannot be started.
    if event in _STARTS:
        raise PermissionError(HOW_TO_ALLOW)


def _reject_invocation(*_arguments: Any) -> dict[str, Any]:
    """Return the error of an invocation. Replaces MiniStack's dispatch of functions."""
    body = {"errorMessage": HOW_TO_ALLOW, "errorType": "Runtime.FunctionsDisabled"}
    return {"body": body, "error": True, "function_error": "Unhandled", "log": HOW_TO_ALLOW}


def isolate() -> None:
    """Start processes without the environment of this one, which MiniStack copies into that of functions."""
    start: Callable[..., None] = subprocess.Popen.__init__

    def start_isolated(process: Any, *arguments: Any, env: _Environment | None = None, **options: Any) -> None:
        start(process, *arguments, env=_without_ours(env, options.get("cwd")), **options)

    subprocess.Popen.__init__ = start_isolated  # type: ignore[assignment, method-assign]


def _without_ours(given: _Environment | None, directory: Any) -> dict[str, str]:
    """Return an environment without our variables. `HOME` is the working directory, because ours has credentials.

    A variable of a function with the name and the value of one of ours counts as ours.
    """
    variables = os.environ if given is None else given
    kept = {name: value for name, value in variables.items() if name in _INHERITED or os.environ.get(name) != value}
    return {"HOME": os.fspath(directory), **kept} if directory else kept

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Code that calls of AWS APIs hand over: Lambda functions, Glue jobs, containers. Runs inside MiniStack's process.

MiniStack runs such code as the user who started the local AWS, in about twenty places of its services (`subprocess`,
Docker, DuckDB). So the process as a whole is forbidden to start others, unless the user asked for functions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ministack import app as ministack_app

HOW_TO_ALLOW = (
    "The local AWS runs no code of Lambda functions, jobs and containers. To let it, start it with --functions "
    "(option functions of the module local_aws)"
)
# Audit events of starting a process: https://docs.python.org/3/library/audit_events.html
_STARTS = frozenset(
    {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn"}
)
# Libraries that MiniStack runs containers with, and the SQL of Athena, which can read and write any file.
_RUNNERS = ("docker", "duckdb")
# What a function inherits of this process: what finds programs and writes texts.
_INHERITED = frozenset({"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "PATH", "TZ"})
_Environment = Mapping[str, str]


def forbid() -> None:
    """Let this process start no other, for as long as it runs, and let invocations of functions say how to allow it."""
    sys.addaudithook(_refuse_processes)
    for name in _RUNNERS:
        # Python then raises ImportError, and MiniStack goes on as where the library is not installed.
        sys.modules[name] = None  # type: ignore[assignment]
    ministack_app._get_module("lambda_svc")._execute_function_dispatch = _refuse_invocation


def _refuse_processes(event: str, _arguments: tuple[Any, ...]) -> None:
    # An OSError, since callers expect those of a program that cannot be started.
    if event in _STARTS:
        raise PermissionError(HOW_TO_ALLOW)


def _refuse_invocation(*_arguments: Any) -> dict[str, Any]:
    """Return the error of a function, in place of MiniStack's choice of an executor."""
    body = {"errorMessage": HOW_TO_ALLOW, "errorType": "Runtime.FunctionsDisabled"}
    return {"body": body, "error": True, "function_error": "Unhandled", "log": HOW_TO_ALLOW}


def isolate() -> None:
    """Start processes without this one's environment: MiniStack copies it into that of functions."""
    start: Callable[..., None] = subprocess.Popen.__init__

    def start_isolated(process: Any, *arguments: Any, env: _Environment | None = None, **options: Any) -> None:
        start(process, *arguments, env=_without_ours(env, options.get("cwd")), **options)

    subprocess.Popen.__init__ = start_isolated  # type: ignore[assignment, method-assign]


def _without_ours(given: _Environment | None, directory: Any) -> dict[str, str]:
    """Return an environment without our variables. Its home is its own directory: ours has files of credentials.

    A variable of a function that has the name and the value of one of ours is taken for ours.
    """
    variables = os.environ if given is None else given
    kept = {name: value for name, value in variables.items() if name in _INHERITED or os.environ.get(name) != value}
    return {"HOME": os.fspath(directory), **kept} if directory else kept

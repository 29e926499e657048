# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command `local-apigateway`: start, stop and observe a local AWS."""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import daemon, server_log
from .settings import Settings

DEFAULT_PORT = 4566
DEFAULT_STATE_DIR = Path(".local-aws")
REGION = "eu-central-1"
ACCESS_KEY = "test"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return the exit status: 0 for success, 1 for an error or where no server runs (`status`)."""
    options = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[options.command](options))
    except daemon.DaemonError as error:
        print(f"local-apigateway: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="local-apigateway",
        description="Run Amazon API Gateway, DynamoDB and other AWS services on this machine.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    directory, port, access = _state_directory_options(), _port_options(), _access_options()
    summary = "start the server in the background and wait until it accepts requests"
    commands.add_parser("start", parents=[directory, port, access], help=summary, description=_sentence(summary))
    summary = "stop the server and wait until all data are saved"
    commands.add_parser("stop", parents=[directory], help=summary, description=_sentence(summary))
    summary = "show your running servers (exit status 1 if none runs)"
    status = commands.add_parser("status", help=summary, description=_sentence(summary))
    status.add_argument("--state-dir", type=Path, metavar="DIRECTORY", help="show only the server with this directory")
    summary = "run the server in the foreground"
    serve = commands.add_parser(
        "serve", parents=[directory, port, access], help=summary, description=_sentence(summary)
    )
    serve.add_argument("--log", type=Path, metavar="FILE", help="log to this file, which is rotated (default: stderr)")
    summary = "print the last requests to APIs as JSON lines"
    requests = commands.add_parser("requests", parents=[directory], help=summary, description=_sentence(summary))
    requests.add_argument("--last", type=int, default=20, metavar="N", help="number of requests (default: %(default)s)")
    return parser


def _version() -> str:
    try:
        return importlib.metadata.version("local-apigateway")
    except importlib.metadata.PackageNotFoundError:
        return "unknown: the package is not installed"


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."


def _state_directory_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--state-dir",
        type=Path,
        default=DEFAULT_STATE_DIR,
        metavar="DIRECTORY",
        help="directory for data and logs (default: %(default)s in the current directory)",
    )
    return parser


def _port_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1; 0 uses a free port (default: %(default)s)"
    )
    return parser


def _access_options() -> argparse.ArgumentParser:
    """Return the options that allow what is forbidden by default."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="allow web pages of this origin to use all services, such as http://localhost:3000; can be repeated",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="accept requests to this host name, for a proxy in front of the server; can be repeated",
    )
    parser.add_argument(
        "--functions",
        action="store_true",
        help="run the code of Lambda functions and jobs, as your user and without a sandbox",
    )
    parser.add_argument(
        "--ministack-endpoints",
        action="store_true",
        help="allow requests to MiniStack's own endpoints, such as /_ministack/reset",
    )
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    try:
        return Settings.of(options.allow_origin, options.allow_host, options.functions, options.ministack_endpoints)
    except ValueError as error:
        raise daemon.DaemonError(str(error)) from None


def _serve(options: argparse.Namespace) -> int:
    settings = _settings(options)
    # Only the user can read what the server and MiniStack create.
    os.umask(0o077)
    server_log.set_up(options.log)
    try:
        from .private_files import UnsafeDirectoryError
        from .server.app import serve
        from .server.state_directory import AlreadyRunningError
        from .services.process import MiniStackError
        from .store import UnreadableStateError
    except ModuleNotFoundError as error:
        raise daemon.DaemonError(
            f"{sys.executable} cannot import {error.name}. Install the package with all that it requires: "
            f"{sys.executable} -m pip install local-apigateway"
        ) from None
    try:
        asyncio.run(serve(options.port, options.state_dir, settings))
    except AlreadyRunningError as error:
        raise daemon.DaemonError(f"the local AWS runs already: {error}") from None
    except (UnsafeDirectoryError, UnreadableStateError, MiniStackError) as error:
        raise daemon.DaemonError(str(error)) from None
    except OSError as error:
        raise daemon.DaemonError(
            f"cannot listen on 127.0.0.1:{options.port}: {error.strerror or error}. "
            "If another program uses the port, stop that program, or choose another port with --port"
        ) from None
    return 0


def _start(options: argparse.Namespace) -> int:
    status, started = daemon.start(options.state_dir, options.port, settings=_settings(options))
    print(f"The local AWS {'runs' if started else 'already runs'} at {status.endpoint_url} (data: {status.state_dir})")
    if status.settings.functions:
        print("Functions are enabled: code of Lambda functions, jobs and containers runs as your user, with no sandbox")
    print("\nUse it in a shell:\n")
    print("unset AWS_PROFILE AWS_SESSION_TOKEN")
    print(f"export AWS_ENDPOINT_URL={status.endpoint_url}")
    print(f"export AWS_ACCESS_KEY_ID={ACCESS_KEY} AWS_SECRET_ACCESS_KEY={ACCESS_KEY}")
    print(f"export AWS_REGION={REGION} AWS_DEFAULT_REGION={REGION}")
    return 0


def _stop(options: argparse.Namespace) -> int:
    if daemon.stop(options.state_dir):
        print(f"Stopped the local AWS (data: {options.state_dir.absolute()})")
    else:
        print(f"No local AWS runs with the state directory {options.state_dir.absolute()}{_others(options.state_dir)}")
    return 0


def _status(options: argparse.Namespace) -> int:
    servers = daemon.running_servers() if options.state_dir is None else [daemon.status(options.state_dir)]
    if options.state_dir is None and DEFAULT_STATE_DIR.resolve() not in [each.state_dir for each in servers]:
        # A server that could not write the list is found in the default directory.
        servers.insert(0, daemon.status(DEFAULT_STATE_DIR))
    servers = [each for each in servers if each.running]
    for status in servers:
        if status.answers:
            print(f"running at {status.endpoint_url} (process {status.pid}, data: {status.state_dir})")
        else:
            print(f"process {status.pid} does not respond (data: {status.state_dir}). Stop it: {_stop_command(status)}")
    if not servers:
        print("not running")
    return 0 if any(status.answers for status in servers) else 1


def _stop_command(status: daemon.Status) -> str:
    return f"local-apigateway stop --state-dir {status.state_dir}"


def _requests(options: argparse.Namespace) -> int:
    """Print requests from the file, so that they can be read after a stop, too."""
    log = options.state_dir.absolute() / "requests.log"
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    if lines:
        print(f"local-apigateway: the last requests in {log}", file=sys.stderr)
    else:
        print(f"local-apigateway: no requests in {log}{_others(options.state_dir)}", file=sys.stderr)
    for number, line in list(enumerate(lines, 1))[-options.last :]:
        try:
            print(json.dumps(json.loads(line)))
        except ValueError:
            print(f"local-apigateway: skipped line {number} of {log}, which is damaged", file=sys.stderr)
    return 0


def _others(state_dir: Path) -> str:
    """Return a sentence that names the user's running servers with other state directories."""
    others = [each for each in daemon.running_servers() if each.state_dir != state_dir.resolve()]
    if not others:
        return ""
    return ". Running servers: " + ", ".join(f"{each.endpoint_url} (--state-dir {each.state_dir})" for each in others)


_COMMANDS = {"serve": _serve, "start": _start, "stop": _stop, "status": _status, "requests": _requests}

if __name__ == "__main__":
    sys.exit(main())

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS from a shell: `local-apigateway serve|start|stop|status|requests`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import daemon, server_log
from .settings import Settings

DEFAULT_PORT = 4566


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 when it did what was asked, 1 when not."""
    options = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[options.command](options))
    except daemon.DaemonError as error:
        print(f"local-apigateway: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="local-apigateway", description="API Gateway and other AWS services on this machine"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state-dir", type=Path, required=True, help="where it keeps its data")
    port = argparse.ArgumentParser(add_help=False)
    port.add_argument("--port", type=int, default=DEFAULT_PORT, help="on 127.0.0.1; 0 takes a free one")
    opened = _opened()
    serve = commands.add_parser("serve", parents=[common, port, opened], help="run in the foreground")
    serve.add_argument("--log", type=Path, help="the file to log to, which is rotated; without it, standard error")
    commands.add_parser(
        "start", parents=[common, port, opened], help="run in the background, and wait until it answers"
    )
    commands.add_parser("stop", parents=[common], help="stop it, when it has saved all")
    commands.add_parser("status", parents=[common], help="say whether it runs, and where")
    requests = commands.add_parser("requests", parents=[common], help="the last requests to APIs, as JSON lines")
    requests.add_argument("--last", type=int, default=20, help="how many")
    return parser


def _opened() -> argparse.ArgumentParser:
    """The options that open what is closed by default."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let web pages of this origin use all of it, as http://localhost:3000; may be repeated",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer at this host name too, for a proxy in front; may be repeated",
    )
    parser.add_argument(
        "--functions", action="store_true", help="run code of Lambda functions and jobs, as you, with no sandbox"
    )
    parser.add_argument(
        "--ministack-endpoints", action="store_true", help="open MiniStack's own endpoints, such as /_ministack/reset"
    )
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    try:
        return Settings.of(options.allow_origin, options.allow_host, options.functions, options.ministack_endpoints)
    except ValueError as error:
        raise daemon.DaemonError(str(error)) from None


def _serve(options: argparse.Namespace) -> int:
    from .private_files import UnsafeDirectoryError
    from .server.app import serve
    from .server.state_directory import AlreadyRunningError
    from .services.process import MiniStackError
    from .store import UnreadableStateError

    settings = _settings(options)
    # What the server and MiniStack create is theirs alone.
    os.umask(0o077)
    server_log.set_up(options.log)
    try:
        asyncio.run(serve(options.port, options.state_dir, settings))
    except AlreadyRunningError as error:
        raise daemon.DaemonError(f"it runs already: {error}") from None
    except (UnsafeDirectoryError, UnreadableStateError, MiniStackError) as error:
        raise daemon.DaemonError(str(error)) from None
    except OSError as error:
        raise daemon.DaemonError(
            f"cannot listen on 127.0.0.1:{options.port}: {error.strerror or error}. "
            "Another program may have the port; stop it, or choose another with --port"
        ) from None
    return 0


def _start(options: argparse.Namespace) -> int:
    status, started = daemon.start(options.state_dir, options.port, settings=_settings(options))
    print(f"The embedded AWS {'answers' if started else 'runs already'} at {status.endpoint_url}")
    if status.settings.functions:
        print("Functions are on: code of Lambda functions, jobs and containers runs as you, with no sandbox")
    return 0


def _stop(options: argparse.Namespace) -> int:
    stopped = daemon.stop(options.state_dir)
    print("The embedded AWS has stopped" if stopped else "The embedded AWS does not run")
    return 0


def _status(options: argparse.Namespace) -> int:
    status = daemon.status(options.state_dir)
    if status.answers:
        print(f"running at {status.endpoint_url}, process {status.pid}")
    elif status.running:
        print(f"process {status.pid} runs and does not answer; stop it, which kills it if need be")
    else:
        print("not running")
    return 0 if status.answers else 1


def _requests(options: argparse.Namespace) -> int:
    """From the file, so that it answers after a stop, too."""
    log = options.state_dir / "requests.log"
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    if not lines:
        print(f"local-apigateway: {_why_nothing(options.state_dir)}", file=sys.stderr)
    for number, line in list(enumerate(lines, 1))[-options.last :]:
        try:
            print(json.dumps(json.loads(line)))
        except ValueError:
            print(f"local-apigateway: line {number} of {log} is damaged and left out", file=sys.stderr)
    return 0


def _why_nothing(state_dir: Path) -> str:
    """Return why a state directory has no requests, and how to name another one."""
    if daemon.status(state_dir).running:
        return f"no request yet to the APIs of the server over {state_dir}"
    return (
        f"no requests in {state_dir}, and no server runs over it. Name the state directory of your server: "
        "`make local-log STATE_DIR=DIRECTORY`, or `--state-dir DIRECTORY`"
    )


_COMMANDS = {"serve": _serve, "start": _start, "stop": _stop, "status": _status, "requests": _requests}

if __name__ == "__main__":
    sys.exit(main())

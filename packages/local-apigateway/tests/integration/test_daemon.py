# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start, stop and status of the local AWS, from Python and from the command line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.own_server import OwnServer, alive, table, wait_for_end
from local_apigateway import daemon
from local_apigateway.settings import Settings


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    server = OwnServer(tmp_path / "state")
    server.start()
    yield server
    server.stop()


def test_a_second_start_changes_nothing(server: OwnServer) -> None:
    before = server.processes()
    for port in (0, server.port):
        status, started = daemon.start(server.state_dir, port)
        assert not started
        assert status.port == server.port
    assert server.processes() == before


def test_another_port_is_refused(server: OwnServer) -> None:
    with pytest.raises(daemon.DaemonError, match=f"already runs on port {server.port}. Stop it"):
        daemon.start(server.state_dir, server.port + 1)


def test_a_port_in_use_is_a_clear_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(daemon.DaemonError, match=f"cannot listen on 127.0.0.1:{port}.*choose another"):
            daemon.start(tmp_path / "state", port)
    assert not daemon.status(tmp_path / "state").running


def test_stop_ends_all_processes(server: OwnServer) -> None:
    pids = server.processes()
    assert server.stop()
    assert not any(alive(pid) for pid in pids)
    assert not daemon.status(server.state_dir).running
    assert not server.stop()


def test_ministack_ends_with_a_killed_server(server: OwnServer) -> None:
    server_pid, ministack_pid = server.processes()
    server.kill(server_pid)
    wait_for_end(ministack_pid)
    assert not daemon.status(server.state_dir).running


def test_ministack_is_started_again_when_it_dies(server: OwnServer) -> None:
    _unused, ministack_pid = server.processes()
    server.kill(ministack_pid)
    assert server.client("sts").get_caller_identity()["Account"] == "000000000000"
    assert server.processes()[1] != ministack_pid
    assert server.own("status")["ministack"]["restarts"] == 1


def test_all_that_it_writes_is_closed_to_other_users(server: OwnServer) -> None:
    table(server.client("dynamodb"), "things")
    server.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    server.client("s3").put_object(Bucket="bucket", Key="k", Body=b"x")
    server.client("sts").get_session_token()
    server.client("apigateway").create_rest_api(name="a")
    open_to_others = [path for path in server.state_dir.rglob("*") if path.stat().st_mode & 0o077]
    assert (server.state_dir / "ministack/state/sts.json").exists()
    assert server.state_dir.stat().st_mode & 0o777 == 0o700
    assert open_to_others == []


def test_no_directory_that_others_can_write_to(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    state.chmod(0o777)
    for operation in (daemon.status, daemon.stop, lambda path: daemon.start(path, 0)):
        with pytest.raises(daemon.DaemonError, match="other users can write to"):
            operation(state)
    assert list(state.iterdir()) == []


def test_what_a_killed_server_left_names_nobody(server: OwnServer, tmp_path: Path) -> None:
    """Neither the port nor the process of the file need be the server's by now."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) as bystander:
        other = tmp_path / "other"
        other.mkdir()
        (other / "server.json").write_text(json.dumps({"pid": bystander.pid, "port": server.port}), "ascii")
        (other / "lock").write_text(f"{bystander.pid}\n", "ascii")
        assert daemon.status(other) == daemon.Status(other)
        assert not daemon.stop(other)
        assert bystander.poll() is None
        bystander.kill()


def test_stop_kills_a_server_that_does_not_answer(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(daemon, "UNRESPONSIVE_SECONDS", 0.5)
    table(server.client("dynamodb"), "things")
    pids = server.processes()
    os.kill(pids[0], signal.SIGSTOP)
    assert daemon.status(server.state_dir).running
    with pytest.raises(daemon.DaemonError, match=f"process {pids[0]}.* does not respond. Stop it"):
        daemon.start(server.state_dir, 0)
    assert server.stop()
    assert not any(alive(pid) for pid in pids)
    server.start()
    assert server.client("dynamodb").list_tables()["TableNames"] == ["things"]


def test_stop_kills_a_ministack_that_outlives_its_server(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(daemon, "UNRESPONSIVE_SECONDS", 0.5)
    pids = server.processes()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    assert daemon.stop(server.state_dir, timeout=0.5)
    assert not any(alive(pid) for pid in pids)


DAMAGED = [
    ("apigateway/000000000000-eu-central-1/abc/api.json", b"{"),
    ("ministack/state/dynamodb.json", b'{"__ministack_format__": 2, "payl'),
    ("ministack/state/iam.json", b'{"__ministack_format__": 99, "payload": {}}'),
    ("ministack/state/dynamodb.0.log", b"x\n"),
]


@pytest.mark.parametrize(("name", "content"), DAMAGED)
def test_a_damaged_file_is_a_message_and_stays(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "state" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(daemon.DaemonError):
        daemon.start(tmp_path / "state", 0)
    log = (tmp_path / "state" / "server.log").read_text("utf-8")
    assert f"local-apigateway: {'line 1 of ' if name.endswith('.log') else ''}{path} is " in log
    assert "Traceback" not in log
    assert path.read_bytes() == content


def test_damaged_records_of_who_runs(server: OwnServer) -> None:
    (server.state_dir / "server.json").write_text("{", "ascii")
    status = daemon.status(server.state_dir)
    assert (status.running, status.answers, status.endpoint_url) == (True, False, None)
    assert server.stop()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads the sockets from /proc")
def test_only_the_server_listens_and_on_loopback_only(server: OwnServer) -> None:
    server.client("iot").list_things()
    server.client("transfer").list_servers()
    assert {address for pid in server.processes() for address in _listening(pid)} == {("127.0.0.1", server.port)}


def test_other_settings_are_refused(server: OwnServer) -> None:
    """A server that runs is never left with more open than was asked for, and never restarted unasked."""
    with pytest.raises(daemon.DaemonError, match=r"runs with no options, not with --functions\. Stop it"):
        daemon.start(server.state_dir, server.port, settings=Settings.of(functions=True))


def _listening(pid: int) -> set[tuple[str, int]]:
    """The addresses on which a process listens, IPv4 and IPv6."""
    inodes = {
        str(link.readlink()).removeprefix("socket:[").rstrip("]")
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if str(link.readlink()).startswith("socket:")
    }
    found = set()
    for family, name in ((socket.AF_INET, "tcp"), (socket.AF_INET6, "tcp6")):
        for line in Path(f"/proc/net/{name}").read_text("ascii").splitlines()[1:]:
            _unused, local, _unused, state, *rest = line.split()
            if state == "0A" and rest[5] in inodes:
                found.add(_address(family, local))
    return found


def _address(family: socket.AddressFamily, text: str) -> tuple[str, int]:
    """`0100007F:1F90` is 127.0.0.1:8080, each word of the address in the machine's order."""
    host, port = text.split(":")
    words = [bytes.fromhex(host[start : start + 8])[::-1] for start in range(0, len(host), 8)]
    return socket.inet_ntop(family, b"".join(words)), int(port, 16)


class CommandLine:
    """Runs `local-apigateway` in a directory, with a list of running servers that no other process uses."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.runtime = directory / "runtime"
        self.runtime.mkdir()

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        package = Path(daemon.__file__).parent
        return subprocess.run(
            [sys.executable, "-m", package.name, *arguments],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": str(package.parent), "XDG_RUNTIME_DIR": str(self.runtime)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def command(tmp_path: Path) -> Iterator[CommandLine]:
    yield CommandLine(tmp_path)
    for state_dir in (tmp_path / ".local-aws", tmp_path / "other"):
        daemon.stop(state_dir)


def test_start_and_stop_use_a_directory_below_the_current_one(command: CommandLine) -> None:
    state_dir = command.directory / ".local-aws"
    assert (command("status").stdout, command("status").returncode) == ("not running\n", 1)
    started = command("start", "--port", "0").stdout
    endpoint_url = daemon.status(state_dir).endpoint_url
    assert started.startswith(f"The local AWS runs at {endpoint_url} (data: {state_dir})\n")
    assert f"export AWS_ENDPOINT_URL={endpoint_url}\n" in started
    assert command("start", "--port", "0").stdout.startswith(f"The local AWS already runs at {endpoint_url} ")
    assert (status := command("status")).returncode == 0
    assert status.stdout.startswith(f"running at {endpoint_url} (process ")
    second = command("serve", "--port", "0")
    assert (second.returncode, "runs already" in second.stderr) == (1, True)
    assert command("stop").stdout == f"Stopped the local AWS (data: {state_dir})\n"
    assert command("stop").stdout == f"No local AWS runs with the state directory {state_dir}\n"
    assert command("status").stdout == "not running\n"


def test_the_printed_lines_configure_a_shell(command: CommandLine) -> None:
    lines = command("start", "--port", "0").stdout.partition("\n\nUse it in a shell:\n\n")[2]
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    shell = subprocess.run(["bash", "-c", f'{lines}\n{sys.executable} -c "{program}"'], capture_output=True, check=True)
    assert shell.stdout == b"000000000000\n"


def test_every_command_names_the_servers_in_other_directories(command: CommandLine) -> None:
    other = command.directory / "other"
    command("start", "--port", "0", "--state-dir", "other")
    hint = f"{daemon.status(other).endpoint_url} (--state-dir {other})"
    requests = command("requests")
    assert (requests.returncode, requests.stdout) == (0, "")
    assert f"no requests in {command.directory}/.local-aws/requests.log. Running servers: {hint}" in requests.stderr
    assert command("stop").stdout.endswith(f". Running servers: {hint}\n")
    assert command("status").stdout.endswith(f"data: {other})\n")
    assert command("status", "--state-dir", ".local-aws").stdout == "not running\n"


def test_requests_are_read_after_a_stop(command: CommandLine) -> None:
    state_dir = command.directory / ".local-aws"
    state_dir.mkdir()
    (state_dir / "requests.log").write_text('{"path": "/a"}\n{\n{"path": "/b"}\n', "utf-8")
    requests = command("requests", "--last", "2")
    assert requests.stdout == '{"path": "/b"}\n'
    assert f"the last requests in {state_dir}/requests.log\n" in requests.stderr
    assert f"skipped line 2 of {state_dir}/requests.log" in requests.stderr


def test_a_killed_server_is_not_listed(command: CommandLine) -> None:
    command("start", "--port", "0")
    pid = daemon.status(command.directory / ".local-aws").pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_for_end(pid)
    assert list(command.runtime.glob("*/*.server"))
    assert command("status").stdout == "not running\n"


def test_a_server_starts_where_the_list_cannot_be_written(command: CommandLine) -> None:
    command.runtime.rmdir()
    command.runtime.write_bytes(b"")
    assert command("start", "--port", "0").returncode == 0
    assert command("status").stdout.startswith("running at ")


def test_the_version_is_printed(command: CommandLine) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", command("--version").stdout)


def test_a_missing_package_is_an_error(command: CommandLine) -> None:
    """Python finds the module `aiohttp` of the current directory first, and there is none of its parts in it."""
    (command.directory / "aiohttp.py").write_text("raise ModuleNotFoundError(name='aiohttp')\n", "utf-8")
    started = command("serve", "--port", "0")
    assert started.returncode == 1
    assert (
        f"cannot import aiohttp. Install the package with all that it requires: {sys.executable} -m" in started.stderr
    )


def test_start_opens_what_the_options_allow(command: CommandLine) -> None:
    wrong = command("start", "--port", "0", "--allow-origin", "*", "--allow-host", "http://aws.example.com")
    assert wrong.returncode == 1
    assert "allow_origins: '*' is not" in wrong.stderr
    assert "allow_hosts: 'http://aws.example.com' is not" in wrong.stderr
    started = command(
        *("start", "--port", "0", "--functions"),
        *("--allow-origin", "http://localhost:3000", "--allow-host", "aws.example.com"),
    )
    assert "runs as your user, with no sandbox" in started.stdout
    expected = Settings.of(["http://localhost:3000"], ["aws.example.com"], functions=True)
    assert daemon.status(command.directory / ".local-aws").settings == expected

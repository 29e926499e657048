# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Code that AWS calls hand over runs where the user asked for it only, and gets nothing of the server's environment."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from integration.own_server import WAIT_SECONDS, OwnServer
from local_apigateway.settings import Settings

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
FUNCTION = """
import os, pathlib
pathlib.Path({marker!r}).touch()
def handler(event, context):
    return dict(os.environ)
"""
PLACE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}


def _invoke(aws: Any, marker: Path) -> tuple[str | None, Any]:
    """Create a function that leaves a marker, and invoke it; return the kind of error, and what it returned."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", FUNCTION.format(marker=str(marker)))
    role = aws.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    functions = aws.client("lambda")
    functions.create_function(
        FunctionName="f",
        Runtime="python3.11",
        Role=role["Arn"],
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"TABLE": "orders"}},
    )
    answer = functions.invoke(FunctionName="f")
    return answer.get("FunctionError"), json.load(answer["Payload"])


def _run_job(aws: Any, marker: Path) -> str:
    """Run a Glue job that leaves a marker; return the state in which it ended."""
    s3, glue = aws.client("s3"), aws.client("glue")
    s3.create_bucket(Bucket="scripts", **PLACE)
    s3.put_object(Bucket="scripts", Key="job.py", Body=f"open({str(marker)!r}, 'w').close()".encode())
    command = {"Name": "pythonshell", "ScriptLocation": "s3://scripts/job.py", "PythonVersion": "3.9"}
    glue.create_job(Name="job", Role="arn:aws:iam::000000000000:role/function", Command=command)
    run_id = glue.start_job_run(JobName="job")["JobRunId"]
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        state = glue.get_job_run(JobName="job", RunId=run_id)["JobRun"]["JobRunState"]
        if state not in ("STARTING", "RUNNING", "WAITING"):
            return str(state)
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def test_no_code_runs_unless_asked_for(tmp_path: Path) -> None:
    server = OwnServer(tmp_path / "state")
    server.start()
    try:
        error, body = _invoke(server, tmp_path / "function-ran")
        assert error == "Unhandled"
        assert "start with --functions (option functions of the module local_aws)" in body["errorMessage"]
        assert _run_job(server, tmp_path / "job-ran") == "FAILED"
    finally:
        server.stop()
    assert not [path.name for path in tmp_path.iterdir() if path.name.endswith("-ran")]


def test_code_gets_nothing_of_the_servers_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    server = OwnServer(tmp_path / "state", settings=Settings.of(functions=True))
    server.start()
    try:
        error, environment = _invoke(server, tmp_path / "function-ran")
        assert error is None
        assert (tmp_path / "function-ran").exists()
        assert "hunter2" not in environment.values()
        assert environment["TABLE"] == "orders"
        # MiniStack's own settings name the state directory, and the server's its search path.
        assert not {"STATE_DIR", "S3_DATA_DIR", "AUTH", "PYTHONPATH"} & environment.keys()
        assert environment["HOME"] == environment["LAMBDA_TASK_ROOT"]
        assert environment["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{server.port}"
        assert _run_job(server, tmp_path / "job-ran") == "SUCCEEDED"
        assert (tmp_path / "job-ran").exists()
        if Path("/proc/self/environ").exists():
            assert b"hunter2" not in Path(f"/proc/{server.processes()[1]}/environ").read_bytes()
    finally:
        server.stop()

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes every change to disk before MiniStack acknowledges it. Runs inside MiniStack's process.

MiniStack saves its state when it stops gracefully, each service to a JSON file. This module writes the same files at
each change, and the response to a changing request waits for it.

- Writes of items to DynamoDB (PutItem and the like) are added to a redo log. Their effect depends on the state and the
  request only, so replaying them after a crash gives the same items.
- All other changes save the files of all services that changed. The files contain the IDs, times and keys that
  MiniStack generated, so these are never generated again.

Saving DynamoDB starts a new redo log. The file of DynamoDB has the number of its log (`generation`), so a crash between
the two leaves a log that is never read. One writer does both, one batch at a time: responses that wait for the same
batch share one sync. What a service does on its own after its response (steps of a state machine, resources of a
stack) is saved within `IDLE_SAVE_SECONDS`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ministack import app as ministack_app
from ministack.core import persistence, responses

from ..store import UnreadableStateError, read_json

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[tuple[int, Any, Any]]]

ITEM_WRITES = frozenset(
    {
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
        "TransactWriteItems",
        "ExecuteStatement",
        "BatchExecuteStatement",
        "ExecuteTransaction",
    }
)
READS = re.compile(r"(Get|List|Describe|BatchGet|TransactGet|Query|Scan|Head|Search|Lookup|Check|Simulate|Filter)")
# These calls of STS create credentials, although their names begin like those of reads.
CHANGING_GETS = frozenset({"GetSessionToken", "GetFederationToken"})
# A larger redo log is merged into the file of DynamoDB.
LOG_BYTES = 4_000_000
IDLE_SAVE_SECONDS = 5.0


@dataclass
class Batch:
    """The next work of the writer: records for the redo log, whether to save files, and a future that waits for it."""

    records: list[bytes] = field(default_factory=list)
    save: bool = False
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class DurableMiniStack:
    """MiniStack's ASGI application. Its responses to changing requests wait until the change is on disk."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._application: Asgi = ministack_app.app
        self._dynamodb = ministack_app._get_module("dynamodb")
        self._handle_dynamodb: Handler = self._dynamodb.handle_request
        self._dynamodb.handle_request = self._handle_and_log
        _keep_sessions()
        self._batch: Batch | None = None
        self._wake = asyncio.Event()
        self._saved: dict[str, bytes] = {}
        self._generation = 0
        self._log_bytes = 0
        self._tables_changed = False
        self._requests = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, self._after_startup(send))
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._application(scope, receive, send)

    def _after_startup(self, send: Send) -> Send:
        async def forward(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                # From now on only this class writes the files.
                ministack_app.PERSIST_STATE = False
                await self._recover()
                self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._save_when_idle())]
            await send(message)

        return forward

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = bytearray()

        async def receive_and_inspect() -> Message:
            message = await receive()
            if len(seen) < 4096:
                seen.extend(message.get("body", b"")[:4096])
            return message

        async def save_then_send(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400 and changes(scope, bytes(seen)):
                await self._durable(save=True)
            await send(message)

        self._requests += 1
        await self._application(scope, receive_and_inspect, save_then_send)

    async def _handle_and_log(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> tuple[int, Any, Any]:
        """Run DynamoDB's handler and log the write. Replaces the handler for callers inside MiniStack, too.

        The handler runs without an await, and the record is queued before anything else runs, so the log has the order
        in which the writes took effect.
        """
        response = await self._handle_dynamodb(method, path, headers, body, query)
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action in ITEM_WRITES and response[0] == 200:
            record = [responses.get_account_id(), responses.get_region(), headers["x-amz-target"], body.decode()]
            await self._durable(record=json.dumps(record).encode() + b"\n")
        elif not READS.match(action):
            self._tables_changed = True
        return response

    async def _durable(self, record: bytes | None = None, save: bool = False) -> None:
        """Wait until the writer has written a record or saved the files, together with the rest of the batch."""
        batch = self._batch = self._batch or Batch()
        if record is not None:
            batch.records.append(record)
        batch.save |= save
        self._wake.set()
        await asyncio.shield(batch.done)

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._batch = self._batch, None
            if batch is None:
                continue
            try:
                await self._write_batch(batch)
                batch.done.set_result(None)
            except Exception as error:
                # The waiting requests must fail.
                batch.done.set_exception(error)

    async def _write_batch(self, batch: Batch) -> None:
        """Write a batch. The state is copied without an await, so it has all writes whose records are in the batch."""
        tables, self._tables_changed = self._tables_changed or self._log_bytes > LOG_BYTES, False
        try:
            if tables or batch.save:
                documents = self._changed_documents(tables)
                await asyncio.to_thread(self._write_documents, documents)
            if batch.records and not tables:
                await asyncio.to_thread(self._append, b"".join(batch.records))
        except BaseException:
            self._tables_changed |= tables
            raise

    def _changed_documents(self, tables: bool) -> dict[str, bytes]:
        """Return the files of the services that changed since they were saved; that of DynamoDB only with `tables`."""
        documents = {}
        for name, get_state in ministack_app._build_persistence_save_dict().items():
            if name != "dynamodb" or tables:
                document = self._document(name, get_state)
                if self._saved.get(name) != _digest(document):
                    documents[name] = document
        return documents

    def _document(self, name: str, get_state: Callable[[], object]) -> bytes:
        document = {"__ministack_format__": persistence._state_format_version(name), "payload": _state(get_state)}
        if name == "dynamodb":
            document["generation"] = self._generation + 1
        return json.dumps(document, default=persistence._json_default).encode()

    def _write_documents(self, documents: dict[str, bytes]) -> None:
        for name, document in documents.items():
            _replace(self._directory / f"{name}.json", document)
            self._saved[name] = _digest(document)
        if documents:
            _sync(self._directory)
        if "dynamodb" in documents:
            self._generation += 1
            self._log_bytes = 0
            self._drop_old_logs()

    def _append(self, records: bytes) -> None:
        _append(self._log_path(), records)
        self._log_bytes += len(records)

    def _log_path(self) -> Path:
        return self._directory / f"dynamodb.{self._generation}.log"

    def _drop_old_logs(self) -> None:
        for path in self._directory.glob("dynamodb.*.log"):
            if path != self._log_path():
                path.unlink()

    async def _recover(self) -> None:
        """Replay the redo log, and merge it into the file of DynamoDB."""
        saved = self._directory / "dynamodb.json"
        if saved.exists():
            self._generation = json.loads(saved.read_bytes()).get("generation", 0)
        records = _read_log(self._log_path()) if self._log_path().exists() else []
        for record in records:
            await self._redo(*record)
        if records:
            await asyncio.to_thread(self._write_documents, self._changed_documents(tables=True))

    async def _redo(self, account_id: str, region: str, target: str, body: str) -> None:
        responses.set_request_account_id(account_id)
        responses.set_request_region(region)
        await self._handle_dynamodb("POST", "/", {"x-amz-target": target}, body.encode(), {})

    async def _save_when_idle(self) -> None:
        seen = 0
        while True:
            await asyncio.sleep(IDLE_SAVE_SECONDS)
            if self._requests != seen:
                seen = self._requests
                # Stacks create tables without the handler.
                self._tables_changed |= "cloudformation" in ministack_app._loaded_modules
                await self._durable(save=True)

    async def close(self) -> None:
        """Save everything. No request may run any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.to_thread(self._write_documents, self._changed_documents(tables=True))


def check_saved_files(directory: Path) -> None:
    """Raise `UnreadableStateError` for a file that MiniStack would ignore and replace at its next save."""
    for path in sorted(directory.glob("*.json")):
        document = read_json(path)
        known = persistence._state_format_version(path.stem)
        if not isinstance(document, dict) or document.get("__ministack_format__", 0) > known:
            raise UnreadableStateError(
                f"{path} is not in a format that this version of MiniStack reads. Use the version that wrote it, or "
                "another state directory"
            )
    for path in directory.glob("dynamodb.*.log"):
        _read_log(path)


def _read_log(path: Path) -> list[list[str]]:
    """Return the records of a redo log. A crash can leave an incomplete last record, which was not acknowledged."""
    records = []
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            account_id, region, target, body = json.loads(line)
        except ValueError:
            raise UnreadableStateError(
                f"line {number} of {path} is damaged. Restore the file, or remove the line to lose only this write"
            ) from None
        records.append([account_id, region, target, body])
    return records


def changes(scope: Scope, body: bytes) -> bool:
    """Return whether a request may have changed something. Only known reads are excluded.

    DynamoDB's writes of items do not count, because they are logged where they take effect.
    """
    headers = {name.lower(): value for name, value in scope.get("headers", ())}
    action = _action(scope, headers, body)
    if action is None:
        return scope["method"] not in ("GET", "HEAD", "OPTIONS")
    if headers.get(b"x-amz-target", b"").startswith(b"DynamoDB_2012") and action in ITEM_WRITES:
        return False
    return action in CHANGING_GETS or not READS.match(action)


def _action(scope: Scope, headers: dict[bytes, bytes], body: bytes) -> str | None:
    """Return the operation, from the target header, the form or the path of RPC; None for REST protocols."""
    target = headers.get(b"x-amz-target", b"").decode("latin-1")
    if target:
        return target.rpartition(".")[2]
    rpc = re.search(r"/operation/(\w+)$", scope["path"])
    if rpc:
        return rpc[1]
    form = re.search(rb"(?:^|&)Action=(\w+)", scope.get("query_string", b"") + b"&" + body)
    return form[1].decode() if form else None


def _state(get_state: Callable[[], object]) -> object:
    """Return the state of a service. Retry, because services with threads can change it while it is copied."""
    for _i in range(10):
        try:
            return get_state()
        except RuntimeError:
            continue
    return get_state()


def _digest(document: bytes) -> bytes:
    return hashlib.blake2b(document, digest_size=16).digest()


def _keep_sessions() -> None:
    """Save the sessions of STS, so that temporary credentials survive a restart. MiniStack does not save them."""
    sts = ministack_app._get_module("sts")
    sts.get_state = lambda: {"sessions": dict(sts._sessions)}
    sts.load_persisted_state = lambda state: sts._sessions.update(state["sessions"])


def _replace(path: Path, document: bytes) -> None:
    temporary = path.with_suffix(".new")
    with temporary.open("wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _append(path: Path, records: bytes) -> None:
    new = not path.exists()
    with path.open("ab") as file:
        file.write(records)
        file.flush()
        os.fsync(file.fileno())
    if new:
        _sync(path.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

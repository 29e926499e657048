# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What MiniStack has acknowledged is on disk. Runs inside MiniStack's process, around its ASGI application.

MiniStack saves its state when it is stopped gracefully, each service to a JSON file. That is kept as the format, and
done earlier: the answer to a request that changed something waits until it is safe.

- Writes of items to DynamoDB (PutItem and its like) are appended to a redo log. Their effect follows from the state
  and the request alone, so that doing them again after a crash gives the same items.
- All other changes save the files of all services that changed. What MiniStack made up for them (ids, times, keys) is
  then in the file, and is never made up again.

Saving DynamoDB itself begins a new redo log. The file carries its number (`generation`), so a crash between the two
leaves a log that nobody reads. One writer does both, one batch at a time: answers that wait for the same batch share
one sync. What a service does on its own after it has answered (a state machine's steps, a stack's resources) is saved
within `IDLE_SAVE_SECONDS`.
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
# STS makes credentials: these begin like reads and are none.
CHANGING_GETS = frozenset({"GetSessionToken", "GetFederationToken"})
# A redo log that has grown past this is folded into DynamoDB's file.
LOG_BYTES = 4_000_000
IDLE_SAVE_SECONDS = 5.0


@dataclass
class Batch:
    """What the writer does next: records for the redo log, whether to save files, and who waits for it."""

    records: list[bytes] = field(default_factory=list)
    save: bool = False
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class DurableMiniStack:
    """MiniStack's ASGI application, whose answers to changes wait until these are on disk."""

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
                # From here on this class alone writes the files.
                ministack_app.PERSIST_STATE = False
                await self._recover()
                self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._save_when_idle())]
            await send(message)

        return forward

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = bytearray()

        async def receive_and_look() -> Message:
            message = await receive()
            if len(seen) < 4096:
                seen.extend(message.get("body", b"")[:4096])
            return message

        async def save_then_send(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400 and changes(scope, bytes(seen)):
                await self._durable(save=True)
            await send(message)

        self._requests += 1
        await self._application(scope, receive_and_look, save_then_send)

    async def _handle_and_log(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> tuple[int, Any, Any]:
        """DynamoDB's handler, in whose place this stands for callers inside MiniStack, too.

        The handler runs without giving way, and the record is queued before anything else runs: the log has the
        order in which the writes took effect.
        """
        answer = await self._handle_dynamodb(method, path, headers, body, query)
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action in ITEM_WRITES and answer[0] == 200:
            record = [responses.get_account_id(), responses.get_region(), headers["x-amz-target"], body.decode()]
            await self._durable(record=json.dumps(record).encode() + b"\n")
        elif not READS.match(action):
            self._tables_changed = True
        return answer

    async def _durable(self, record: bytes | None = None, save: bool = False) -> None:
        """Wait until the writer has done what is asked, with whatever else is in the same batch."""
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
                # Whoever waits must not be told that all is well.
                batch.done.set_exception(error)

    async def _write_batch(self, batch: Batch) -> None:
        """The state is copied without giving way, so it holds all writes whose records are in the batch."""
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
        """The files of the services whose state is not what was saved last; DynamoDB's only with `tables`."""
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
        """Do again what the redo log has and DynamoDB's file lacks, and make one file of both."""
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
                # Stacks make tables behind the handler's back.
                self._tables_changed |= "cloudformation" in ministack_app._loaded_modules
                await self._durable(save=True)

    async def close(self) -> None:
        """Save all; call it when no request runs any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.to_thread(self._write_documents, self._changed_documents(tables=True))


def check_saved_files(directory: Path) -> None:
    """Raise `UnreadableStateError` for a file that MiniStack would pass over, and replace at its next save."""
    for path in sorted(directory.glob("*.json")):
        document = read_json(path)
        known = persistence._state_format_version(path.stem)
        if not isinstance(document, dict) or document.get("__ministack_format__", 0) > known:
            raise UnreadableStateError(
                f"{path} is not in a format that this version of MiniStack reads: use the version that wrote it, or "
                "another state directory"
            )
    for path in directory.glob("dynamodb.*.log"):
        _read_log(path)


def _read_log(path: Path) -> list[list[str]]:
    """Return the records of a redo log. A crash can leave half a record at the end; it was not acknowledged."""
    records = []
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            account_id, region, target, body = json.loads(line)
        except ValueError:
            raise UnreadableStateError(
                f"line {number} of {path} is damaged: restore the file, or remove the line to do without that write"
            ) from None
        records.append([account_id, region, target, body])
    return records


def changes(scope: Scope, body: bytes) -> bool:
    """Whether a request may have changed something: what is not plainly a read may have.

    DynamoDB's item operations count as none here, for they are logged where they take effect.
    """
    headers = {name.lower(): value for name, value in scope.get("headers", ())}
    action = _action(scope, headers, body)
    if action is None:
        return scope["method"] not in ("GET", "HEAD", "OPTIONS")
    if headers.get(b"x-amz-target", b"").startswith(b"DynamoDB_2012") and action in ITEM_WRITES:
        return False
    return action in CHANGING_GETS or not READS.match(action)


def _action(scope: Scope, headers: dict[bytes, bytes], body: bytes) -> str | None:
    """The operation by the protocol's own sign: the target header, the form, or the path of RPC; None for REST."""
    target = headers.get(b"x-amz-target", b"").decode("latin-1")
    if target:
        return target.rpartition(".")[2]
    rpc = re.search(r"/operation/(\w+)$", scope["path"])
    if rpc:
        return rpc[1]
    form = re.search(rb"(?:^|&)Action=(\w+)", scope.get("query_string", b"") + b"&" + body)
    return form[1].decode() if form else None


def _state(get_state: Callable[[], object]) -> object:
    """A service's state; services that work in threads can change it while it is copied."""
    for _i in range(10):
        try:
            return get_state()
        except RuntimeError:
            continue
    return get_state()


def _digest(document: bytes) -> bytes:
    return hashlib.blake2b(document, digest_size=16).digest()


def _keep_sessions() -> None:
    """Give STS a state, so that temporary credentials live through a restart: MiniStack keeps none."""
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

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The store of REST APIs: read from memory, written to disk before a change is acknowledged.

The layout is plain JSON, one directory for each API::

    <directory>/<account>-<region>/<api id>/api.json              attributes, draft, stages, the deployments' attributes
    <directory>/<account>-<region>/<api id>/deployments/<id>.json the content of a deployment
    <directory>/<account>-<region>/account.json                   the settings of the account in the Region
    <directory>/<account>-<region>/resources/<kind>.json          its resources of one kind, such as API keys

A deployment's content never changes, so a change of the draft rewrites only `api.json`. Each file is written under a
temporary name, synced and renamed. `api.json` lists the deployments, so a file that it does not list belongs to an
interrupted change and is removed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .model import Content, Deployment, RestApi, Wire

FORMAT = 1


class UnreadableStateError(Exception):
    """A file of the state directory that this version cannot read."""


class Store:
    """The REST APIs in one directory, which is created if it does not exist."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._apis: dict[str, RestApi] = {}
        directory.mkdir(parents=True, exist_ok=True)
        self._accounts: dict[str, Wire] = {
            path.parent.name: read_json(path) for path in directory.glob("*/account.json")
        }
        self._resources: dict[tuple[str, str], dict[str, Wire]] = {
            (path.parent.parent.name, path.stem): _read_resources(path) for path in directory.glob("*/resources/*.json")
        }
        # Numbers in the order of creation; dates have only seconds.
        self._numbers: dict[str, int] = {}
        documents = [(path, _read_document(path)) for path in directory.glob("*/*/api.json")]
        for path, document in sorted(documents, key=_number):
            api = _rest_api(path, document)
            self._apis[api.id] = api
            self._numbers[api.id] = document["number"]

    def __contains__(self, api_id: str) -> bool:
        return api_id in self._apis

    def any_account(self, api_id: str) -> RestApi | None:
        """Return the API with this id, of any account: callers of an API name only its id."""
        return self._apis.get(api_id)

    def find(self, account_id: str, region: str, api_id: str) -> RestApi | None:
        api = self._apis.get(api_id)
        return api if api and (api.account_id, api.region) == (account_id, region) else None

    def of(self, account_id: str, region: str) -> Iterator[RestApi]:
        """Return the APIs of one account and Region, oldest first, in the same order after a restart."""
        return (api for api in self._apis.values() if (api.account_id, api.region) == (account_id, region))

    def save(self, api: RestApi) -> None:
        """Write a new or changed API to disk."""
        directory = self._directory_of(api)
        deployments = directory / "deployments"
        deployments.mkdir(parents=True, exist_ok=True)
        for deployment_id, deployment in api.deployments.items():
            path = deployments / f"{deployment_id}.json"
            if not path.exists():
                write_json(path, vars(deployment.content))
        number = self._numbers.setdefault(api.id, max(self._numbers.values(), default=0) + 1)
        write_json(directory / "api.json", {"number": number, **_document(api)})
        self._apis[api.id] = api
        for path in deployments.glob("*.json"):
            if path.stem not in api.deployments:
                path.unlink()

    def restore(self, api: RestApi) -> None:
        """Reload an API from disk, after a change that failed."""
        path = self._directory_of(api) / "api.json"
        if path.exists():
            self._apis[api.id] = _rest_api(path, _read_document(path))

    def remove(self, api: RestApi) -> None:
        """Remove an API from memory and disk."""
        directory = self._directory_of(api)
        (directory / "api.json").unlink()
        sync_directory(directory)
        shutil.rmtree(directory)
        del self._apis[api.id], self._numbers[api.id]

    def account(self, account_id: str, region: str) -> Wire:
        """Return the settings of an account in a Region; empty if none are saved."""
        return self._accounts.get(f"{account_id}-{region}", {})

    def save_account(self, account_id: str, region: str, settings: Wire) -> None:
        """Write the settings of an account in a Region to disk."""
        path = self._directory / f"{account_id}-{region}" / "account.json"
        path.parent.mkdir(exist_ok=True)
        write_json(path, settings)
        self._accounts[path.parent.name] = settings

    def resources(self, account_id: str, region: str, kind: str) -> dict[str, Wire]:
        """Return the resources of one kind of an account and Region by id, oldest first. Do not change them."""
        return self._resources.get((f"{account_id}-{region}", kind), {})

    def resources_of_all(self, kind: str) -> Iterator[tuple[str, str, dict[str, Wire]]]:
        """Return account, Region and resources of each account and Region that has resources of a kind."""
        for (place, name), resources in self._resources.items():
            if name == kind:
                account_id, _unused, region = place.partition("-")
                yield account_id, region, resources

    def save_resources(self, account_id: str, region: str, kind: str, resources: dict[str, Wire]) -> None:
        """Write all resources of one kind of an account and Region to disk."""
        path = self._directory / f"{account_id}-{region}" / "resources" / f"{kind}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, {"format": FORMAT, "resources": resources})
        self._resources[f"{account_id}-{region}", kind] = resources

    def _directory_of(self, api: RestApi) -> Path:
        return self._directory / f"{api.account_id}-{api.region}" / api.id


class StoreAsItWas(Store):
    """A store for reading: the APIs of one account and Region at an earlier time; all else is current."""

    def __init__(self, store: Store, apis: dict[str, RestApi]) -> None:  # pylint: disable=super-init-not-called
        self._apis = apis
        self._accounts = store._accounts
        self._resources = store._resources


def _number(item: tuple[Path, dict[str, Any]]) -> int:
    path, document = item
    if not isinstance(document.get("number"), int):
        raise _damaged(path, "it has no number")
    return int(document["number"])


def _document(api: RestApi) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "account_id": api.account_id,
        "region": api.region,
        "attributes": api.attributes,
        "draft": vars(api.draft),
        "deployments": {name: deployment.attributes for name, deployment in api.deployments.items()},
        "stages": api.stages,
    }


def _read_resources(path: Path) -> dict[str, Wire]:
    resources = _read_document(path).get("resources")
    if not isinstance(resources, dict):
        raise _damaged(path, "it has no resources")
    return resources


def _read_document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = read_json(path)
    if not isinstance(document, dict) or "format" not in document:
        raise _damaged(path, "it has no format")
    if document.get("format") != FORMAT:
        raise UnreadableStateError(
            f"{path} has format {document.get('format')!r}, this version reads format {FORMAT}: "
            "use the version that wrote it, or another state directory"
        )
    return document


def _rest_api(path: Path, document: dict[str, Any]) -> RestApi:
    try:
        return _build_api(path, document)
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None


def _build_api(path: Path, document: dict[str, Any]) -> RestApi:
    return RestApi(
        account_id=document["account_id"],
        region=document["region"],
        attributes=document["attributes"],
        draft=Content(**document["draft"]),
        deployments={
            name: Deployment(attributes, Content(**_read_content(path.parent / "deployments" / f"{name}.json")))
            for name, attributes in document["deployments"].items()
        },
        stages=document["stages"],
    )


def _read_content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_json(path)
    return content


def read_json(path: Path) -> Any:
    """Return the document in a file. Raises `UnreadableStateError` for one that is missing or damaged."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from None


def _damaged(path: Path, reason: str) -> UnreadableStateError:
    return UnreadableStateError(
        f"{path} is damaged ({reason}): restore it from a copy, or move it out of the state directory to go on without "
        "what it holds"
    )


def write_json(path: Path, document: object) -> None:
    """Replace a file by a document atomically: after a crash the file is the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        # json.dump would use the encoder that is written in Python, which is slow.
        file.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable (on systems where a directory can be opened)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

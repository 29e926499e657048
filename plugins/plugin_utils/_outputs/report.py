# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A deployment's outputs: the fact and the statistic for Ansible, and the files of the report."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import vtl_files

_TEMPLATES = "templates"
_JSON_FILES = ("openapi.json", "policy.json", "outputs.json")


def published(name: str, outputs: Mapping[str, Any], is_check: bool) -> dict[str, Any]:
    """Return the members of a task's result that make the outputs a fact and a statistic of this name.

    In check mode they are a fact alone, for the tasks that follow. AWX would hand the statistic to the next job, in
    which "(known after the run)" hides the true outputs.
    """
    data = {name: dict(outputs)}
    if is_check:
        return {"ansible_facts": data}
    return {"ansible_facts": data, "ansible_stats": {"data": data, "per_host": False, "aggregate": True}}


def why_not_writable(directory: Path) -> str:
    """Return why the files of a report cannot be written into a directory; empty if they can. It need not exist."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    if not existing.is_dir():
        return f"{existing} is not a directory"
    if not os.access(existing, os.W_OK | os.X_OK):
        return f"{existing} cannot be written"
    return ""


def write_warnings(report: Report, directory: Path, outputs: Mapping[str, Any]) -> list[str]:
    """Write the report. Return a warning instead of an error if that fails, because the deployment is live."""
    try:
        report.write(outputs)
    except OSError as error:
        return [
            f"The files about the deployment were not written into {directory}: {error}. The deployment is live. "
            "Name another directory (in the role `service_proxy_build_directory`) and run again to get them."
        ]
    return []


class Report:
    """The files about a deployment: its document, its policy, each of its mapping templates, its outputs.

    A thread prepares them at once: the outputs are known last, and the run waits for AWS until then. `definition` is
    the document or its JSON text.
    """

    def __init__(self, directory: Path, definition: Any, policy: Mapping[str, Any]) -> None:
        self._directory = directory
        one_thread = ThreadPoolExecutor(max_workers=1)
        self._prepared = one_thread.submit(_prepared, directory, definition, policy)
        one_thread.shutdown(wait=False)

    def write(self, outputs: Mapping[str, Any]) -> None:
        """Write the files that differ, and remove the templates of removed routes.

        The JSON files, which programs read, are replaced as a whole. The templates are not, because hundreds of renames
        take longer than a call to AWS; the next run writes a template that was interrupted again.
        """
        known, differing = self._prepared.result()
        stale = set(_templates_written(self._directory)) - known if "openapi.json" in differing else set()
        (self._directory / _TEMPLATES).mkdir(parents=True, exist_ok=True)
        for name in stale:
            (self._directory / name).unlink(missing_ok=True)
        for name, text in {**differing, **_differing(self._directory, {"outputs.json": outputs})}.items():
            path = self._directory / name
            if path.suffix == ".json":
                _write_whole(path, text)
            else:
                path.write_text(text, encoding="utf-8")


def remove_report(directory: Path) -> list[str]:
    """Remove the files that `Report.write` has written and the directories that are then empty; return the files.

    The document in the directory names the templates. Other files stay, and their directory too.
    """
    files = [*_JSON_FILES, *_templates_written(directory)]
    removed = [name for name in files if (directory / name).is_file()]
    for name in removed:
        (directory / name).unlink()
    for empty in (directory / _TEMPLATES, directory):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()
    return removed


def _templates_written(directory: Path) -> list[str]:
    """Return the template files of the document in the directory, relative to it; none without a document."""
    try:
        document = json.loads((directory / "openapi.json").read_text(encoding="utf-8"))
        return [f"{_TEMPLATES}/{name}" for name in vtl_files(document)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _prepared(directory: Path, definition: Any, policy: Mapping[str, Any]) -> tuple[Set[str], dict[str, str]]:
    """Return the names of all files but the outputs, relative to the directory, and the text of those that differ."""
    document = json.loads(definition) if isinstance(definition, str) else definition
    templates = {f"{_TEMPLATES}/{name}": text for name, text in vtl_files(document).items()}
    files = {"openapi.json": document, "policy.json": policy, **templates}
    return files.keys(), _differing(directory, files)


def _differing(directory: Path, files: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of the files whose content differs. A content is text, or data for a JSON file."""
    return {
        name: content if isinstance(content, str) else _as_json(content)
        for name, content in files.items()
        if not _holds(directory / name, content)
    }


def _holds(path: Path, content: Any) -> bool:
    """Return whether a file has this content. Parsing a JSON file is faster than writing its data as text."""
    try:
        there = path.read_text(encoding="utf-8")
        return bool((there if isinstance(content, str) else json.loads(there)) == content)
    except (FileNotFoundError, ValueError):
        return False


def _as_json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _write_whole(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(path)

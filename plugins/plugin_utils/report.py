# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A deployment's outputs: what Ansible is told of them, and the files of its report."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import vtl_files

_TEMPLATES = "templates"


def reported(
    directory: Path, name: str, outputs: Mapping[str, Any], definition: Any, policy: Mapping[str, Any], *, write: bool
) -> dict[str, Any]:
    """The members of a task's result that make the outputs a fact and a statistic of this name.

    The files are written where `write` says so. `definition` is the document or its JSON text.
    """
    if write:
        document = json.loads(definition) if isinstance(definition, str) else definition
        _write_files(directory, _report(outputs, document, policy))
    told = {name: dict(outputs)}
    return {"ansible_facts": told, "ansible_stats": {"data": told, "per_host": False, "aggregate": True}}


def _report(outputs: Mapping[str, Any], definition: Mapping[str, Any], policy: Mapping[str, Any]) -> dict[str, Any]:
    """The files of the report by path relative to its directory: of templates the text, of the others the data."""
    templates = {f"{_TEMPLATES}/{name}": text for name, text in vtl_files(definition).items()}
    return {"outputs.json": outputs, "openapi.json": definition, "policy.json": policy, **templates}


def _write_files(directory: Path, files: Mapping[str, Any]) -> None:
    """Write the files, and remove templates of routes that are no more.

    Each file appears whole or not at all; one that has its content already is not touched.
    """
    (directory / _TEMPLATES).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = directory / name
        if not _holds(path, content):
            _write(path, content if isinstance(content, str) else _as_json(content))
    for path in (directory / _TEMPLATES).glob("*.vtl"):
        if f"{_TEMPLATES}/{path.name}" not in files:
            path.unlink()


def _holds(path: Path, content: Any) -> bool:
    """Whether a file holds a text, or data: reading it is quicker than laying it out."""
    try:
        there = path.read_text(encoding="utf-8")
        return bool((there if isinstance(content, str) else json.loads(there)) == content)
    except (FileNotFoundError, ValueError):
        return False


def _as_json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(path)

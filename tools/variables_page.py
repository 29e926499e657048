# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Write docs/variables.md: all variables of the role and all options of the modules, from their documentation.

.venv/bin/python tools/variables_page.py
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/variables.md"

_HEAD = """\
# Variables and options
All variables of the role and all options of the modules, on one page. `tools/variables_page.py` writes it from
`meta/argument_specs.yml` of the role and the documentation of the modules; do not edit it by hand.

A variable whose name begins with `service_proxy_` and is not on this page is an error. The keys of tables and routes
are in [Tables and routes](routes.md).
"""


def page() -> str:
    """Return the text of the page."""
    return "\n".join([_HEAD, *_role(), *(line for path in _modules() for line in _module(path))]).rstrip() + "\n"


def _role() -> list[str]:
    text = (ROOT / "roles/service_proxy/meta/argument_specs.yml").read_text(encoding="utf-8")
    specs: Mapping[str, Any] = yaml.safe_load(text)["argument_specs"]
    variables = {name: option for spec in specs.values() for name, option in spec["options"].items()}
    steps = {name: [step for step, spec in specs.items() if name in spec["options"]] for name in variables}
    rows = [
        f"| `{name}` | {_type(variables[name])} | {_default(variables[name])} | {', '.join(steps[name])} "
        f"| {_short(variables[name])} |"
        for name in sorted(variables)
    ]
    return [
        "## Variables of the role service_proxy",
        "The steps are the entry points of the role (`tasks_from`); `main` deploys.",
        "",
        "| variable | type | default | steps | meaning |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
    ]


def _modules() -> list[Path]:
    return sorted(path for path in (ROOT / "plugins/modules").glob("*.py") if not path.stem.startswith("_"))


def _module(path: Path) -> list[str]:
    document = yaml.safe_load(_documentation(path))
    options: Mapping[str, Any] = document.get("options") or {}
    connection = any("amazon.aws" in fragment for fragment in document.get("extends_documentation_fragment") or ())
    rows = [
        f"| `{name}` | {_type(option)} | {_default(option)} | {_short(option)} |" for name, option in options.items()
    ]
    return [
        f"## Module {path.stem}",
        f"{_plain(document['short_description'])}."
        + (" Further options: those of the connection to AWS (`region`, `profile`, …)." if connection else ""),
        "",
        *(["| option | type | default | meaning |", "| --- | --- | --- | --- |", *rows, ""] if rows else []),
    ]


def _documentation(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "DOCUMENTATION"
        and isinstance(node.value, ast.Constant)
    ]
    return str(found[0])


def _type(option: Mapping[str, Any]) -> str:
    elements = option.get("elements")
    kind = f"list of {elements}" if elements else str(option.get("type", "str"))
    choices = option.get("choices")
    return f"{kind}: {', '.join(f'`{choice}`' for choice in choices)}" if choices else kind


def _default(option: Mapping[str, Any]) -> str:
    if option.get("required"):
        return "**required**"
    return (
        f"`{yaml.safe_dump(option['default'], default_flow_style=True).splitlines()[0]}`" if "default" in option else ""
    )


def _short(option: Mapping[str, Any]) -> str:
    """Return the first paragraph of the description, for a cell of a table."""
    description = option.get("description", "")
    first = description if isinstance(description, str) else next(iter(description), "")
    return _plain(first)


def _plain(text: str) -> str:
    """Return Ansible's markup as Markdown in one line."""
    joined = " ".join(text.split())
    code = re.sub(
        r"\b(?:C|V|O|RV|E|M|P)\(((?:[^()\\]|\\.|\([^()]*\))*)\)", lambda found: f"`{_name(found[1])}`", joined
    )
    return code.replace("|", r"\|")


def _name(inside: str) -> str:
    """Return what a reader sees of a reference: the last part of `collection.module#kind:name`."""
    return re.sub(r"^[\w.]+#\w+:", "", inside.replace("\\", "")).removesuffix("#role")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

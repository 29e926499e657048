# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is generated is what its sources make of it."""

from __future__ import annotations

import fnmatch
import importlib.util
from typing import Any

from playbooks import ROOT


def loaded(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_what_the_tarball_leaves_out_is_up_to_date() -> None:
    tool = loaded("build_ignore")
    text = (ROOT / "galaxy.yml").read_text(encoding="utf-8")
    assert text == tool.galaxy_file(), "run: .venv/bin/python tools/build_ignore.py"


def test_the_patterns_match_every_name_but_those_that_are_allowed() -> None:
    patterns = list(loaded("build_ignore").patterns(["docs", "doc-x.yml", "roles"]))

    def is_left_out(path: str) -> bool:
        return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)

    assert not any(map(is_left_out, ["docs", "docs/a.md", "doc-x.yml", "roles/x/y.yml"]))
    assert all(
        map(is_left_out, ["d", "doc", "docs2", "doc-x.yml~", "Docs", "role", "roles.bak", "x/docs", ".env", "é"])
    )


def test_the_page_of_variables_is_up_to_date() -> None:
    tool = loaded("variables_page")
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run: .venv/bin/python tools/variables_page.py"

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where compiled templates, which are code, are kept: in a directory of the user's own, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.errors import ErrorCollector
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.vtl.templates import Templates


def _render(tmp_path: Path) -> str:
    (tmp_path / "vtl").mkdir(exist_ok=True)
    (tmp_path / "vtl" / "a.j2").write_text("{{ x }}", "ascii")
    return Templates([tmp_path / "vtl"], ErrorCollector()).render("a.j2", {"x": "y"})


def test_the_cache_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert _render(tmp_path) == _render(tmp_path) == "y"
    kept = list((tmp_path / "cache").rglob("*"))
    assert [path.parent for path in kept if path.is_file()] == [tmp_path / "cache" / "codeless.apigateway" / "jinja"]
    assert not any(path.stat().st_mode & 0o022 for path in kept)


@pytest.mark.parametrize("place", ["", "codeless.apigateway", "codeless.apigateway/jinja"])
def test_no_code_is_taken_from_where_others_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    cache = tmp_path / "cache" / "codeless.apigateway" / "jinja"
    cache.mkdir(parents=True)
    (tmp_path / "cache" / place).chmod(0o777)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert _render(tmp_path) == "y"
    assert list(cache.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_no_code_is_taken_from_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache" / "codeless.apigateway" / "jinja"
    cache.mkdir(parents=True)
    os.chown(cache, 12345, -1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert _render(tmp_path) == "y"
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("environment", [{"XDG_CACHE_HOME": "relative"}, {"HOME": "/proc/none", "XDG_CACHE_HOME": ""}])
def test_without_a_cache_all_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _render(tmp_path) == "y"
    assert not (tmp_path / "relative").exists()


@pytest.mark.parametrize("content", [b"", b"j2", b"j2\x05\x00\x00\x00", b"\xff" * 100])
def test_a_damaged_entry_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    _render(tmp_path)
    (entry,) = (path for path in (tmp_path / "cache").rglob("*") if path.is_file())
    entry.write_bytes(entry.read_bytes()[:15] + content)
    assert _render(tmp_path) == "y"

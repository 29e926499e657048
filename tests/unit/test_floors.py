# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rooms of the house stand on floors: a file imports from its own room and from rooms below, and nothing circular.

`docs/design.md` and the README of `local-apigateway` describe the rooms. Imports for type checking and imports within
functions count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_COLLECTION = "ansible_collections.codeless.apigateway"
_SOURCES = {
    ROOT / "plugins": f"{_COLLECTION}.plugins",
    ROOT / "packages/local-apigateway/src/local_apigateway": "local_apigateway",
}

FLOORS: Mapping[str, list[list[str]]] = {
    "plugins": [
        ["module_utils"],
        ["doc_fragments", "modules"],
        ["plugin_utils"],
        ["action", "filter", "lookup"],
    ],
    "plugins.module_utils": [
        ["_engine"],
        ["_account", "_dynamodb", "_execution_role", "_rest_api"],
        ["_expectations", "_route", "_stage"],
        ["_service_proxy"],
    ],
    "plugins.plugin_utils": [["compiler"], ["_outputs", "_playbook"], ["_in_process"]],
    "plugins.plugin_utils.compiler": [["spec"], ["actions", "vtl"], ["routes"], ["output"], ["compile"]],
    "local_apigateway": [
        ["caller", "long_work", "model", "partitions", "private_files", "server_log", "settings", "testing"],
        ["running_servers", "store", "velocity"],
        ["control_plane", "gateway", "services"],
        ["server", "templates"],
        ["daemon"],
        ["__main__", "pytest_plugin"],
    ],
    "local_apigateway.gateway": [
        ["dialect", "errors", "messages"],
        ["trace"],
        ["invocation"],
        ["request"],
        ["integration"],
        ["admission", "compression", "response"],
        ["served_api"],
        ["phases", "test_invoke"],
        ["gateway"],
    ],
}
"""The rooms of each folder, lowest floor first. Rooms of one floor do not import each other."""


def modules() -> dict[str, Path]:
    """Return each file of the collection's plugins and of the package by its dotted name."""
    found = {}
    for directory, package in _SOURCES.items():
        for path in sorted(directory.rglob("*.py")):
            parts = path.relative_to(directory).with_suffix("").parts
            found[".".join([package, *parts]).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports(name: str) -> Iterator[str]:
    """Yield the names of our own modules that a module imports."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield from (found for found in (f"{base}.{alias.name}", base) if found in MODULES)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


GRAPH = {name: {imported for imported in imports(name) if imported != name} for name in MODULES}


@pytest.mark.parametrize("folder", FLOORS)
def test_a_file_imports_from_its_room_and_from_the_floors_below(folder: str) -> None:
    prefix = f"{folder}." if folder.startswith("local_apigateway") else f"{_COLLECTION}.{folder}."
    floor_of = {room: floor for floor, rooms in enumerate(FLOORS[folder]) for room in rooms}
    wrong = []
    for importing, imported_modules in GRAPH.items():
        for imported in imported_modules:
            if not (importing.startswith(prefix) and imported.startswith(prefix)):
                continue
            room, other = (name.removeprefix(prefix).split(".")[0] for name in (importing, imported))
            if room != other and floor_of[room] <= floor_of[other]:
                wrong.append(f"{importing.removeprefix(prefix)} imports {imported.removeprefix(prefix)}")
    assert wrong == []


def test_the_table_names_every_room() -> None:
    for folder, floors in FLOORS.items():
        above = "packages/local-apigateway/src" if folder.startswith("local_apigateway") else ""
        directory = ROOT / above / folder.replace(".", "/")
        rooms = {path.stem for path in directory.iterdir() if path.suffix == ".py" or any(path.rglob("*.py"))}
        assert rooms - {"__init__"} == {room for rooms_of_floor in floors for room in rooms_of_floor}


def test_the_package_imports_nothing_of_the_collection() -> None:
    for name, imported in GRAPH.items():
        assert not (name.startswith("local_apigateway") and any(one.startswith(_COLLECTION) for one in imported))
    for name, path in MODULES.items():
        assert not (name.startswith("local_apigateway") and "ansible_collections" in path.read_text(encoding="utf-8"))


def test_the_tests_of_the_package_import_nothing_of_the_collection() -> None:
    """Both directories of tests are on Python's path, so that an import of the collection's tests would work here."""
    tests, collection_tests = ROOT / "packages/local-apigateway/tests", ROOT / "tests"
    wrong = []
    for path in sorted(tests.rglob("*.py")):
        for name in imported_names(path):
            file = Path(*name.split(".")).with_suffix(".py")
            is_of_the_collection = (collection_tests / file).exists() and not (tests / file).exists()
            if name.split(".")[0] in ("ansible", "ansible_collections") or is_of_the_collection:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def imported_names(path: Path) -> Iterator[str]:
    """Yield the names of the modules that a file may import, relative imports left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_import_is_circular() -> None:
    """A package's `__init__` gathers names of its modules, and does not count as imported with each of them."""
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    graph = {
        name: {one for one in imported if not (one in packages and name.startswith(f"{one}."))}
        for name, imported in GRAPH.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(error.args[1]))

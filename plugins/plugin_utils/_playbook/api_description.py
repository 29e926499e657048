# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The source of an API's description for the playbooks of the collection.

The sources are the file that `api` names, the command line (`-e`), and everything else that sets variables of a host
(inventory, group_vars, host_vars, an earlier play). Exactly one of them must describe the API: a mixture of two would
be an API that nobody wrote.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.role_variables import (
    PREFIX,
    describe_misspelled,
    describe_unknown,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.variable_sources import (
    COMMAND_LINE,
    shortened,
    source_of,
    sources_of,
)

DESCRIBING = tuple(f"{PREFIX}{name}" for name in ("name", "tables", "routes", "items"))
"""The variables that describe an API. The others are settings, which any source may set."""

PLAYBOOK_VARIABLES = frozenset(
    {"api", "at_once", "attempts", "aws_profile", "aws_region", "confirm", "deployment", "destroy_items"}
    | {"destroy_tables", "from", "full", "percent", "port", "region", "stage", "state", "state_dir", "targets", "to"}
)
"""The variables that the playbooks of the collection and of its patterns read from `-e`."""

NO_VARIABLES = os.devnull
"""An empty file of variables."""

_OF_OTHERS = ("ansible_", "awx_", "tower_", "codeless_apigateway_", PREFIX)
"""The beginnings of names that belong to others, and so are no misspelling of a playbook's variable."""

_ALIKE = 0.82
"""The similarity from which on a name counts as a misspelling of another one, from 0 to 1.

`target` and `targets` have 0.92, `stge` and `stage` 0.89; `state` and `stage`, which both exist, have 0.8.
"""


class DescriptionError(Exception):
    """There is no description of an API, or more than one."""


@dataclass(frozen=True)
class Given:
    """The variables of one host.

    `variables` are all variables of the play, `of_host` those that others than the play set, `extra` those of `-e`.
    """

    host: str
    variables: Mapping[str, Any]
    of_host: Mapping[str, Any]
    extra: Mapping[str, Any]
    inventory: Sequence[str]

    def describing(self) -> dict[str, Any]:
        """Return the variables that describe an API. An empty variable of the play is a default of the role."""
        play = {name: self.variables[name] for name in DESCRIBING if self.variables.get(name)}
        host = {name: self.of_host[name] for name in DESCRIBING if name in self.of_host}
        return {**play, **host}


def find_description(given: Given, api: str, example: str) -> str:
    """Return the path of the file that describes the API; `NO_VARIABLES` where variables do.

    `api` is the file that the user names, `example` the file to use if nothing describes an API; both can be empty.
    Raises `DescriptionError`.
    """
    _refuse_misspelled(given)
    described = given.describing()
    if api:
        path = _existing(api)
        if described:
            raise DescriptionError(_two_sources(f"api={shortened(path)}", described))
        return path
    if described:
        _refuse_mixture(given, described)
        return NO_VARIABLES
    if not example:
        raise DescriptionError(_nothing_describes(given))
    _refuse_example(given)
    return _existing(example)


def _existing(api: str) -> str:
    path = Path(api).expanduser().absolute()
    if not path.is_file():
        kind = "is a directory" if path.is_dir() else "does not exist"
        raise DescriptionError(
            f"api={api}: the file {path} {kind}. A relative path starts at the working directory, {Path.cwd()}. "
            "Write the path of a YAML file with service_proxy_name, service_proxy_tables and service_proxy_routes."
        )
    return str(path)


def _refuse_misspelled(given: Given) -> None:
    """Raise an error for a variable of `-e` whose name is similar to that of a playbook's variable.

    The names in a file of `-e @file` are not compared, because the file may serve other playbooks too.
    """
    typed = [name for name in _unknown_extra(given) if source_of(given.extra[name]) in ("", COMMAND_LINE)]
    alike = [name for name in typed if difflib.get_close_matches(name, PLAYBOOK_VARIABLES, n=1, cutoff=_ALIKE)]
    if alike:
        raise DescriptionError(
            "\n".join(
                [
                    "-e sets variables that this playbook does not have:",
                    *(f"- {line}" for line in _described(given, alike)),
                    "Correct the name, or choose a less similar one if the variable is yours.",
                ]
            )
        )


def _refuse_mixture(given: Given, described: Mapping[str, Any]) -> None:
    by_user = {name: value for name, value in described.items() if name in given.extra}
    others = {name: value for name, value in described.items() if name not in given.extra}
    if by_user and others:
        raise DescriptionError(_two_sources(f"-e ({', '.join(by_user)})", others))


def _two_sources(first: str, others: Mapping[str, Any]) -> str:
    where = " and ".join(sources_of(others, others)) or "other variables"
    return (
        f"Two sources describe an API: {first}, and {where} ({', '.join(others)}). "
        "Use one of them: remove the other, or name hosts to which the other does not apply (-e targets=…)."
    )


def _nothing_describes(given: Given) -> str:
    lines = [
        f"Nothing describes an API for the host {given.host}. Name a file with -e api=path/to/api.yml, or set "
        "service_proxy_name, service_proxy_tables and service_proxy_routes in the inventory or with -e @file.yml.",
        *(f"- {line}" for line in _unknown(given)),
    ]
    if given.inventory and given.host not in given.inventory:
        lines.append(f"The inventory has {_some(given.inventory)}; name those that are meant with -e targets=PATTERN.")
    return "\n".join(lines)


def _refuse_example(given: Given) -> None:
    """Raise an error unless the run has no inventory and no unknown variables, like the first run of the README."""
    reasons = _unknown(given)
    if given.inventory:
        reasons.insert(0, f"there is an inventory, with {_some(given.inventory)}")
    if reasons:
        raise DescriptionError(
            "\n".join(
                [
                    f"Nothing describes an API for the host {given.host}, and the example is not used in its place:",
                    *(f"- {reason}" for reason in reasons),
                    "Name a file with -e api=path/to/api.yml, or the hosts that have a description with -e targets=…",
                ]
            )
        )


def _unknown(given: Given) -> list[str]:
    """Return a line for each unknown variable: one of them may be a misspelled part of the description."""
    return [*describe_unknown(given.variables), *_described(given, _unknown_extra(given))]


def _described(given: Given, names: Iterable[str]) -> list[str]:
    return [describe_misspelled(name, given.extra[name], PLAYBOOK_VARIABLES) for name in names]


def _unknown_extra(given: Given) -> list[str]:
    """Return the names that `-e` sets and that are neither the playbooks' nor the role's nor Ansible's."""
    return [name for name in given.extra if name not in PLAYBOOK_VARIABLES and not name.startswith(_OF_OTHERS)]


def _some(hosts: Iterable[str]) -> str:
    listed = list(hosts)
    return ", ".join(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")

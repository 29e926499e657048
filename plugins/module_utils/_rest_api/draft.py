# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read REST APIs and their drafts from AWS.

`GetResources` with `embed=methods` returns methods, integrations and templates of up to 500 resources in one call, so
one read returns an API of any size that API Gateway allows (300 resources). Further parts are read where they are
declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._engine.client import Aws
from .._engine.errors import AwsError
from .state import Plain

_PAGE = 500
"""Entries in a page of a list call, the most that API Gateway returns."""


DRAFT_WAS_BEHIND = "draft_was_behind"
"""Given by a plan where reads did not show its import at once: a deployment may be of the draft before the import."""


@dataclass(frozen=True)
class Draft:
    """The draft of an API as API Gateway returns it. A part that was not read is empty."""

    api: Plain
    resources: List[Plain]
    models: List[Plain] = field(default_factory=list)
    request_validators: List[Plain] = field(default_factory=list)
    gateway_responses: List[Plain] = field(default_factory=list)
    authorizers: List[Plain] = field(default_factory=list)
    documentation_parts: List[Plain] = field(default_factory=list)

    @property
    def authorizer_names(self) -> Dict[str, str]:
        """The names of the authorizers by their ids."""
        return {entry["id"]: entry["name"] for entry in self.authorizers}

    @property
    def validator_names(self) -> Dict[str, str]:
        """The names of the request validators by their ids. A validator without a name has its id as the name."""
        return {entry["id"]: str(entry.get("name") or entry["id"]) for entry in self.request_validators}


_PARTS = {
    "models": "GetModels",
    "request_validators": "GetRequestValidators",
    "gateway_responses": "GetGatewayResponses",
    "authorizers": "GetAuthorizers",
}


def read_list(aws: Aws, operation: str, params: Mapping[str, Any]) -> List[Plain]:
    """Return all entries of a list call of API Gateway, page by page."""
    found: List[Plain] = []
    position: Optional[str] = None
    while True:
        page = {"limit": _PAGE, **params, **({"position": position} if position else {})}
        answer = aws.call("apigateway", operation, page)
        found += answer.get("items", [])
        position = answer.get("position")
        if not position:
            return found


def find_api(aws: Aws, name: Optional[str], api_id: Optional[str]) -> Optional[Plain]:
    """Return the API with this id or else the only one with this name, as GetRestApis has it; None if there is none.

    Raises `AwsError` where several APIs have the name.
    """
    if api_id:
        return aws.find("apigateway", "GetRestApi", {"restApiId": api_id}, absent="NotFoundException")
    found = named_apis(aws, name)
    if len(found) > 1:
        ids = ", ".join(sorted(api["id"] for api in found))
        raise AwsError(
            f'REST API "{name}": {len(found)} APIs in {aws.region()} have this name ({ids}). '
            "Choose one with the option `api_id` (in the role service_proxy: `service_proxy_api_id`), or delete the "
            "others."
        )
    return found[0] if found else None


def named_apis(aws: Aws, name: Optional[str]) -> List[Plain]:
    """Return all APIs with a name, as GetRestApis has them."""
    return [api for api in read_list(aws, "GetRestApis", {}) if api["name"] == name]


def api_ids_by_age(apis: Sequence[Plain]) -> List[str]:
    """Return the ids of APIs, the oldest first. Times of creation are seconds, so the id decides between equal ones."""
    return [api["id"] for api in sorted(apis, key=lambda api: (api["createdDate"], api["id"]))]


def read_draft(aws: Aws, api: Plain, parts: Mapping[str, bool]) -> Draft:
    """Return the draft of an API, which GetRestApis returned as `api`. `parts` names what else is to be read."""
    calls: Dict[str, Mapping[str, Any]] = {"GetResources": {"embed": ["methods"]}}
    calls.update({_PARTS[name]: {} for name in _PARTS if parts.get(name)})
    read = _read_side_by_side(aws, api["id"], calls)
    return Draft(api, read["GetResources"], **{name: read[_PARTS[name]] for name in _PARTS if parts.get(name)})


def with_parts(aws: Aws, draft: Draft, parts: Sequence[str]) -> Draft:
    """Return the draft with these parts, which are read now."""
    read = _read_side_by_side(aws, draft.api["id"], {_PARTS[name]: {} for name in parts})
    members: Dict[str, Any] = {name: read[_PARTS[name]] for name in parts}
    return replace(draft, **members)


def with_everything(aws: Aws, draft: Draft) -> Draft:
    """Return the draft with every part that an import in the mode `overwrite` replaces."""
    operations = {**_PARTS, "documentation_parts": "GetDocumentationParts"}
    read = _read_side_by_side(aws, draft.api["id"], {operation: {} for operation in operations.values()})
    members: Dict[str, Any] = {name: read[operation] for name, operation in operations.items()}
    return replace(draft, **members)


def _read_side_by_side(aws: Aws, api_id: str, calls: Mapping[str, Mapping[str, Any]]) -> Dict[str, List[Plain]]:
    """Make list calls at once, and return their entries by operation. `calls` has parameters beside the API's id."""
    reads = {
        operation: partial(read_list, operation=operation, params={"restApiId": api_id, **params})
        for operation, params in calls.items()
    }
    aws.read_ahead(*reads.values())
    return {operation: read(aws) for operation, read in reads.items()}


def read_whole_draft(aws: Aws, api: Plain) -> Draft:
    """Return the draft of an API with all parts that a deployment holds."""
    return read_draft(aws, api, dict.fromkeys(_PARTS, True))

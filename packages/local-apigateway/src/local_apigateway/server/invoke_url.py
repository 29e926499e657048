# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The URLs of the stages of APIs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BY_PATH = re.compile(r"(?P<prefix>/restapis/(?P<api>[^/]+)/(?P<stage>[^/]+)/_user_request_)(?P<path>/.*)?", re.DOTALL)
_BY_HOST = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?:[\w.-]+\.)?localhost(?::\d+)?", re.IGNORECASE)
_STAGE_PATH = re.compile(r"(?P<prefix>/(?P<stage>[^/]+))(?P<path>/.*)?", re.DOTALL)


_AUTHORITY = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


def origin_form(target: str) -> str:
    """Return the target of a request as a path with its query. Proxies and some clients send a whole URL.

    "A server MUST accept the absolute-form in requests" (RFC 9112, 3.2.2).
    """
    rest = _AUTHORITY.sub("", target, count=1)
    return rest if rest.startswith("/") else f"/{rest}"


@dataclass(frozen=True)
class StageUrl:
    """An API and a stage, and the path below it: percent-encoded, with a leading slash."""

    api_id: str
    stage: str
    prefix: str
    path: str

    def local_location(self, location: str) -> str:
        """Return a Location header that leads to the same stage from this URL.

        A template builds it from `$context.path`, which begins with `/{stage}` as on AWS. Below `/restapis/` such a
        path would leave the API, so it gets the prefix of this URL, as a reverse proxy does it.
        """
        stage = f"/{self.stage}"
        is_of_stage = location == stage or location.startswith((f"{stage}/", f"{stage}?"))
        return self.prefix + location.removeprefix(stage) if is_of_stage else location


def parse_invoke_url(host: str, path: str) -> StageUrl | None:
    """Return the stage that a request invokes, by its path or by its host; None for a request that invokes no API.

    A request to the host of an API without a stage gets the stage "", which cannot exist.
    """
    by_path = _BY_PATH.fullmatch(path)
    if by_path:
        return StageUrl(by_path["api"], by_path["stage"], by_path["prefix"], by_path["path"] or "/")
    by_host = _BY_HOST.fullmatch(host)
    if by_host is None:
        return None
    stage = _STAGE_PATH.fullmatch(path)
    if stage is None:
        return StageUrl(by_host["api"].lower(), "", "", "/")
    return StageUrl(by_host["api"].lower(), stage["stage"], stage["prefix"], stage["path"] or "/")

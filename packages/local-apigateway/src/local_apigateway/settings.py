# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings of a local AWS: what it allows web pages, host names and functions. By default it allows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Settings:
    """The options of one local AWS. Build it with `Settings.of`, which validates them."""

    allow_origins: tuple[str, ...] = ()
    """Origins of web pages that can use all services, such as `http://localhost:3000`."""
    allow_hosts: tuple[str, ...] = ()
    """Host names that requests can use, besides those of the loopback interface."""
    functions: bool = False
    """Whether MiniStack can start processes and containers: Lambda functions, Glue jobs and the like."""
    ministack_endpoints: bool = False
    """Whether clients can use MiniStack's own endpoints, below `/_ministack/`."""

    @classmethod
    def of(
        cls,
        allow_origins: Iterable[str] = (),
        allow_hosts: Iterable[str] = (),
        functions: bool = False,
        ministack_endpoints: bool = False,
    ) -> Settings:
        """Validate and normalize the settings. Raises `ValueError` that lists all errors."""
        origins = {text: origin_of(text) for text in allow_origins}
        hosts = {text: text.lower() for text in allow_hosts}
        errors = [
            f"allow_origins: {text!r} is not the origin of a web page. "
            "Write scheme, host and port, such as http://localhost:3000"
            for text, origin in origins.items()
            if origin is None or urlsplit(text).path.strip("/") or "?" in text or "#" in text
        ]
        errors += [
            f"allow_hosts: {text!r} is not a host name. Write a name without scheme and port, such as aws.example.com"
            for text, host in hosts.items()
            if not _HOST_NAME.fullmatch(host)
        ]
        if errors:
            raise ValueError("; ".join(errors))
        allowed = tuple(sorted({origin for origin in origins.values() if origin}))
        return cls(allowed, tuple(sorted(set(hosts.values()))), functions, ministack_endpoints)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Settings:
        """Read settings from the JSON of `document`."""
        return cls.of(**document)

    def document(self) -> dict[str, Any]:
        """Return the settings as JSON."""
        return {
            "allow_origins": list(self.allow_origins),
            "allow_hosts": list(self.allow_hosts),
            "functions": self.functions,
            "ministack_endpoints": self.ministack_endpoints,
        }

    def arguments(self) -> list[str]:
        """Return the settings as options of the command `local-apigateway start`."""
        return [
            *(argument for origin in self.allow_origins for argument in ("--allow-origin", origin)),
            *(argument for host in self.allow_hosts for argument in ("--allow-host", host)),
            *(["--functions"] if self.functions else []),
            *(["--ministack-endpoints"] if self.ministack_endpoints else []),
        ]


CLOSED = Settings()


def origin_of(url: str) -> str | None:
    """Return the origin of a URL, as browsers send it in `Origin`; None for text without an origin, such as `null`."""
    try:
        parts = urlsplit(url.strip().lower())
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme or not parts.hostname or "@" in parts.netloc or "*" in parts.netloc:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{port}")

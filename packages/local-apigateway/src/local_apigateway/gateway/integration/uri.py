# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Integration URIs: `{path}` placeholders and `${stageVariables.name}`, split once and filled per request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

_PLACEHOLDER = re.compile(r"\$\{stageVariables\.(?P<variable>[A-Za-z0-9_]+)\}|\{(?P<parameter>[^{}$]+)\}")

_UNESCAPED = "/:@!$&'()*+,;=~%"
"""Characters that a path may have without an escape (RFC 3986: pchar, and the slash of greedy parameters)."""

_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
"""A percent sign that encodes nothing."""


class UriTemplate:
    """A URI, or an ARN, with placeholders."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._is_constant = not _PLACEHOLDER.search(text)

    def fill(self, path: Mapping[str, str], stage_variables: Mapping[str, str]) -> str:
        """Return the text with its placeholders replaced.

        A stage variable without a value is an empty string; a path parameter without a mapping stays as it is. Path
        parameters arrive percent-encoded, so their escapes are kept and only other characters are encoded.
        """
        if self._is_constant:
            return self._text
        return _PLACEHOLDER.sub(lambda found: _value(found, path, stage_variables), self._text)


def _value(found: re.Match[str], path: Mapping[str, str], stage_variables: Mapping[str, str]) -> str:
    variable = found["variable"]
    if variable is not None:
        return stage_variables.get(variable, "")
    value = path.get(found["parameter"])
    return found[0] if value is None else quote(_PERCENT.sub("%25", value), safe=_UNESCAPED, errors="replace")

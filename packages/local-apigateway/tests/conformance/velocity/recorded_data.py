# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the recorded templates are, and how one is rendered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local_apigateway.gateway.integration.template_variables import MappingInput, Rendered, render_mapping
from local_apigateway.gateway.messages import Params
from local_apigateway.velocity import Limits, parse

DATA = Path(__file__).parents[6] / "shared" / "vtl"
ABSENT = f"the recorded templates are not there ({DATA})"


def load(name: str) -> list[dict[str, Any]]:
    """The cases of a recorded file; none where it is absent."""
    path = DATA / name
    return json.loads(path.read_text()) if path.exists() else []


def render(
    template: str,
    body: str,
    params: Mapping[str, Mapping[str, str]] | None = None,
    context: dict[str, Any] | None = None,
    stage_variables: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Rendered:
    """Render a template with the variables that a recording describes. `context` is changed, as a template does."""
    names = {"path": {}, "querystring": {}, "header": {}, **(params or {})}
    source = MappingInput(body, Params(**names), {} if context is None else context, stage_variables or {})
    return render_mapping(parse(template), source, limits or Limits())

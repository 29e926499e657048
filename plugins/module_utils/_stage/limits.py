# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A limit of AWS that a plan of a stage must keep: the length of the description."""

from __future__ import annotations

from typing import Iterator, List, Sequence, Union

from .._engine.plan import Action, Ref, Step
from .steps import patches_of, stage_steps

_DESCRIPTION_LENGTH = 1024
"""The limit of an HTTP API's stage (model of apigatewayv2). AWS documents none for the stage of a REST API."""

_SAMPLE_ID = "a1b2c3"
"""A text with the length of a deployment's id."""


def plan_errors(plan: Sequence[Action]) -> List[str]:
    """Return what AWS would reject."""
    return [
        f"its description would have {length:,} characters with the record of the kept deployments, and AWS allows "
        f"{_DESCRIPTION_LENGTH:,}. Shorten the text of the description (`stage_description`) by "
        f"{length - _DESCRIPTION_LENGTH}, or keep fewer deployments (`keep_deployments`)."
        for length in map(_length, _descriptions(stage_steps(plan)))
        if length > _DESCRIPTION_LENGTH
    ]


def _descriptions(writing: Sequence[Step]) -> Iterator[Union[str, Ref]]:
    for step in writing:
        if "description" in step.params:
            yield step.params["description"]
    for patch in patches_of(writing):
        if patch["path"] == "/description" and "value" in patch:
            yield patch["value"]


def _length(description: Union[str, Ref]) -> int:
    return len(description.text.format(_SAMPLE_ID) if isinstance(description, Ref) else description)

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags: what to add and what to take away, in the terms of amazon.aws."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags

from .plan import Action, Ref, Step


def tag_changes(
    want: Optional[Mapping[str, str]], have: Mapping[str, str], purge: bool
) -> Tuple[Dict[str, str], List[str]]:
    """The tags to set and the keys to remove. Tags that are not declared at all (None) are not managed."""
    if want is None:
        return {}, []
    to_set, to_remove = compare_aws_tags(dict(have), {key: str(value) for key, value in want.items()}, purge)
    return dict(sorted(to_set.items())), sorted(to_remove)


def tags_after(want: Optional[Mapping[str, str]], have: Mapping[str, str], purge: bool) -> Dict[str, str]:
    """The tags that a resource has once the changes are made."""
    to_set, to_remove = tag_changes(want, have, purge)
    return {**{key: value for key, value in have.items() if key not in to_remove}, **to_set}


def api_gateway_tag_steps(params: Mapping[str, Any], have: Mapping[str, str], arn: Union[str, Ref]) -> List[Action]:
    """The steps for the options `tags` and `purge_tags` of something in API Gateway."""
    to_set, to_remove = tag_changes(params.get("tags"), have, params["purge_tags"])
    steps: List[Action] = []
    if to_remove:
        steps.append(Step("apigateway", "UntagResource", {"resourceArn": arn, "tagKeys": to_remove}))
    if to_set:
        steps.append(Step("apigateway", "TagResource", {"resourceArn": arn, "tags": to_set}))
    return steps

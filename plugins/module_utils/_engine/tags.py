# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tags to set and to remove on a resource."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags

from .plan import Action, Ref, Step


def tag_changes(
    desired: Optional[Mapping[str, str]], current: Mapping[str, str], purge: bool
) -> Tuple[Dict[str, str], List[str]]:
    """Return the tags to set and the keys to remove; none if no tags are declared (None)."""
    if desired is None:
        return {}, []
    to_set, to_remove = compare_aws_tags(dict(current), {key: str(value) for key, value in desired.items()}, purge)
    return dict(sorted(to_set.items())), sorted(to_remove)


def tags_after(desired: Optional[Mapping[str, str]], current: Mapping[str, str], purge: bool) -> Dict[str, str]:
    """Return the tags of a resource after the changes."""
    to_set, to_remove = tag_changes(desired, current, purge)
    return {**{key: value for key, value in current.items() if key not in to_remove}, **to_set}


def api_gateway_tag_steps(params: Mapping[str, Any], current: Mapping[str, str], arn: Union[str, Ref]) -> List[Action]:
    """Return the steps for the options `tags` and `purge_tags` of a resource of API Gateway."""
    to_set, to_remove = tag_changes(params.get("tags"), current, params["purge_tags"])
    steps: List[Action] = []
    if to_remove:
        steps.append(Step("apigateway", "UntagResource", {"resourceArn": arn, "tagKeys": to_remove}))
    if to_set:
        steps.append(Step("apigateway", "TagResource", {"resourceArn": arn, "tags": to_set}))
    return steps

# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of all modules that set tags. Unlike those of amazon.aws, they remove nothing by default."""

from __future__ import annotations


class ModuleDocFragment:
    """The options, as ansible-doc shows them."""

    DOCUMENTATION = r"""
options:
  tags:
    description:
      - The tags of the resource. By default tags are not changed.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description:
      - Whether to remove tags that are not in O(tags). It has no effect without O(tags).
      - The tag C(codeless.apigateway), which marks what this collection created, is never removed. Neither are tags
        whose keys begin with C(aws:), which AWS reserves.
    type: bool
    default: false
"""

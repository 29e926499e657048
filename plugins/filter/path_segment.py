# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter path_segment: a name as the name of one directory."""

from __future__ import annotations

from typing import Any, Callable, Dict

from ansible_collections.codeless.apigateway.plugins.plugin_utils._outputs.path_segment import path_segment

DOCUMENTATION = r"""
name: path_segment
version_added: 0.1.0
short_description: Turn a name into the name of one directory
description:
  - Returns a name that is safe as one directory of a path. Most names are returned unchanged.
  - A name with a slash, with a leading dot, or with more than 100 characters becomes a similar name that ends in a
    digest, so it cannot lead out of its parent directory.
options:
  _input:
    description: The name.
    type: str
    required: true
author:
  - The codeless.apigateway maintainers (@codeless)
"""

EXAMPLES = r"""
- name: Show the directory of a report
  ansible.builtin.debug:
    msg: "build/{{ 'Orders / v1' | codeless.apigateway.path_segment }}/prod"
"""

RETURN = r"""
_value:
  description: The name of the directory.
  type: str
  sample: Orders-v1-1c1f4a2e
"""


class FilterModule:
    """The filters of this file."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"path_segment": lambda name: path_segment(str(name))}

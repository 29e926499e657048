# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option of all modules that can adopt a resource which this collection did not create."""

from __future__ import annotations


class ModuleDocFragment:
    """The option, as ansible-doc shows it."""

    DOCUMENTATION = r"""
options:
  adopt:
    description:
      - Whether to change an existing resource that this collection did not create, or created before it marked its
        resources.
      - With V(false), such a resource is used as it is if it needs no change. If it needs one, the task fails before
        the first change, and lists what it would change and remove.
      - With V(true), the resource is changed, and marked with the tag C(codeless.apigateway), so that later runs need
        no O(adopt). Run with C(--check --diff) first to see everything that is changed and removed.
      - C(docs/never-touched.md) lists what is never changed or removed, with and without this option.
    type: bool
    default: false
"""
